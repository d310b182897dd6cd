"""The host api.infobip.com as the sandbox imitates it, with any account's own host (infobip.md)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from providers.infobip.calls import SHARED_HOST
from providers.infobip_sms.sandbox import SmsPaths
from providers.sandbox.exchange import Answer, HookCall, Host, Request, Result, Subject, json_answer
from providers.sandbox.infobip.access import account_of, authorised
from providers.sandbox.infobip.bodies import json_object
from providers.sandbox.infobip.ledger import Ledger
from providers.sandbox.infobip.listing import shown_accounts
from providers.sandbox.infobip.purse import CURRENCY, Purse
from providers.sandbox.infobip.seeds import ACCOUNTS
from providers.sandbox.infobip.sending import HEADERS
from providers.sandbox.infobip.wire import Refusal
from providers.sandbox.infobip.zalo import ZaloPaths
from providers.sandbox.state import Sandbox

Answering = Callable[[Request], Awaitable[Result]]


def hosts(sandbox: Sandbox) -> dict[str, Host]:
    """Return the one host of Zalo messages and SMS."""
    return {SHARED_HOST: InfobipHost(sandbox)}


class InfobipHost(Host):
    """Zalo messages, SMS and the account's balance on one host."""

    def __init__(self, sandbox: Sandbox) -> None:
        ledger, self._purse = Ledger(sandbox), Purse(sandbox)
        self._zalo = ZaloPaths(sandbox, ledger, self._purse)
        self._routes: dict[tuple[str, str], Answering] = {
            **self._zalo.routes,
            **SmsPaths(sandbox, ledger, self._purse).routes,
            ("GET", "/account/1/balance"): self._balance,
        }

    async def answer(self, request: Request) -> Result:
        """Return what Infobip says; a refusal has its own HTTP status and one of two envelopes."""
        try:
            route = self._routes.get((request.method, request.path)) or self._zalo.sender_route(request)
            if route is None:
                raise Refusal(404)
            return await route(request)
        except Refusal as refusal:
            return refusal.answer()

    def subject(self, request: Request) -> Subject:
        """Return the first recipient of a send, and the sender of the key's account."""
        account = account_of(request)
        try:
            to = str((json_object(request.body) or {})["messages"][0]["destinations"][0]["to"])
        except (KeyError, IndexError, TypeError):
            to = ""
        return Subject(to=to, account=account.sender if account else "")

    def accounts(self) -> dict[str, Any]:
        """Return seeded accounts, templates and recipients."""
        return shown_accounts()

    def worded(self, code: int, message: str, status: int) -> Answer:
        """Return a fault's error in the newer envelope; its code stands for nothing here."""
        return Refusal(status, text=message).answer()

    def event(self, account: str, event: Mapping[str, Any]) -> HookCall | None:
        """Return the call that reports any one row to the subscription of a sender."""
        if account not in {each.sender for each in ACCOUNTS}:
            return None
        return HookCall(hook=account, headers=HEADERS, body=msgspec.json.encode({"results": [event]}))

    async def _balance(self, request: Request) -> Result:
        return json_answer({"balance": float(self._purse.balance(authorised(request))), "currency": CURRENCY})
