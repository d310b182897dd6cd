"""API keys: issued once in clear, stored as a hash, checked in memory.

A token reads `ngw_live_<prefix>_<secret>` (or `ngw_test_...`). Checked keys are kept in the process for at most 30 s:
that is how long a revoked key, or one of a tenant made inactive, may still be let in elsewhere.
"""

from tenants.api_keys.checking import AddressNotAllowed, InvalidKey, Principal, authenticate, forget
from tenants.api_keys.issuing import Issued, issue, issue_row, revoke, rotate

__all__ = [
    "AddressNotAllowed",
    "InvalidKey",
    "Issued",
    "Principal",
    "authenticate",
    "forget",
    "issue",
    "issue_row",
    "revoke",
    "rotate",
]
