"""The sandbox's control pages, as far as seeding needs them: what is valid there now, and where it sends receipts."""

import time
from typing import Any, Final

import msgspec

from gateway.seeding.errors import SeedError
from providers.contract import Call, Reply
from providers.transport import exchange
from providers.zalo.hosts import BUSINESS_HOST

WAIT_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.2
CALL_SECONDS: Final = 5.0


class Granted(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """An official account of the sandbox with its app and the pair of tokens that is valid there now."""

    app_id: str
    secret_key: str
    oa_secret_key: str
    oa_id: str
    access_token: str
    refresh_token: str
    name: str = ""

    def __repr__(self) -> str:
        return f"<Granted {self.oa_id}>"


class Zalo(msgspec.Struct, frozen=True, kw_only=True):
    """What the sandbox seeded at Zalo's host: official accounts in its order, and the one of test keys."""

    accounts: tuple[Granted, ...]
    shared: Granted


class SandboxControl:
    """The control pages of the sandbox at `origin`. Every method raises SeedError if the sandbox does not answer."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def wait(self, seconds: float = WAIT_SECONDS) -> None:
        """Return once the sandbox is up."""
        ends = time.monotonic() + seconds
        while True:
            try:
                self._ask("GET", "/_/healthz")
                return
            except SeedError:
                if time.monotonic() >= ends:
                    raise
            time.sleep(LOOK_SECONDS)

    def accounts(self) -> dict[str, Any]:
        """Return what every host of the sandbox lists."""
        seeded: dict[str, Any] = msgspec.json.decode(self._ask("GET", "/_/accounts"))
        return seeded

    def zalo(self) -> Zalo:
        """Return the accounts at Zalo with tokens that work now."""
        seeded = self.accounts()
        try:
            host = seeded[BUSINESS_HOST]
            apps = {app["appId"]: app for app in host["apps"]}
            accounts = [{**apps[account["appId"]], **account} for account in host["officialAccounts"]]
            return msgspec.convert({"accounts": accounts, "shared": {**host["test"], "name": "Sandbox"}}, Zalo)
        except (KeyError, TypeError, msgspec.ValidationError) as error:
            raise SeedError(
                f"the sandbox at {self._origin} lists no Zalo accounts that can be read: {error}"
            ) from error

    def send_receipts_to(self, app_id: str, url: str) -> None:
        """Make the sandbox call `url` with the events of the app."""
        self._ask("PUT", "/_/webhook", {"appId": app_id, "url": url})

    def _ask(self, method: str, path: str, body: Any = None) -> bytes:
        headers = (("Content-Type", "application/json"),)
        sent = b"" if body is None else msgspec.json.encode(body)
        call = Call(method=method, url=f"{self._origin}{path}", headers=headers, body=sent, timeout=CALL_SECONDS)
        reply = exchange(call)
        if not isinstance(reply, Reply):
            raise SeedError(f"the sandbox at {self._origin} does not answer: {reply.reason}")
        if reply.status != 200:
            raise SeedError(f"the sandbox at {self._origin} answered {method} {path} with HTTP {reply.status}")
        return reply.body
