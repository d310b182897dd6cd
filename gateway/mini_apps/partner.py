"""The partner client with the credentials of the environment, or with those of the sandbox."""

from typing import Any, Final

import msgspec
from django.conf import settings

from gateway.environment import env
from providers.contract import Call, Reply
from providers.mini_app.hosts import API_HOST
from providers.mini_app_partner.client import PartnerClient
from providers.transport import exchange

SANDBOX_SECONDS: Final = 5.0


class PartnerNotSet(Exception):
    """There is no partner to speak for; the text says what to set."""


def partner_client(*, sandbox: bool = False, family: str = "partners", proxy: str = "") -> PartnerClient:
    """Return the client of the platform's partner, or of the sandbox's. Raises PartnerNotSet.

    `proxy` (host:port) stands before MINI_APP_PROXY; the sandbox is called without one unless `proxy` names it.
    """
    if sandbox:
        return _client(_sandbox_credentials(settings.SANDBOX_URL), family, proxy, settings.SANDBOX_URL)
    credentials = {
        "partner_id": env.str("MINI_APP_PARTNER_ID", ""),
        "partner_api_key": env.str("MINI_APP_PARTNER_API_KEY", ""),
    }
    if not all(credentials.values()):
        raise PartnerNotSet("set MINI_APP_PARTNER_ID and MINI_APP_PARTNER_API_KEY, or use --sandbox")
    return _client(credentials, family, proxy or env.str("MINI_APP_PROXY", ""), "")


def own_partner() -> tuple[PartnerClient, bool]:
    """Return the client of the platform's partner; where none is set, the sandbox's and True. Raises PartnerNotSet."""
    sandboxed = not env.str("MINI_APP_PARTNER_ID", "") and bool(settings.SANDBOX_URL)
    return partner_client(sandbox=sandboxed), sandboxed


def _client(credentials: dict[str, str], family: str, proxy: str, origin: str) -> PartnerClient:
    try:
        return PartnerClient(credentials | {"family": family}, proxy=proxy, origin=origin)
    except ValueError as error:
        raise PartnerNotSet(str(error)) from None


def _sandbox_credentials(origin: str) -> dict[str, str]:
    if not origin:
        raise PartnerNotSet("SANDBOX_URL is not set")
    reply = exchange(Call(method="GET", url=f"{origin}/_/accounts", timeout=SANDBOX_SECONDS))
    if not isinstance(reply, Reply):
        raise PartnerNotSet(f"the sandbox at {origin} does not answer: {reply.reason}")
    try:
        shown: dict[str, Any] = msgspec.json.decode(reply.body)[API_HOST]["credentials"]
        return {"partner_id": shown["partnerId"], "partner_api_key": shown["partnerApiKey"]}
    except (msgspec.DecodeError, KeyError, TypeError):
        raise PartnerNotSet(f"the sandbox at {origin} lists no Mini App partner") from None
