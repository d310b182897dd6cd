"""Codes of the Official Account host about its messages and their people (zalo-zns-oa.md section 8.2)."""

from functools import partial
from typing import Final

from providers.contract import ErrorClass, ErrorRow, Failover, Retry, Scope

_recipient = partial(ErrorRow, error_class=ErrorClass.RECIPIENT, scope=Scope.RECIPIENT)
_message = partial(ErrorRow, error_class=ErrorClass.MESSAGE, failover=Failover.BY_POLICY)
_quota = partial(ErrorRow, error_class=ErrorClass.QUOTA, failover=Failover.LATE, tries=2)
_aside = partial(ErrorRow, error_class=ErrorClass.NONE, advice="Not about a message; nothing to do for it.")

PEOPLE: Final = (
    _recipient(
        code="-201-user",
        meaning="The Official Account knows no such person",
        advice="Check the id: a person has another id at every Official Account.",
    ),
    _recipient(
        code="-213",
        meaning="The person does not follow the Official Account",
        advice="Use ZNS by phone number or SMS; the person may follow the account again.",
    ),
    _recipient(
        code="-217",
        meaning="The person has blocked invitations of the Official Account",
        failover=Failover.NOT_PROMOTIONAL,
        remember_days=90,
        advice="Leave the person alone on this account; what they must know may go by another channel.",
    ),
    _recipient(
        code="-222",
        meaning="The person is banned or has been inactive for more than 45 days",
        advice="Use another channel for this person.",
    ),
    _recipient(
        code="-227",
        meaning="The person is banned or has been inactive for more than 45 days",
        advice="Use another channel for this person.",
    ),
    _recipient(
        code="-230",
        meaning="The person has not interacted with the Official Account in the past seven days",
        advice="Use a template by user id or by phone number, or SMS, until the person writes again.",
    ),
    _recipient(
        code="-232",
        meaning="The person has not interacted with the Official Account, or too long ago",
        advice="Use a template by user id or by phone number, or SMS, until the person writes again.",
    ),
    _recipient(
        code="-244",
        meaning="The person restricts this type of message from the Official Account",
        failover=Failover.NOT_PROMOTIONAL,
        remember_days=90,
        remember_class_only=True,
        advice="Do not send this type to the person again; what they must know may go by another channel.",
    ),
    _recipient(
        code="-305",
        meaning="More than 48 hours after the person's last interaction",
        advice="An old code of Zalo's; use another channel until the person writes again.",
    ),
    _recipient(
        code="-311",
        meaning="The free answers to the person are used up",
        advice="An old code of Zalo's; use another channel until the person writes again.",
    ),
)

CONTENT: Final = (
    _message(
        code="-100",
        meaning="The attachment has expired",
        advice="Upload it again: what is uploaded lives seven days. Or send it by its address.",
    ),
    ErrorRow(
        code="-100-unknown",
        meaning="Unknown error of Zalo's",
        error_class=ErrorClass.TRANSIENT,
        retry=Retry.BACKOFF,
        tries=3,
        advice="Try again; if it stays, ask Zalo.",
    ),
    _message(code="-201", meaning="A field of the message is invalid", advice="Mend the field that Zalo's text names."),
    _message(code="-202", meaning="Signature of the call invalid", advice="An old code of Zalo's; report it."),
    _message(code="-210", meaning="A value is over its limit", advice="Shorten the message: a text holds 2,000."),
    _message(code="-233", meaning="Type of message invalid", advice="Send a type that Zalo's consultation allows."),
    ErrorRow(
        code="-248",
        meaning="The content violates Zalo's standards",
        error_class=ErrorClass.MESSAGE,
        scope=Scope.TEMPLATE,
        failover=Failover.BY_POLICY,
        advice="Stop sending this content and read Zalo's rules: repeating it can cost the Official Account.",
    ),
    ErrorRow(
        code="-249",
        meaning="The template cannot be sent by user id",
        error_class=ErrorClass.CONFIGURATION,
        scope=Scope.TEMPLATE,
        advice="Send it by phone number: templates approved before 2025-12-10, of one-time passwords, with quick "
        "replies or of journeys have no other way.",
    ),
)

LIMITS: Final = (
    ErrorRow(
        code="-32-oa",
        meaning="Too many calls per minute of the Official Account",
        error_class=ErrorClass.QUOTA,
        scope=Scope.CHANNEL,
        retry=Retry.NEXT_MINUTE,
        tries=60,
        failover=Failover.LATE,
        advice="Try again in a minute; lower the account's rate or upgrade its package if it comes back.",
    ),
    _quota(
        code="-211",
        meaning="The Official Account's quota is used up",
        scope=Scope.CHANNEL,
        retry=Retry.NEXT_DAY,
        advice="Buy quota or upgrade the package of the Official Account, or wait for the next day.",
    ),
    _quota(
        code="-218",
        meaning="The person cannot receive more messages today",
        scope=Scope.RECIPIENT,
        retry=Retry.NEXT_DAY,
        advice="Wait for the next day, and send this person fewer messages.",
    ),
    _quota(
        code="-234",
        meaning="Not to be sent between ten in the evening and six in the morning",
        scope=Scope.TEMPLATE,
        retry=Retry.MORNING,
        advice="Give the channel a night rule for promotions, so that they wait for the morning.",
    ),
)

ACCOUNT: Final = (
    ErrorRow(
        code="-207",
        meaning="The Official Account is not registered as a third party",
        error_class=ErrorClass.CONFIGURATION,
        scope=Scope.CHANNEL,
        advice="An old code of Zalo's; reconnect the Official Account.",
    ),
    ErrorRow(
        code="-208",
        meaning="The Official Account has no secret key",
        error_class=ErrorClass.CONFIGURATION,
        scope=Scope.CHANNEL,
        advice="An old code of Zalo's; create the key at developers.zalo.me.",
    ),
)

ASIDE: Final = (
    _aside(code="-214", meaning="The article is being processed"),
    _aside(code="-223-article", meaning="The quota of articles is used up"),
    _aside(code="-237", meaning="The group is disabled"),
    _aside(code="-238", meaning="The asset is used already"),
    _aside(code="-241", meaning="The asset is used already"),
    _aside(code="-403", meaning="The Official Account is not in the group"),
    _aside(code="-1340", meaning="The lead form cannot be used"),
    _aside(code="-1341", meaning="The lead form cannot be used"),
)
