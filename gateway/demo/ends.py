"""Which end each recipient of the sandbox prescribes to a message on a route of one step."""

from typing import Any, Final

from gateway.demo.client import Client
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


def outcomes(sandbox: str) -> dict[str, str]:
    """Return phone number -> outcome, as the sandbox at this origin lists its magic recipients. Raises DemoError."""
    listed: Any = Client(sandbox).get("/_/accounts")
    try:
        magic: dict[str, str] = listed[BUSINESS_HOST]["magic"]
    except (KeyError, TypeError) as error:
        raise DemoError(f"the sandbox at {sandbox} lists no magic recipients") from error
    unknown = set(magic.values()) - set(ENDS)
    if unknown:
        raise DemoError(f"the sandbox has outcomes that the demo does not know: {', '.join(sorted(unknown))}")
    return magic
