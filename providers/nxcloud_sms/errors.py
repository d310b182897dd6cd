"""Looks up the codes of NXCloud's SMS: of sends, of reports and of queries."""

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from providers.contract import ErrorRow
from providers.nxcloud.codes import account
from providers.nxcloud_sms import codes
from providers.zalo.error_lookup import row_in

ERRORS: Final[Mapping[str, ErrorRow]] = {
    row.code: row
    for group in (
        account.ACCESS,
        account.ACCOUNT,
        account.KEYS,
        codes.SENDING,
        codes.REPORTED,
        codes.QUERIES,
        codes.LIMITS,
        (account.TOO_MANY_REQUESTS,),
    )
    for row in group
}


def row_for(code: int) -> ErrorRow:
    """Return the row of a send's `code`; an unlisted one of the signature's range is read as its neighbours."""
    if str(code) not in ERRORS and account.is_access_code(code):
        return replace(account.UNLISTED_ACCESS, code=str(code))
    return row_in(ERRORS, code)


def query_row_for(code: int) -> ErrorRow:
    """Return the row of a query's `code`: the same small numbers mean other things there."""
    return ERRORS.get(f"query-{code}") or row_for(code)
