"""Looks up the codes of Zalo sends through NXCloud and of their reports."""

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from providers.contract import ErrorRow
from providers.nxcloud.codes import account, native, zalo
from providers.zalo.error_lookup import row_in

ERRORS: Final[Mapping[str, ErrorRow]] = {
    row.code: row
    for group in (
        account.ACCESS,
        account.ACCOUNT,
        account.KEYS,
        zalo.ZALO,
        zalo.ASIDE,
        zalo.LIMITS,
        native.NATIVE,
        (account.TOO_MANY_REQUESTS,),
    )
    for row in group
}


def row_for(code: int) -> ErrorRow:
    """Return the row of `code`; an unlisted one of the signature's range stops the channel, as its neighbours do."""
    if str(code) not in ERRORS and account.is_access_code(code):
        return replace(account.UNLISTED_ACCESS, code=str(code))
    return row_in(ERRORS, code)
