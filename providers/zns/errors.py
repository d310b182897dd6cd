"""Looks up the codes of the business host."""

from collections.abc import Mapping
from typing import Final

from providers.contract import ErrorClass, ErrorRow, Retry, Scope
from providers.zalo.error_lookup import row_in
from providers.zns.codes import aside, channels, messages, recipients, timing

TOO_MANY_REQUESTS: Final = ErrorRow(
    code="http-429",
    meaning="Too many requests",
    error_class=ErrorClass.TRANSIENT,
    scope=Scope.CHANNEL,
    retry=Retry.BACKOFF,
    tries=3,
    advice="Lower the account's rate, or ask Zalo for a higher one.",
)

ERRORS: Final[Mapping[str, ErrorRow]] = {
    row.code: row
    for group in (
        recipients.RECIPIENT,
        messages.MESSAGE,
        channels.CHANNEL,
        channels.TEMPLATE,
        channels.TOKEN,
        timing.TIMING,
        aside.ASIDE,
        (TOO_MANY_REQUESTS,),
    )
    for row in group
}


def row_for(code: int) -> ErrorRow:
    """Return the row of `code`, for an unknown one the row that says so."""
    return row_in(ERRORS, code)
