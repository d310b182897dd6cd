"""Looks up the codes of the Mini App Open APIs, and what a status means where a body has no code."""

from collections.abc import Mapping
from typing import Final

from providers.contract import ErrorRow
from providers.mini_app.codes import accounts, gates, messages
from providers.zalo.error_lookup import row_in

ERRORS: Final[Mapping[str, ErrorRow]] = {
    row.code: row
    for group in (
        accounts.ACCOUNT,
        accounts.PARTNER,
        messages.MESSAGE,
        messages.RECIPIENT,
        messages.PASSING,
        gates.GATES,
    )
    for row in group
}


def row_for(code: int) -> ErrorRow:
    """Return the row of `code`, for an unknown one the row that says so."""
    return row_in(ERRORS, code)


def row_of_status(status: int) -> ErrorRow | None:
    """Return what an HTTP status without a code says, None where it leaves open whether the call was acted on."""
    return ERRORS.get(f"http-{status}")
