"""A sandbox as a process of its own, a client for it and a webhook that it can call."""

import hashlib
import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

BUSINESS, OAUTH, OA = "business.openapi.zalo.me", "oauth.zaloapp.com", "openapi.zalo.me"
OTP = {"otp": "123456"}
BOUND = 10.0


@dataclass
class HttpReply:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def eventually(condition: Callable[[], Any], bound: float = BOUND) -> Any:
    """Return the first true value of `condition`, or its last value when the bound (seconds) is reached."""
    end = time.monotonic() + bound
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return value


class RunningSandbox:
    def __init__(self, home: Path, retry_scale: float = 0.001) -> None:
        self.home, self.retry_scale = home, retry_scale
        self.start()

    def start(self, port: int = 0) -> None:
        command = [sys.executable, "-m", "providers.sandbox", "--port", str(port), "--home", str(self.home)]
        self.process = subprocess.Popen(
            [*command, "--retry-scale", str(self.retry_scale)], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.announced = self.process.stdout.readline()
        self.port = int(self.announced.split("://127.0.0.1:")[1].split()[0])

    def stop(self) -> None:
        """Ask it to stop. Raises TimeoutExpired where it does not within the bound."""
        self.process.terminate()
        self.process.wait(BOUND)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, str] | None = None,
        wait: float = BOUND,
    ) -> HttpReply:
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body, ensure_ascii=False).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=wait)
        try:
            connection.request(method, path, raw, headers or {})
            reply = connection.getresponse()
            return HttpReply(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def accounts(self) -> dict[str, Any]:
        accounts: dict[str, Any] = self.call("GET", "/_/accounts").json()[BUSINESS]
        return accounts

    def settings(self, **fields: Any) -> HttpReply:
        return self.call("POST", "/_/settings", fields)

    def business(self, method: str, path: str, body: object = None, token: str = "", **headers: str) -> HttpReply:
        token = token or self.accounts()["credentials"]["accessToken"]
        return self.call(method, f"/{BUSINESS}{path}", body, {"access_token": token, **headers})

    def send(
        self,
        phone: str = "84987654321",
        template: str = "301002",
        data: object = OTP,
        *,
        token: str = "",
        wait: float = BOUND,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> HttpReply:
        body = {"phone": phone, "template_id": template, "template_data": data, **more}
        token = token or self.accounts()["credentials"]["accessToken"]
        path = f"/{BUSINESS}/message/template"
        return self.call("POST", path, body, {"access_token": token, **(headers or {})}, wait)

    def grant(self, **form: str) -> HttpReply:
        """Call the token endpoint as the first app unless told otherwise."""
        credentials = self.accounts()["credentials"]
        secret = form.pop("secret_key", credentials["secretKey"])
        fields = {"app_id": credentials["appId"], **form}
        headers = {"secret_key": secret, "Content-Type": "application/x-www-form-urlencoded"}
        return self.call("POST", f"/{OAUTH}/v4/oa/access_token", urlencode(fields).encode(), headers)

    def refresh(self, token: str) -> HttpReply:
        return self.grant(grant_type="refresh_token", refresh_token=token)

    def record(self, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("GET", "/_/requests?" + urlencode(query)).json()
        return found


@dataclass
class Heard:
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Webhook:
    """Answers with the next of `statuses`, then 200; with `hang` the first call waits until that is set."""

    statuses: list[int] = field(default_factory=list)
    hang: threading.Event | None = None
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                webhook.heard.append(Heard({k.lower(): v for k, v in self.headers.items()}, body))
                if webhook.hang and len(webhook.heard) == 1:
                    webhook.hang.wait(BOUND)
                self.send_response(webhook.statuses.pop(0) if webhook.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, count: int, bound: float = BOUND) -> list[Heard]:
        """Return what was heard once it is at least `count`, or at the bound (seconds)."""
        eventually(lambda: len(self.heard) >= count, bound)
        return list(self.heard)


def sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
