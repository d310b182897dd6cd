"""Which end each recipient of the sandbox prescribes to a message on a route of one step."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.demo.errors import DemoError
from providers.zalo.hosts import BUSINESS_HOST

ORDINARY: Final = "any other number"
ENDS: Final = {
    "delivered": "delivered",
    "late_receipt": "delivered",
    "duplicate_receipt": "delivered",
    "receipt_before_answer": "delivered",
    "transient_then_delivered": "delivered",
    "timeout_after_accept": "delivered",
    "not_on_zalo": "rejected",
    "blocked": "rejected",
    "never_delivered": "expired",
    "quota_exceeded": "expired",
    "server_error": "undeliverable",
    ORDINARY: "delivered",
}


def outcomes(accounts: Mapping[str, Any]) -> dict[str, str]:
    """Return phone number -> outcome of the magic recipients in what the sandbox lists. Raises DemoError."""
    try:
        magic: dict[str, str] = accounts[BUSINESS_HOST]["magic"]
    except (KeyError, TypeError) as error:
        raise DemoError("the sandbox lists no magic recipients") from error
    unknown = set(magic.values()) - set(ENDS)
    if unknown:
        raise DemoError(f"the sandbox has outcomes that the demo does not know: {', '.join(sorted(unknown))}")
    return magic
