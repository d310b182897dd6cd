"""Zalo's own codes as they come inside NXCloud's reports (nxcloud.md 5.3): the table of the direct channel, adapted.

The Official Account and its app are NXCloud's, so what there is a matter of its token or settings is here a matter
between the account's owner and NXCloud.
"""

from typing import Final

from msgspec.structs import replace

from providers.contract import ErrorClass, ErrorRow, Failover, Retry, Scope
from providers.zns.errors import ERRORS as ZNS_ERRORS

_ASK: Final = "The Official Account is NXCloud's to mend: send them the request id and this code."


def _adapted(row: ErrorRow) -> ErrorRow:
    if row.error_class is ErrorClass.TOKEN:
        return replace(row, error_class=ErrorClass.CONFIGURATION, retry=Retry.NEVER, tries=0, advice=_ASK)
    if row.error_class is ErrorClass.CONFIGURATION and row.scope is Scope.CHANNEL:
        return replace(row, advice=_ASK)
    if row.code == "-107":
        return replace(row, error_class=ErrorClass.RECIPIENT, failover=Failover.NO)
    if row.code == "-108":
        return replace(row, failover=Failover.NO)
    if row.code == "-111":
        return replace(row, failover=Failover.YES)
    return row


NATIVE: Final = tuple(_adapted(row) for row in ZNS_ERRORS.values() if row.code.startswith("-"))
