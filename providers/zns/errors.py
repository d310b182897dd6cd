"""Looks up the codes of the business host."""

from collections.abc import Mapping
from typing import Final

from providers.contract import ErrorClass, ErrorRow, Retry, Scope
from providers.zalo.error_lookup import row_in
from providers.zns import error_rows

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
        error_rows.ABOUT_THE_RECIPIENT,
        error_rows.ABOUT_THE_MESSAGE,
        error_rows.ABOUT_THE_CHANNEL,
        error_rows.ABOUT_THE_TEMPLATE,
        error_rows.ABOUT_TIME,
        error_rows.ABOUT_THE_TOKEN,
        error_rows.ABOUT_NO_SEND,
        (TOO_MANY_REQUESTS,),
    )
    for row in group
}


def row_for(code: int) -> ErrorRow:
    """Return the row of `code`, for an unknown one the row that says so."""
    return row_in(ERRORS, code)
