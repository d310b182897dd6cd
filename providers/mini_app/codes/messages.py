"""Codes about a message, its recipient, and limits that pass (zalo-mini-app.md section 4)."""

from typing import Final

from providers.contract import ErrorClass, ErrorRow, Failover, Retry, Scope
from providers.mini_app.codes.rows import daily, message, rate, recipient

MESSAGE: Final = (
    message(
        code="-100",
        meaning="A required parameter is missing",
        advice="Check that the template's fields are all mapped; if every message meets this, report it.",
    ),
    message(
        code="-101",
        meaning="A parameter is invalid",
        advice="Compare the values with the template's fields; where it meets every message, mend the template.",
    ),
    message(
        code="-117",
        meaning="The file is too large",
        failover=Failover.NO,
        advice="Make the file smaller; this comes of uploads alone, never of sending.",
    ),
    message(
        code="http-400",
        meaning="HTTP 400 without a code, as for an unknown Mini App",
        advice="Check the Mini App's id and the values, as for -101.",
    ),
)

RECIPIENT: Final = (
    recipient(
        code="-110",
        meaning="The user id is invalid",
        remember_days=30,
        advice="Often the id of another Zalo App, or that of an Official Account: take the Mini App's own getUserID.",
    ),
    recipient(
        code="-111",
        meaning="The app may not notify this person now",
        remember_days=7,
        advice="Ask for consent in the Mini App again; the person must also have visited within seven days.",
    ),
)

PASSING: Final = (
    rate(
        code="-103",
        meaning="Too many requests",
        advice="Lower the account's rate below the one in the Zalo App's console.",
    ),
    rate(
        code="http-429",
        meaning="Too many requests",
        advice="Lower the account's rate below the one in the Zalo App's console.",
    ),
    daily(
        code="-109",
        meaning="Out of quota: the day's notifications of this person or of the app are used up",
        scope=Scope.RECIPIENT,
        failover=Failover.NOT_PROMOTIONAL,
        advice="Nothing to do: it goes on after midnight. Send at most one a day to a person, and 1,000 an app.",
    ),
    ErrorRow(
        code="-107",
        meaning="Failed without a reason",
        error_class=ErrorClass.TRANSIENT,
        retry=Retry.BACKOFF,
        tries=2,
        advice="Usually passes by itself; if it stays, ask Zalo with the time of the call.",
    ),
)
