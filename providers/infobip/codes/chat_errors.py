"""Errors of chat apps (infobip.md section 11), by id; that Zalo yields these is Infobip's grouping, not yet seen."""

from functools import partial
from typing import Final

from providers.contract import ErrorRow, Failover, Retry, Scope
from providers.infobip.codes.rows import (
    aside,
    channel,
    content,
    credit,
    key,
    message,
    one,
    opted_out,
    passing,
    quota,
    recipient,
    template,
    unsure,
)

_OUR_FAULT: Final = "A fault of the gateway: report it to the operator."
_PORTAL: Final = "Have the account and the sender looked at by Infobip."

PERSON: Final[dict[int, ErrorRow]] = {
    **one(
        partial(recipient, remember_days=30),
        7002,
        "EC_UNKNOWN_USER",
        "The person is not on this app",
        "Use SMS. The number is left out for 30 days, then tried again.",
    ),
    **one(
        partial(opted_out, failover=Failover.NOT_PROMOTIONAL),
        7003,
        "EC_BLOCKED_USER",
        "The person has blocked the sender",
        "Leave the person alone on this sender; what they must know may go by another channel.",
    ),
    **one(recipient, 7010, "EC_NO_SESSION", "No open conversation with the person", "Use a template or SMS."),
    **one(recipient, 7020, "EC_DEVICE_REPRODUCTION_ERROR", "The device cannot show it", "Use another channel."),
    **one(recipient, 7025, "EC_UNSUPPORTED_MOBILE_APP_VERSION", "The person's app is too old", "Use another channel."),
    **one(recipient, 7201, "EC_UNSUPPORTED_DEVICE", "The device is not supported", "Use another channel."),
    **one(
        partial(opted_out, remember_class_only=True),
        7030,
        "EC_TEMPLATE_BLOCKED_BY_USER",
        "The person has blocked this kind of template",
        "Do not send this kind to the person again.",
    ),
    **one(
        partial(opted_out, remember_class_only=True),
        7033,
        "EC_MARKETING_OPT_OUT",
        "The person wants no marketing",
        "Leave the person out of promotions.",
    ),
}

MESSAGE: Final[dict[int, ErrorRow]] = {
    **one(message, 7006, "EC_BAD_REQUEST", "The app found the request malformed", _OUR_FAULT),
    **one(
        message,
        7008,
        "EC_INVALID_TEMPLATE_ARGS",
        "The values do not fit the template",
        "Compare the values with the template's parameters; synchronise it if they changed.",
    ),
    **one(message, 7015, "EC_MEDIA_METADATA_ERROR", "The file's description is wrong", "Check the file and its type."),
    **one(content, 7027, "EC_BLOCKED_CONTENT", "The content is not allowed", "Look for wording the app forbids."),
}

SETTINGS: Final[dict[int, ErrorRow]] = {
    **one(channel, 7001, "EC_UNKNOWN_APPLICATION", "The app does not know the application", _PORTAL),
    **one(key, 7004, "EC_UNAUTHORIZED_ACCESS", "The sender is not authorised at the app", _PORTAL),
    **one(key, 7005, "EC_FORBIDDEN_ACCESS", "The sender may not do this at the app", _PORTAL),
    **one(
        template,
        7007,
        "EC_ILLEGAL_TRAFFIC_TYPE",
        "The template's kind is not allowed for the sender",
        "Use a template of a kind that the sender is approved for.",
    ),
    **one(template, 7009, "EC_INVALID_TEMPLATE", "The template is unknown or not approved", "Synchronise templates."),
    **one(channel, 7011, "EC_ACCOUNT_ISSUE", "Something is wrong with the account at the app", _PORTAL),
    **one(channel, 7012, "EC_DEPLOYMENT_CONFIGURATION_ERROR", "The sender is not fully set up", _PORTAL),
    **one(channel, 7034, "EC_SENDER_NOT_REGISTERED", "The sender is not registered", _PORTAL),
    **one(template, 7037, "EC_TEMPLATE_NOT_AVAILABLE", "The template is not available", "Synchronise templates."),
    **one(channel, 7081, "EC_CONFIGURATION_ERROR", "The account is set up wrongly", _PORTAL),
    **one(channel, 7083, "EC_SERVICE_NOT_ACTIVATED", "The service is not activated", _PORTAL),
    **one(channel, 7084, "EC_MISSING_SENDER_METADATA", "The sender's data is not complete", _PORTAL),
}

LIMITS: Final[dict[int, ErrorRow]] = {
    **one(
        partial(quota, retry=Retry.NEXT_DAY, tries=1),
        7016,
        "EC_SPAM_RATE",
        "Too many people reported the sender",
        "Better content and fewer promotions raise the sender's quality.",
    ),
    **one(
        partial(quota, retry=Retry.NEXT_MINUTE, tries=60, failover=Failover.LATE),
        7017,
        "EC_TOO_MANY_REQUESTS",
        "Too many calls at the app",
        "Lower the account's rate.",
    ),
    **one(
        credit, 7019, "EC_PROVIDER_BILLING_ERROR", "The app could not charge the sender", "Top up the sender's wallet."
    ),
    **one(
        partial(quota, retry=Retry.MORNING, tries=2, failover=Failover.LATE),
        7024,
        "EC_NOT_ALLOWED_SENDING_TIME",
        "The app does not allow it at this hour",
        "Nothing to do: it goes on in the morning. A night rule on the channel avoids the call.",
    ),
    **one(
        partial(quota, retry=Retry.NEXT_DAY, tries=2),
        7026,
        "EC_MESSAGE_TYPE_EXHAUSTED",
        "The sender's quota of this kind is used up",
        "Nothing to do: it goes on after midnight. Better quality raises the quota.",
    ),
    **one(
        partial(quota, scope=Scope.RECIPIENT, retry=Retry.NEXT_DAY, tries=1, failover=Failover.NO),
        7032,
        "EC_FREQUENCY_CAPPING",
        "The person has had enough messages of this kind",
        "Send fewer of this kind to one person.",
    ),
}

PASSING: Final[dict[int, ErrorRow]] = {
    **one(partial(passing, tries=2), 7013, "EC_MEDIA_HOSTING_ERROR", "The file could not be fetched", "Check its URL."),
    **one(partial(passing, tries=2), 7014, "EC_MEDIA_UPLOAD_ERROR", "The file could not be uploaded", "Check its URL."),
    **one(
        partial(passing, tries=2),
        7036,
        "EC_TEMPLATE_NOT_SYNCED",
        "The template has not reached the app yet",
        "Usually passes by itself; if it stays, ask Infobip.",
    ),
    **one(partial(passing, tries=3), 7050, "EC_PROVIDER_INTERNAL_ERROR", "A fault at the app", "Passes by itself."),
    **one(partial(passing, tries=3), 7051, "EC_PROVIDER_TIMEOUT", "The app was too slow", "Usually passes by itself."),
    **one(partial(passing, tries=1), 7080, "EC_INTERNAL_ERROR", "A fault at Infobip", "If it stays, ask Infobip."),
    **one(
        partial(passing, tries=1),
        7082,
        "EC_TEMPORARY_GATEWAY_ERROR",
        "A passing fault at Infobip",
        "If it stays, ask Infobip.",
    ),
    **one(
        unsure,
        7052,
        "EC_PROVIDER_DR_ERROR",
        "The app's report could not be read: it may have been delivered",
        "Send it another way only if the person may get it twice.",
    ),
    **one(
        aside,
        7280,
        "EC_DUPLICATE_REQUEST",
        "The same request was taken before",
        "The first attempt counts: its report tells the end.",
    ),
}
