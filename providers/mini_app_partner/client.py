"""Carries a partner's calls, one at a time, where need be by way of its forward proxy."""

import ssl
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from providers.contract import Answer, Call, Context
from providers.mini_app.asking import answered
from providers.mini_app_partner.calls import PartnerCalls
from providers.mini_app_partner.making import CallMaker
from providers.mini_app_partner.payment_calls import PaymentCalls
from providers.transport import exchange

TIMEOUT: Final = 30.0


class PartnerClient:
    """A partner with its credentials (see `CallMaker`): `run` sends what `calls` and `payments` make.

    `proxy` is `host:port` of a plain HTTP forward proxy, empty for none: Zalo lets listed addresses in alone, and the
    one that it knows may be the proxy's. `origin` is empty for Zalo's host, else the sandbox's. `timeout` is in
    seconds. Raises ValueError for a proxy that cannot be read and KeyError for an unknown family.
    """

    def __init__(
        self,
        credentials: Mapping[str, str],
        *,
        proxy: str = "",
        origin: str = "",
        timeout: float = TIMEOUT,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        maker = CallMaker(credentials, Context(now=datetime.now(UTC), origin=origin, timeout=timeout))
        self.calls = PartnerCalls(maker)
        self.payments = PaymentCalls(maker)
        self._proxy = proxy_url(proxy)
        self._tls = tls

    def run(self, call: Call, known: Iterable[str] = ()) -> Answer:
        """Send `call` once and return the envelope's data, or why there is none; never raises.

        An answer that did not come leaves open whether a change was made: look before it is tried again. `known` are
        texts that Zalo's wording must not echo.
        """
        return answered(exchange(call, self._tls, self._proxy), known)


def proxy_url(proxy: str) -> str:
    """Return the URL of `host:port`, empty for an empty one. Raises ValueError."""
    if not proxy:
        return ""
    parts = urlsplit(proxy if "//" in proxy else f"http://{proxy}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme != "http" or not parts.hostname or port is None or parts.path not in ("", "/"):
        raise ValueError("proxy: is host:port of a plain HTTP proxy")
    return f"http://{parts.netloc}"
