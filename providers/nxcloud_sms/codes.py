"""The codes of NXCloud's SMS endpoints, reports and queries as data (nxcloud.md section 6)."""

from typing import Final

from providers.contract import ErrorClass, ErrorRow, Failover, Retry, Scope
from providers.nxcloud.codes.account import PROBE_SECONDS
from providers.nxcloud.codes.rows import access, aside, channel, message, quota, recipient, transient

_REFUSED_DAYS: Final = 90
_GATEWAY: Final = "A fault of the gateway: report it to the operator."
_ASK: Final = "Ask NXCloud about prices and routes of the application for this destination."

SENDING: Final = (
    message(code="2", meaning="A parameter is wrong or empty", failover=Failover.NO, advice=_GATEWAY),
    quota(
        code="3",
        meaning="The balance is too low",
        tries=3,
        retry_seconds=PROBE_SECONDS,
        advice="Top up the NXCloud account.",
    ),
    message(
        code="4",
        meaning="The text is empty or holds words that are banned",
        failover=Failover.BY_POLICY,
        advice="Change the wording of the text.",
    ),
    message(code="5", meaning="The text is too long", failover=Failover.NO, advice="Shorten the text."),
    recipient(
        code="6",
        meaning="The phone number is wrong",
        failover=Failover.NO,
        advice="Check the number: country code and number, digits alone.",
    ),
    message(code="7", meaning="Too many numbers in one call", failover=Failover.NO, advice=_GATEWAY),
    channel(
        code="8",
        meaning="The sender is not allowed",
        advice="Use a sender name that is registered with NXCloud: 1 to 20 letters and digits.",
    ),
    access(
        code="9",
        meaning="Calls from this network address are not allowed",
        advice="Have the gateway's network address allowed at NXCloud.",
    ),
    aside(
        code="26",
        meaning="The same text went to the same number within five minutes",
        advice="Nothing to do: the text is taken as sent.",
    ),
    quota(
        code="27",
        meaning="More than five texts an hour to one number",
        scope=Scope.RECIPIENT,
        tries=1,
        retry_seconds=3600,
        advice="Nothing to do: it goes on after an hour, or by another channel.",
    ),
    quota(
        code="28",
        meaning="Too many texts a second",
        tries=5,
        failover=Failover.NO,
        advice="Lower the channel's rate, or ask NXCloud for a higher one.",
    ),
    transient(code="88", meaning="The request failed", advice="Usually passes by itself; if it stays, ask NXCloud."),
    transient(code="99", meaning="A system error", advice="Usually passes by itself; if it stays, ask NXCloud."),
    channel(code="101", meaning="The feature is disabled", advice="Ask NXCloud to enable SMS for the account."),
    channel(
        code="102", meaning="The account or its agent is disabled", advice="Settle the account's state with NXCloud."
    ),
    message(
        code="103",
        meaning="Emoji are not supported",
        failover=Failover.BY_POLICY,
        advice="Leave emoji out of the text.",
    ),
    message(
        code="104",
        meaning="Too many numbers in one call of an OTP application",
        failover=Failover.NO,
        advice=_GATEWAY,
    ),
    *(
        channel(code=str(code), meaning="Price, application, vendor or route is not in order", advice=_ASK)
        for code in (12, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24)
    ),
)

REPORTED: Final = (
    recipient(code="UNDELIV", meaning="The text could not be delivered", advice="Try another channel for this person."),
    recipient(
        code="REJECTD",
        meaning="The text was rejected on its way",
        failover=Failover.BY_POLICY,
        advice="If it is many, look at the text and the sender name.",
    ),
    ErrorRow(
        code="EXPIRED",
        meaning="The phone could not be reached in time",
        error_class=ErrorClass.TRANSIENT,
        retry=Retry.NEVER,
        advice="Nothing to mend; the old text is not sent again.",
    ),
    recipient(code="DELETED", meaning="The text was deleted on its way", advice="Try another channel for this person."),
    recipient(
        code="DND",
        meaning="The person has opted out of texts",
        failover=Failover.NOT_PROMOTIONAL,
        remember_days=_REFUSED_DAYS,
        advice="Do not text this person; what they must know may go by another channel.",
    ),
    recipient(
        code="ESME_RINVDSTADR",
        meaning="The number is wrong",
        failover=Failover.NO,
        advice="Check the number: country code and number, digits alone.",
    ),
    channel(
        code="ESME_RINVSRCADR",
        meaning="The sender is not allowed",
        advice="Use a sender name that is registered with NXCloud.",
    ),
    ErrorRow(
        code="UNKNOWN",
        meaning="The network does not tell what became of the text",
        error_class=ErrorClass.TRANSIENT,
        retry=Retry.NEVER,
        failover=Failover.NOT_PROMOTIONAL,
        advice="Nothing to mend; it may have arrived.",
    ),
)

QUERIES: Final = (
    aside(code="query-1", meaning="The query has a wrong parameter", advice=_GATEWAY),
    access(
        code="query-2",
        meaning="The keys of the query are wrong",
        advice="Check the appkey and the secretkey of the SMS application.",
    ),
    aside(
        code="query-3", meaning="The record is older than 31 days, or the page is wrong", advice="Ask for a later day."
    ),
    aside(code="query-4", meaning="The page of the query is wrong", advice=_GATEWAY),
    quota(
        code="query-5",
        meaning="Queries come too often",
        scope=Scope.MESSAGE,
        tries=2,
        retry_seconds=60,
        failover=Failover.NO,
        advice="Nothing to do: it is asked again later.",
    ),
)

TEXT_EMPTY: Final = message(code="limit-empty", meaning="There is no text", advice="Give the message a text.")
TEXT_TOO_LONG: Final = message(
    code="limit-characters",
    meaning="The text is over 1,000 characters",
    failover=Failover.NO,
    advice="Shorten the text.",
)
SENDER_UNFIT: Final = message(
    code="limit-sender",
    meaning="The sender is not 1 to 20 letters and digits",
    advice="Use a sender name of letters and digits that is registered with NXCloud.",
)
ID_UNFIT: Final = message(
    code="limit-id",
    meaning="The message's own id is not 10 to 50 letters, digits and hyphens",
    advice=_GATEWAY,
)
LIMITS: Final = (TEXT_EMPTY, TEXT_TOO_LONG, SENDER_UNFIT, ID_UNFIT)
