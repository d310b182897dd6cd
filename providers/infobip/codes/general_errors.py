"""Errors of networks, operators and the platform (infobip.md section 11, general), by id. They concern SMS most."""

from functools import partial
from typing import Final

from providers.contract import ErrorRow, Failover, Retry
from providers.infobip.codes.rows import (
    alike,
    aside,
    channel,
    content,
    flooding,
    key,
    message,
    one,
    opted_out,
    quota,
    recipient,
    spent,
    unserved,
    unsure,
)

PERSON: Final[dict[int, ErrorRow]] = {
    **alike(
        recipient,
        {
            1: "EC_UNKNOWN_SUBSCRIBER",
            9: "EC_ILLEGAL_SUBSCRIBER",
            11: "EC_TELESERVICE_NOT_PROVISIONED",
            12: "EC_ILLEGAL_EQUIPMENT",
            566: "EC_DESTINATION_BLOCKED_BY_OPERATOR",
            568: "EC_DESTINATION_NOT_SMS_PROVISIONED",
            569: "EC_DEST_ADDRESS_SUSPENDED",
            629: "EC_DEST_ADDRESS_UNABLE_TO_RECEIVE_SMS",
            2049: "EC_IMSI_BLACKLISTED",
            3041: "EC_DEACTIVATED_LIST",
        },
        "The number is unknown, switched off for good or cannot take messages",
        "Check the number with the person.",
    ),
    **alike(
        recipient,
        {351: "EC_INVALID_DESTINATION_ADDRESS", 352: "EC_INVALID_REQUEST_DESTINATION"},
        "The number is invalid",
        "Check the number.",
    ),
    **alike(
        opted_out,
        {
            560: "EC_SC_BLOCKED_FOR_END_USER",
            573: "EC_SC_BLOCKED_BY_END_USER",
            603: "EC_CONTENT_BLOCKED",
            604: "EC_BLOCKED_BY_CAMPAIGN_BLACKLIST",
            2050: "EC_DEST_ADDRESS_BLACKLISTED",
            2052: "EC_BLACKLISTED_DESTINATIONADDRESS",
        },
        "The person has opted out or is on a block list",
        "Leave the person alone; the number is left out for 90 days.",
    ),
    **one(
        partial(recipient, failover=Failover.NO),
        608,
        "EC_SIGNALS_BLOCKED",
        "Infobip's protection against fraud stopped the message",
        "Look whether the number is being pumped; ask Infobip if it is an honest customer's.",
    ),
    **one(recipient, 810, "EC_FAILED_MESSAGE_DELIVERY", "The delivery failed", "Use another channel for this message."),
}

HANDSET: Final = alike(
    spent,
    {
        5: "EC_UNIDENTIFIED_SUBSCRIBER",
        6: "EC_ABSENT_SUBSCRIBER_SM",
        13: "EC_CALL_BARRED",
        27: "EC_ABSENT_SUBSCRIBER",
        31: "EC_SUBSCRIBER_BUSY_FOR_MT_SMS",
        32: "EC_SM_DELIVERY_FAILURE",
        33: "EC_MESSAGE_WAITING_LIST_FULL",
        256: "EC_SM_DF_MEMORYCAPACITYEXCEEDED",
        581: "EC_USER_OUT_OF_CREDIT",
    },
    "The phone was off, busy, full or barred for the whole validity",
    "Nothing to mend here; use another channel, or try again later.",
)

MESSAGE: Final[dict[int, ErrorRow]] = {
    **alike(
        message,
        {323: "EC_INVALID_REQUEST_TYPE", 4096: "EC_INVALID_PDU_FORMAT"},
        "The message is malformed",
        "A fault of the gateway: report it to the operator.",
    ),
    **one(
        partial(message, failover=Failover.NO),
        355,
        "EC_MSG_TEXT_TOO_LONG",
        "The text is too long",
        "Shorten the text.",
    ),
    **alike(
        content,
        {
            561: "EC_CONTENT_BLOCKED_BY_OPERATOR",
            607: "EC_REJECTED_SPAM_BY_OPERATOR",
            632: "EC_SMS_REJECTED_BY_MOBILE_OPERATOR",
        },
        "The operator refuses the content",
        "Register the text with the operator, or reword it.",
    ),
}

SETTINGS: Final[dict[int, ErrorRow]] = {
    **alike(
        channel,
        {
            368: "EC_INVALID_SOURCE_ADDRESS",
            375: "EC_SOURCE_ADDRESS_IS_BLOCKED",
            2053: "EC_BLACKLISTED_SENDERADDRESS",
        },
        "The sender is invalid or blocked",
        "Register the sender with Infobip, or correct it in the channel.",
    ),
    **alike(
        key,
        {433: "EC_ACCOUNT_ACCESS_DENIED", 572: "EC_CAMPAIGNID_NOT_PROVISIONED"},
        "The account may not send this way",
        "Have the account looked at by Infobip.",
    ),
    **alike(
        unserved,
        {592: "EC_ACCOUNT_NOT_PROVISIONED_FOR_CHANNEL", 597: "EC_ACC_HAS_NO_ADRESS_FOR_DESR"},
        "The account is not set up for the person's network",
        "Have Infobip set the network up, or leave it to another channel.",
    ),
}

LIMITS: Final[dict[int, ErrorRow]] = {
    **one(
        partial(quota, retry=Retry.NEXT_MINUTE, tries=60, failover=Failover.LATE),
        541,
        "EC_LIMIT_REACHED",
        "Too many messages a second",
        "Lower the account's rate.",
    ),
    **alike(
        partial(quota, retry=Retry.NEXT_DAY, tries=2),
        {542: "EC_QUOTA_REACHED", 609: "EC_SIGNALS_HARD_LIMIT_REACHED", 4202: "EC_10DLC_LIMIT_REACHED"},
        "The day's limit of the account is reached",
        "Nothing to do: it goes on after midnight. Infobip can raise the limit.",
    ),
    **one(
        partial(quota, retry=Retry.NEXT_MONTH, tries=1),
        4099,
        "EC_MONTHLY_LIMIT_REACHED",
        "The month's limit of the account is reached",
        "Have Infobip raise the limit.",
    ),
    **alike(
        flooding,
        {4103: "EC_DESTINATION_FLOODING", 4104: "EC_DESTINATION_TXT_FLOODING"},
        "The number has had too many messages within the hour",
        "Find out why one person gets so many; Infobip can raise the limit of the account.",
    ),
    **one(
        aside,
        5492,
        "EC_DUPLICATE_MESSAGE",
        "The message was sent before",
        "The first attempt counts: its report tells the end.",
    ),
}

EXPIRED: Final[dict[int, ErrorRow]] = {
    **alike(
        spent,
        {811: "EC_MESSAGE_EXPIRED", 4098: "EC_VP_EXPIRED", 4101: "EC_VALIDITY_EXPIRED"},
        "Not delivered within the validity",
        "Nothing to mend: the person was not reached in time. Another channel may still be useful.",
    ),
    **one(
        spent,
        4100,
        "EC_MESSAGE_CANCELED",
        "Never left the platform within the validity",
        "Give such messages a longer validity, or ask Infobip why they wait.",
    ),
    **one(
        unsure,
        815,
        "EC_MESSAGE_SUBMITTED_NOT_ACKED",
        "Handed over without an answer: it may have been delivered",
        "Send it another way only if the person may get it twice.",
    ),
}
