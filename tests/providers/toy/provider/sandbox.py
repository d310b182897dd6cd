"""The toy's host as the sandbox imitates it."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from providers.sandbox.exchange import Host, Request, Result, json_answer
from providers.sandbox.inbox import Shown
from providers.sandbox.state import Sandbox

KEY: Final = "toy-key"
MAGIC: Final = {"84900000101": "no_such_person"}
DELAY_SECONDS: Final = 0.05


def hosts(sandbox: Sandbox) -> dict[str, Host]:
    """Return the toy's one host."""
    return {"api.toy.example": ToyHost(sandbox)}


class ToyHost(Host):
    """Takes messages, shows them in the inbox and reports them to the address that each brings along."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def answer(self, request: Request) -> Result:
        """Return the toy's id of the message, or a refusal."""
        if request.headers.get("x-toy-key") != KEY:
            return json_answer({"error": "bad_key"}, 401)
        if request.path == "/me":
            return json_answer({"name": "Toy"})
        order = msgspec.json.decode(request.body, type=dict[str, Any])
        if order["to"] in MAGIC:
            return json_answer({"error": MAGIC[order["to"]], "to": order["to"]}, 400)
        return json_answer({"toyId": self._deliver(order)})

    def accounts(self) -> dict[str, Any]:
        """Return the key and the magic recipients."""
        return {"credentials": {"key": KEY}, "magic": MAGIC}

    def _deliver(self, order: Mapping[str, Any]) -> str:
        now = self._sandbox.now()
        shown = Shown(sender="Toy", title=order["toy"], text=str(order["says"]))
        report = msgspec.json.encode({"id": order["id"], "state": "delivered"})
        self._sandbox.webhooks.plan(order["report"], {"Content-Type": "application/json"}, report, now + DELAY_SECONDS)
        return self._sandbox.inbox.add(KEY, order["to"], shown, now, now + DELAY_SECONDS)
