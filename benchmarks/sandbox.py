"""The sandbox as a benchmark needs it: quiet, quick, and with what a call to it must carry."""

import json
import urllib.request
from typing import Any

import msgspec

from providers.zalo.hosts import BUSINESS_HOST

SECONDS = 10.0


class Grant(msgspec.Struct, frozen=True):
    """What a plain program needs to send over the sandbox: where, as whom, which template with which parameters."""

    url: str
    access_token: str
    template: str
    parameters: tuple[str, ...]


class Control:
    """The sandbox's control pages at `origin`. Raises OSError where it does not answer."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Return the decoded answer of a control page."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.origin + path, data, method=method)  # noqa: S310  http on loopback
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:  # noqa: S310
            raw = reply.read()
        return json.loads(raw) if raw else None

    def grant(self, template: str) -> Grant:
        """Return what sending `template` takes now."""
        host = self.ask("GET", "/_/accounts")[BUSINESS_HOST]
        parameters = next(known["params"] for known in host["templates"] if known["id"] == template)
        url = f"{self.origin}/{BUSINESS_HOST}/message/template"
        return Grant(url, host["credentials"]["accessToken"], template, tuple(parameters))

    def silence(self) -> None:
        """Send no receipts from now on."""
        for hook in self.ask("GET", "/_/webhook")["urls"]:
            self.ask("PUT", "/_/webhook", {"appId": hook, "url": ""})

    def settings(self, **fields: object) -> None:
        """Change switches of the sandbox."""
        self.ask("POST", "/_/settings", fields)

    def forget_requests(self) -> None:
        """Empty the record of calls."""
        self.ask("DELETE", "/_/requests")
