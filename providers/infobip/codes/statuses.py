"""What becomes of a message (infobip.md section 10), keyed on the name: ids are used twice."""

from functools import partial
from typing import Final

from providers.contract import Failover
from providers.infobip.codes.rows import (
    aside,
    channel,
    coverage,
    credit,
    flooding,
    message,
    opted_out,
    passing,
    recipient,
    spent,
    unsure,
)

_bug = partial(message, advice="A fault of the gateway: report it to the operator.")
_waiting = partial(aside, advice="Wait for the next report.")

UNDER_WAY: Final = (
    _waiting(code="PENDING_WAITING_DELIVERY", meaning="With the operator, no report yet"),
    _waiting(code="PENDING_ENROUTE", meaning="Handed to the next instance"),
    _waiting(code="PENDING_ACCEPTED", meaning="Accepted by the platform"),
    _waiting(code="MESSAGE_ACCEPTED", meaning="Accepted by the platform (older name)"),
    _waiting(code="DELIVERED_TO_OPERATOR", meaning="The operator has it, the handset not yet"),
    aside(code="DELIVERED_TO_HANDSET", meaning="Delivered to the handset", advice="Nothing to do."),
)

UNDELIVERABLE: Final = (
    recipient(
        code="UNDELIVERABLE_REJECTED_OPERATOR",
        meaning="The operator or the app refused the message",
        advice="Look at the error beside it; use another channel for this message.",
    ),
    recipient(
        code="UNDELIVERABLE_NOT_DELIVERED",
        meaning="The message did not reach the person",
        advice="Look at the error beside it; use another channel for this message.",
    ),
    passing(
        code="UNDELIVERABLE_NOT_SENT",
        meaning="The message was not sent",
        tries=1,
        advice="Tried once more; if it stays, ask Infobip with the message's id.",
    ),
    passing(
        code="UNDELIVERABLE_REJECTED_PLATFORM",
        meaning="The platform could not serve the request or found it malformed",
        tries=1,
        advice="Tried once more; if it stays, ask Infobip with the message's id.",
    ),
)

EXPIRED: Final = (
    spent(
        code="EXPIRED_EXPIRED",
        meaning="Not delivered within the validity",
        advice="Nothing to mend: the person was not reached in time. Another channel may still be useful.",
    ),
    unsure(
        code="EXPIRED_DLR_UNKNOWN",
        meaning="The validity ended without a final report: it may have been delivered",
        advice="Send it another way only if the person may get it twice.",
    ),
    recipient(
        code="SIGNALS_BLOCKED",
        meaning="Infobip's protection against fraud stopped the message",
        failover=Failover.NO,
        advice="Look whether the number is being pumped; ask Infobip if it is an honest customer's.",
    ),
)

RECIPIENT: Final = (
    recipient(
        code="REJECTED_PREFIX_MISSING",
        meaning="The number has no known prefix or a wrong length",
        failover=Failover.NO,
        advice="Check the number.",
    ),
    opted_out(
        code="REJECTED_DND",
        meaning="The person is registered as not to be disturbed",
        advice="Leave the person alone; the number is left out for 90 days.",
    ),
    opted_out(
        code="REJECTED_DESTINATION_BLOCKLISTED",
        meaning="The number is on a block list of the account or the operator",
        advice="Leave the person alone, or take the number off the list in Infobip's portal if it is there by mistake.",
    ),
    recipient(
        code="REJECTED_DESTINATION", meaning="The number is invalid", failover=Failover.NO, advice="Check the number."
    ),
    flooding(
        code="REJECTED_FLOODING_FILTER",
        meaning="The number has had 20 messages, or the same one 6 times, within the hour",
        advice="Find out why one person gets so many; Infobip can raise the limit of the account.",
    ),
)

ACCOUNT: Final = (
    coverage(
        code="REJECTED_NETWORK",
        meaning="The person's network is not covered or not set up on the account",
        advice="Have Infobip set the network up, or leave it to another channel.",
    ),
    channel(
        code="REJECTED_SOURCE",
        meaning="The sender is not registered on the account",
        advice="Register the sender with Infobip, or correct it in the channel.",
    ),
    credit(
        code="REJECTED_NOT_ENOUGH_CREDITS",
        meaning="The account has no credit left",
        advice="Top up the account at Infobip.",
    ),
    channel(
        code="REJECTED_SENDER",
        meaning="The sender is blocked on the account",
        advice="Take the sender off the block list in Infobip's portal.",
    ),
    credit(
        code="REJECTED_PREPAID_PACKAGE_EXPIRED",
        meaning="The account's credit has passed its term",
        advice="Top up the account at Infobip.",
    ),
    coverage(
        code="REJECTED_DESTINATION_NOT_REGISTERED",
        meaning="A trial account sends to its registered numbers only",
        advice="Register the number in Infobip's portal, or have the account opened.",
    ),
    coverage(
        code="REJECTED_ROUTE_NOT_AVAILABLE",
        meaning="The account has no route to the person's network",
        advice="Have Infobip open a route.",
    ),
    credit(
        code="REJECTED_FREE_TRIAL_EXCEEDED",
        meaning="The free trial is used up",
        advice="Upgrade the account at Infobip.",
    ),
)

MESSAGE: Final = (
    passing(
        code="REJECTED_SYSTEM_ERROR",
        meaning="The platform had a fault",
        tries=3,
        advice="Usually passes by itself; if it stays, ask Infobip.",
    ),
    aside(
        code="REJECTED_DUPLICATE_MESSAGE_ID",
        meaning="The platform has a message of this id already",
        advice="The first attempt counts: its report tells the end.",
    ),
    _bug(code="REJECTED_INVALID_UDH", meaning="The text's header is malformed"),
    message(
        code="REJECTED_MESSAGE_TOO_LONG",
        meaning="The text is too long",
        failover=Failover.NO,
        advice="Shorten the text.",
    ),
    _bug(code="MISSING_TO", meaning="The request names no recipient", failover=Failover.NO),
    _bug(code="REJECTED_INVALID_VALIDITY_PERIOD", meaning="The validity period is invalid"),
    _bug(code="REJECTED_INVALID_DELIVERY_TIME_WINDOW", meaning="The delivery window is under an hour"),
    _bug(code="REJECTED_DATA_TRANSFORMATION_FAILED", meaning="The data could not be turned into a message"),
    passing(
        code="REJECTED_INTERNAL_ERROR",
        meaning="The platform had a fault of its own",
        tries=3,
        advice="Usually passes by itself; if it stays, ask Infobip.",
    ),
    message(
        code="REJECTED_VALIDATION_FAILED",
        meaning="The platform found the message invalid",
        advice="Compare the message with what the template and the sender allow.",
    ),
)

_VOICE: Final = (
    "REJECTED_INVALID_AUDIO_FILE_URL",
    "REJECTED_UNSUPPORTED_LANGUAGE",
    "REJECTED_MESSAGE_IS_EMPTY",
    "REJECTED_INVALID_NOTIFY_URL",
    "REJECTED_INVALID_NOTIFY_CONTENT_TYPE",
    "REJECTED_INVALID_DTMF_SIGN",
    "REJECTED_INVALID_DTMF_TIMEOUT",
    "REJECTED_INVALID_RING_TIMEOUT",
    "REJECTED_INVALID_CALL_TIMEOUT",
    "REJECTED_INVALID_MACHINE_DETECTION",
    "REJECTED_INVALID_ACTIONS",
    "REJECTED_INVALID_ACTION_GROUPS",
    "REJECTED_MACHINE_DETECTION_DISABLED",
    "REJECTED_INVALID_SSML",
    "NO_ANSWER",
    "BUSY",
    "CANCELLED",
    "REJECTED",
)
VOICE: Final = tuple(
    aside(
        code=name,
        meaning="A status of voice calls",
        failover=Failover.YES,
        advice="Not for messages: ask Infobip why it was reported.",
    )
    for name in _VOICE
)
