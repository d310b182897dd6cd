"""A sandbox with NXCloud's customers, and an address that hears its reports with their path and query."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from providers.contract import Context, Event, Hook, Provider
from tests.providers.sandbox.running import RunningSandbox, eventually

API, API2 = "api.nxcloud.com", "api2.nxcloud.com"
TOKEN = "9f2c4b"
SECRETS = {"hook_token": TOKEN}


@dataclass
class Reports:
    """Answers with the next of `statuses`, then 200."""

    statuses: list[int] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)

    def __post_init__(self) -> None:
        reports = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                url = urlsplit(self.path)
                hook = Hook(
                    method="POST",
                    path=url.path,
                    headers={name.lower(): value for name, value in self.headers.items()},
                    body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
                    query=dict(parse_qsl(url.query)),
                )
                reports.hooks.append(hook)
                self.send_response(reports.statuses.pop(0) if reports.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hooks/nx/{TOKEN}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def events(self, wire: Provider, leg: str, count: int, bound: float = 10.0) -> list[Event]:
        """Return the events of a leg once there are `count`, or what there is at the bound (seconds)."""
        found: list[Event] = []

        def enough() -> bool:
            found[:] = [event for hook in list(self.hooks) for event in wire.read_events(hook, SECRETS, now())]
            found[:] = [event for event in found if event.leg_id == leg]
            return len(found) >= count

        eventually(enough, bound)
        return found


def now() -> Context:
    return Context(now=datetime.now(UTC))


def context(sandbox: RunningSandbox, reports: Reports | None = None, timeout: float = 5.0) -> Context:
    origin, hook = f"http://127.0.0.1:{sandbox.port}", reports.url if reports else ""
    return Context(now=datetime.now(UTC), origin=origin, hook_url=hook, timeout=timeout)


def accounts(sandbox: RunningSandbox, host: str = API) -> dict[str, Any]:
    found: dict[str, Any] = sandbox.call("GET", "/_/accounts").json()[host]
    return found


def keys(customer: dict[str, Any]) -> dict[str, str]:
    """Return a customer of `/_/accounts` as the adapter's credentials."""
    return {
        "access_key": customer["accessKey"],
        "access_secret": customer["accessSecret"],
        "appkey": customer["appkey"],
        "secretkey": customer["secretkey"],
    }


def template(sandbox: RunningSandbox, name: str) -> str:
    found: str = next(one["id"] for one in accounts(sandbox)["templates"] if one["name"] == name)
    return found
