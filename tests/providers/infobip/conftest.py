"""A running sandbox, its accounts at Infobip, and a client that speaks the wire by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.providers.sandbox.running import HttpReply, RunningSandbox, Webhook

HOST = "api.infobip.com"


class Wire:
    """Calls of one account, written by hand and apart from the adapter."""

    def __init__(self, sandbox: RunningSandbox, account: dict[str, Any], host: str = HOST) -> None:
        self.sandbox, self.account, self.host = sandbox, account, host

    def call(self, method: str, path: str, body: object = None, key: str = "", wait: float = 10.0) -> HttpReply:
        headers = {"Authorization": f"App {key or self.account['apiKey']}"}
        return self.sandbox.call(method, f"/{self.host}{path}", body, headers, wait)

    def get(self, path: str) -> Any:
        return self.call("GET", path).json()

    def template(self, name: str = "otp") -> int:
        return next(int(one["id"]) for one in self.account["templates"] if one["name"] == name)

    def zalo(self, *destinations: tuple[str, str], url: str = "", **changed: Any) -> dict[str, Any]:
        """Return a message to each (recipient, id)."""
        message: dict[str, Any] = {
            "sender": self.account["sender"],
            "destinations": [{"to": to, "messageId": leg} for to, leg in destinations],
            "content": {"type": "TEMPLATE", "templateName": self.template(), "templateData": {"otp": "123456"}},
        }
        return message | ({"webhooks": {"delivery": {"url": url}}} if url else {}) | changed

    def sms(self, *destinations: tuple[str, str], url: str = "", **changed: Any) -> dict[str, Any]:
        message = self.zalo(*destinations, url=url, content={"text": "xin chao"})
        return message | {"sender": self.account["smsSender"]} | changed

    def send(self, *messages: dict[str, Any], path: str = "/zalo/2/messages", wait: float = 10.0) -> HttpReply:
        return self.call("POST", path, {"messages": messages}, wait=wait)

    def statuses(self, *messages: dict[str, Any], path: str = "/zalo/2/messages") -> list[str]:
        return [one["status"]["name"] for one in self.send(*messages, path=path).json()["messages"]]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("infobip"))
    yield running
    running.stop()


@pytest.fixture
def sandbox(shared: RunningSandbox) -> Iterator[RunningSandbox]:
    """The running sandbox with quick receipts, without faults."""
    shared.settings(receiptDelayMs=50, lateReceiptMs=400, dailyQuota=100_000_000)
    yield shared
    shared.call("DELETE", "/_/faults")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[RunningSandbox]:
    """A sandbox that the test may stop, and whose counters nobody else moves."""
    running = RunningSandbox(tmp_path / "home")
    running.settings(receiptDelayMs=50)
    yield running
    if running.process.poll() is None:
        running.stop()


def wire_of(sandbox: RunningSandbox, number: int = 0) -> Wire:
    return Wire(sandbox, sandbox.call("GET", "/_/accounts").json()[HOST]["accounts"][number])


@pytest.fixture
def wire(sandbox: RunningSandbox) -> Wire:
    return wire_of(sandbox)


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    listening = Webhook()
    yield listening
    listening.close()
