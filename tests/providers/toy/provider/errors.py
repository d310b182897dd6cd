"""What the toy refuses."""

from collections.abc import Mapping
from typing import Final

from providers.contract import ErrorClass, ErrorRow, Retry, Scope

_ROWS: Final = (
    ErrorRow(
        code="no_such_person",
        meaning="Nobody plays under this number",
        error_class=ErrorClass.RECIPIENT,
        scope=Scope.RECIPIENT,
        remember_days=7,
        advice="Ask the person for another number.",
    ),
    ErrorRow(
        code="bad_key",
        meaning="The key is wrong",
        error_class=ErrorClass.CONFIGURATION,
        scope=Scope.CHANNEL,
        advice="Enter the account's current key.",
    ),
    ErrorRow(
        code="unlisted",
        meaning="A code that the table does not list",
        error_class=ErrorClass.TRANSIENT,
        retry=Retry.BACKOFF,
        tries=2,
        advice="Usually passes by itself; if it stays, ask the makers of the toy.",
    ),
)
ERRORS: Final[Mapping[str, ErrorRow]] = {row.code: row for row in _ROWS}
