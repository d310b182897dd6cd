"""An adapter of the Official Account host against a running sandbox, with the events that its webhook hears."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from providers.contract import Answer, Context, Event, Hook, Outbound, Outcome, Provider, Question
from providers.transport import exchange
from tests.providers.sandbox.running import BUSINESS, OA, Heard, RunningSandbox, Webhook, eventually

LEG = "0192f0c1a2b37c4d8e9fa0b1c2d3e4f5"


class Talk:
    """The first official account of a sandbox; `seen` gives the events heard so far, verified and read."""

    def __init__(self, provider: Provider, sandbox: RunningSandbox, webhook: Webhook) -> None:
        self.provider, self.sandbox, self.webhook = provider, sandbox, webhook
        self.account: dict[str, Any] = sandbox.accounts()["credentials"]
        self.oa_id: str = self.account["oaId"]

    def listed(self) -> dict[str, Any]:
        found: dict[str, Any] = self.sandbox.call("GET", "/_/accounts").json()[OA]
        return found

    def magic(self, outcome: str) -> str:
        found: str = next(one for one, end in self.listed()["magic"].items() if end == outcome)
        return found

    def user(self, phone: str = "84912345678") -> str:
        return f"675{self.oa_id[-5:]}{phone}"

    def context(self, timeout: float = 5.0) -> Context:
        return Context(now=datetime.now(UTC), origin=f"http://127.0.0.1:{self.sandbox.port}", timeout=timeout)

    def send(self, user: str = "", timeout: float = 5.0, token: str = "", **fields: Any) -> Outcome:
        message = Outbound(leg_id=LEG, oa_user_id=user or self.user(), **fields)
        (call,) = self.provider.pack([message], self.credentials(token), self.context(timeout))
        (outcome,) = self.provider.unpack(call, exchange(call))
        return outcome

    def credentials(self, token: str = "") -> dict[str, str]:
        return {"access_token": token or self.sandbox.accounts()["credentials"]["accessToken"]}

    def ask(self, kind: str, **params: str) -> Answer:
        question = Question(kind=kind, params=params)
        return self.provider.answer(question, exchange(self.provider.ask(question, self.credentials(), self.context())))

    def act(self, user: str = "", **change: Any) -> Any:
        given = {"host": OA, "oaId": self.oa_id, "userId": user or self.user(), **change}
        return self.sandbox.call("POST", "/_/people", given).json()

    def read(self, heard: Heard) -> list[Event]:
        secrets = {"app_id": self.account["appId"], "oa_secret_key": self.account["oaSecretKey"]}
        hook = Hook(method="POST", path="/hook", headers=heard.headers, body=heard.body)
        return self.provider.read_events(hook, secrets, self.context())

    def events(self, name: str, count: int = 1) -> list[Event]:
        """Return the events of that name once there are `count`, or at the bound."""

        def heard() -> list[Event]:
            read = [event for one in list(self.webhook.heard) for event in self.read(one)]
            return [event for event in read if event.name == name]

        eventually(lambda: len(heard()) >= count)
        return heard()


@contextlib.contextmanager
def talking(provider: Provider, sandbox: RunningSandbox) -> Iterator[Talk]:
    """Listen for the sandbox's events while a test talks to it; leaves it as it was found."""
    webhook, before = Webhook(), sandbox.call("GET", "/_/settings").json()
    sandbox.call("DELETE", "/_/requests")
    sandbox.call("PUT", "/_/webhook", {"url": webhook.url})
    try:
        yield Talk(provider, sandbox, webhook)
    finally:
        # What is still on its way would else be heard by the next test.
        eventually(lambda: sandbox.call("GET", "/_/webhook").json()["waiting"] == 0)
        sandbox.call("PUT", "/_/webhook", {"url": ""})
        sandbox.call("DELETE", "/_/faults")
        sandbox.settings(**before)
        webhook.close()


__all__ = ["BUSINESS", "LEG", "OA", "Talk", "talking"]
