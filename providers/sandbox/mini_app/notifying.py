"""A notification: every reason to refuse it, and what the phone shows (zalo-mini-app.md section 2)."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from providers.sandbox.exchange import Request, Result, Silence
from providers.sandbox.inbox import Shown
from providers.sandbox.inbox_page import VIETNAM
from providers.sandbox.mini_app.access import Refusal, owner_of, success
from providers.sandbox.mini_app.owners import MAGIC, PLATFORM, SEND, Owner
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.envelope import json_object
from providers.sandbox.zalo.templates import Template, Unfit, any_template, checked, shown

USER = re.compile(r"[0-9]{10,20}")
TRIED_AT_MOST = 10_000
# The tally keeps every name in memory: users are counted only where a limit is set for them.
COUNTED_BELOW = 1_000


class Notifying:
    """Sends for all Mini Apps. Who withdrew, and which calls failed once, survives a restart."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._tried = self._saved("mini app tried")
        self._withdrawn = self._saved("mini app withdrawn")

    def _saved(self, name: str) -> dict[str, None]:
        rows = self._sandbox.store.load("SELECT value FROM state WHERE name = ?", (name,))
        return msgspec.json.decode(rows[0][0], type=dict[str, None]) if rows else {}

    def withdraw(self, mini_app: str, user: str) -> None:
        """Refuse notifications of the Mini App to the user from now on."""
        self._withdrawn[f"{mini_app} {user}"] = None
        self._sandbox.store.keep("mini app withdrawn", self._withdrawn)

    async def send(self, request: Request) -> Result:
        """Carry out the order. Raises Refusal."""
        owner = owner_of(request, SEND)
        mini_app, user = request.headers.get("x-miniapp-id", ""), request.headers.get("x-user-id", "")
        if mini_app not in owner.mini_apps:
            raise Refusal(-114, "Invalid Mini App Id")
        body = json_object(request.body) or {}
        template_id, data = body.get("templateId"), body.get("templateData")
        if not user or not template_id or data is None:
            raise Refusal(-100, "Required parameters wasn't present")
        if not isinstance(template_id, str) or not isinstance(data, dict):
            raise Refusal(-101, "Invalid parameters")
        template = _template(owner, template_id, data)
        self._refuse(owner, mini_app, user, request.body)
        self._deliver(owner, mini_app, user, _shown(owner, template, data))
        return Silence.HOLD if MAGIC.get(user) == "timeout_after_accept" else success()

    def _refuse(self, owner: Owner, mini_app: str, user: str, body: bytes) -> None:
        magic = MAGIC.get(user)
        if magic == "server_error":
            raise Refusal(-107, "Failed", 500)
        if magic == "not_on_zalo" or not USER.fullmatch(user):
            raise Refusal(-110, "Invalid User Id")
        if magic == "blocked" or f"{mini_app} {user}" in self._withdrawn:
            raise Refusal(-111, "Invalid request. Your app is currently unable to send notifications to this user")
        if magic == "transient_then_delivered" and self._first_time(user, body):
            raise Refusal(-107, "Failed")
        self._check_day(owner, mini_app, user, magic)

    def _check_day(self, owner: Owner, mini_app: str, user: str, magic: str | None) -> None:
        settings, tally, now = self._sandbox.settings, self._sandbox.tally, self._sandbox.now()
        hour = settings.mini_app_hour
        if hour is None:
            hour = datetime.fromtimestamp(now, UTC).astimezone(VIETNAM).hour
        if settings.mini_app_hours and not 6 <= hour < 22:
            raise Refusal(-111, "Invalid request. Your app is currently unable to send notifications to this user")
        of_app = tally.used(f"mini app:{mini_app}", now) >= settings.mini_app_daily
        of_user = tally.used(f"mini app:{owner.zalo_app_id}:{user}", now) >= settings.mini_app_user_daily
        if magic == "quota_exceeded" or of_app or of_user:
            raise Refusal(-109, "Out of Quota")

    def _first_time(self, user: str, body: bytes) -> bool:
        key = hashlib.sha256(user.encode() + body).hexdigest()
        if key in self._tried:
            return False
        self._tried[key] = None
        if len(self._tried) > TRIED_AT_MOST:
            del self._tried[next(iter(self._tried))]
        self._sandbox.store.keep("mini app tried", self._tried)
        return True

    def _deliver(self, owner: Owner, mini_app: str, user: str, content: Shown) -> None:
        now, tally = self._sandbox.now(), self._sandbox.tally
        tally.add(f"mini app:{mini_app}", now)
        if self._sandbox.settings.mini_app_user_daily < COUNTED_BELOW:
            tally.add(f"mini app:{owner.zalo_app_id}:{user}", now)
        arrives = now + self._sandbox.settings.receipt_delay_ms / 1000
        self._sandbox.inbox.add(mini_app, user, content, now, arrives)


def _template(owner: Owner, template_id: str, data: Mapping[str, Any]) -> Template:
    template = owner.templates.get(template_id)
    if template is None and owner.shared:
        return any_template(template_id, data)
    if template is None or template.status != "ENABLE" or template.journey:
        raise Refusal(-101, "Invalid parameters: templateId")
    return template


def _shown(owner: Owner, template: Template, data: Mapping[str, Any]) -> Shown:
    try:
        values = checked(template, data)
    except Unfit as unfit:
        raise Refusal(-101, f"Invalid parameters: {unfit.text}") from None
    if template is not PLATFORM:
        return shown(template, values, "Zalo Mini App")
    button = values.get("buttonText", "")
    return Shown(
        sender="Zalo Mini App",
        title=values["title"],
        text=f"{values['contentTitle']}: {values['contentDescription']}",
        rows=(("Mini App", owner.name),),
        button=button,
    )
