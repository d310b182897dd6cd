"""Finds a code in a table: every code gives a row, also one that no table knows."""

from collections.abc import Mapping
from typing import Final

from providers.contract import ErrorClass, ErrorRow, Retry, Scope

TOO_MANY_REQUESTS: Final = ErrorRow(
    code="http-429",
    meaning="Too many requests",
    error_class=ErrorClass.TRANSIENT,
    scope=Scope.CHANNEL,
    retry=Retry.BACKOFF,
    tries=3,
    advice="Lower the account's rate, or ask Zalo for a higher one.",
)


def row_in(table: Mapping[str, ErrorRow], code: int) -> ErrorRow:
    """Return the row of `code`; an unknown code is kept as it is and treated as passing, with two more tries."""
    return table.get(str(code)) or ErrorRow(
        code=str(code),
        meaning="A code that the table does not know",
        error_class=ErrorClass.TRANSIENT,
        retry=Retry.BACKOFF,
        tries=2,
        advice="Look the code up in the provider's documentation and have it added to the table.",
    )
