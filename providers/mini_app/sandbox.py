"""The host openapi.mini.zalo.me as the sandbox imitates it (zalo-mini-app.md)."""

from collections.abc import Mapping
from typing import Any

from providers.mini_app.hosts import API_HOST
from providers.sandbox.exchange import Answer, HookCall, Host, Request, Result, Subject
from providers.sandbox.mini_app.access import FAMILIES, Refusal, check_partner, owner_of, reported, worded
from providers.sandbox.mini_app.managed import Managed
from providers.sandbox.mini_app.management import Management
from providers.sandbox.mini_app.notifying import Notifying
from providers.sandbox.mini_app.owners import (
    BY_MINI_APP,
    BY_ZALO_APP,
    FIRST,
    MAGIC,
    OWNERS,
    PARTNER,
    SHARED,
    STATS,
    Owner,
)
from providers.sandbox.mini_app.payments import Payments
from providers.sandbox.mini_app.statistics import statistics
from providers.sandbox.state import Sandbox


def hosts(sandbox: Sandbox) -> dict[str, Host]:
    """Return the host of Mini Apps."""
    return {API_HOST: MiniAppHost(sandbox)}


class MiniAppHost(Host):
    """Notifications and statistics for the owners of Zalo Apps, management for the partner."""

    def __init__(self, sandbox: Sandbox) -> None:
        managed = Managed(sandbox)
        self._notifying = Notifying(sandbox)
        self._payments = Payments(managed)
        self._managed = managed
        self._routes = {**Management(sandbox, managed).routes(), **self._payments.routes()}

    async def answer(self, request: Request) -> Result:
        """Return what the host says; whatever it refuses comes with HTTP 200 and a code, but for a server error."""
        family = next((each for each in FAMILIES if request.path.startswith(each + "/")), "")
        try:
            if (request.method, request.path) == ("POST", "/notification/template"):
                return await self._notifying.send(request)
            names = request.path.removeprefix(family).strip("/").split("/")
            if names[0] == "apps" and len(names) <= 4:
                return await self._apps(request, family, names[1:])
        except Refusal as refusal:
            return worded(refusal.code, refusal.text, refusal.status)
        return Answer(status=404, body=b"Not Found", content_type="text/plain")

    async def _apps(self, request: Request, family: str, names: list[str]) -> Answer:
        app_id, what = (names[0] if names else ""), (names[1] if len(names) > 1 else "*")
        if (request.method, what) == ("GET", "stats"):
            return self._statistics(request, family, app_id)
        check_partner(request)
        if (request.method, what, len(names)) == ("PUT", "payment-channels", 3):
            return await self._payments.update(request, app_id, names[2])
        route = self._routes.get((request.method, what))
        if route is None or not family or len(names) > 2 or (what == "*") != (not names):
            return Answer(status=404, body=b"Not Found", content_type="text/plain")
        return await route(request, app_id)

    def _statistics(self, request: Request, family: str, app_id: str) -> Answer:
        if family:
            check_partner(request)
            self._managed.find(app_id)
            return statistics(request, app_id)
        owner = owner_of(request, STATS)
        if request.headers.get("x-zalo-appid") != owner.zalo_app_id:
            raise Refusal(-108, "App ID is invalid")
        if app_id not in owner.mini_apps:
            raise Refusal(-114, "Invalid Mini App Id")
        return statistics(request, app_id)

    def subject(self, request: Request) -> Subject:
        """Return the user of a notification and the Zalo App of its Mini App."""
        owner = BY_MINI_APP.get(request.headers.get("x-miniapp-id", ""))
        return Subject(to=request.headers.get("x-user-id", ""), account=owner.zalo_app_id if owner else "")

    def worded(self, code: int, message: str, status: int) -> Answer:
        """Return the error of a fault in the envelope of this host."""
        return worded(code, message, status)

    def accounts(self) -> dict[str, Any]:
        """Return the first owner's credentials with the partner's, templates, magic users, and all owners."""
        return {
            "credentials": FIRST.credentials() | PARTNER.credentials(),
            "templates": _sendable(FIRST),
            "magic": MAGIC,
            "owners": [
                {
                    "name": owner.name,
                    **owner.credentials(),
                    "miniApps": owner.mini_apps,
                    "scopes": owner.scopes,
                    "templates": _sendable(owner),
                }
                for owner in OWNERS
                if not owner.shared
            ],
            "test": SHARED.credentials(),
        }

    def event(self, account: str, event: Mapping[str, Any]) -> HookCall | None:
        """Return the report of any event of a Zalo App or of the partner; who withdraws is refused from then on."""
        owner = BY_ZALO_APP.get(account)
        if owner is None and account != PARTNER.partner_id:
            return None
        if event.get("event") == "user.revoke.consent":
            self._notifying.withdraw(str(event.get("appId", "")), str(event.get("userId", "")))
        return reported(account, event, owner.api_key if owner else PARTNER.api_key)


def _sendable(owner: Owner) -> list[dict[str, Any]]:
    return [
        {"id": each.id, "name": each.name, "params": [parameter.name for parameter in each.parameters]}
        for each in owner.templates.values()
        if each.status == "ENABLE" and not each.journey
    ]
