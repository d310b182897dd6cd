"""Looks up the codes of the business host."""

from collections.abc import Mapping
from typing import Final

from providers.contract import ErrorRow
from providers.zalo.error_lookup import TOO_MANY_REQUESTS, row_in
from providers.zns.codes import aside, channels, messages, recipients, timing

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
