"""Who calls, how answers are worded, and how events are signed (zalo-mini-app.md sections 1 and 5)."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import msgspec

from providers.sandbox.exchange import Answer, HookCall, Request, json_answer
from providers.sandbox.mini_app.owners import BY_KEY, PARTNER, Owner

FAMILIES = ("/partners", "/v2")


class Refusal(Exception):
    """An answer that is not a success: a code of section 4, its text and, rarely, an HTTP status."""

    def __init__(self, code: int, text: str, status: int = 200) -> None:
        super().__init__(text)
        self.code, self.text, self.status = code, text, status


def worded(code: int, text: str, status: int = 200) -> Answer:
    """Return a refusal on the wire."""
    return json_answer({"err": code, "msg": text}, status)


def success(data: Mapping[str, Any] | None = None) -> Answer:
    """Return a success; without data the envelope has none."""
    return json_answer({"err": 0, "msg": "Success"} if data is None else {"err": 0, "msg": "Success", "data": data})


def owner_of(request: Request, scope: str) -> Owner:
    """Return the Zalo App whose key the request carries, with `Bearer ` before it. Raises Refusal."""
    given = request.headers.get("x-api-key", "")
    if not given:
        raise Refusal(-104, "Authentication is required")
    owner = BY_KEY.get(given.removeprefix("Bearer ")) if given.startswith("Bearer ") else None
    if owner is None:
        raise Refusal(-102, "Invalid Api Key")
    if scope not in owner.scopes:
        raise Refusal(-112, "Invalid scope")
    return owner


def check_partner(request: Request) -> None:
    """Return if the request carries the partner's id and key. Raises Refusal."""
    given = request.headers.get("x-partner-api-key", "")
    if not given:
        raise Refusal(-104, "Authentication is required")
    if request.headers.get("x-partner-id") != PARTNER.partner_id:
        raise Refusal(-115, "Partner is invalid")
    if not hmac.compare_digest(given.encode(), f"Bearer {PARTNER.api_key}".encode()):
        raise Refusal(-116, "Partner Api Key is invalid")


def reported(hook: str, event: Mapping[str, Any], key: str) -> HookCall:
    """Return the call that reports a flat `event`, signed with `key` over the values in the order of their names."""
    text = "".join(_text(value) for _, value in sorted(event.items()))
    digest = hashlib.sha256(f"{text}{key}".encode()).hexdigest()
    headers = {"Content-Type": "application/json", "X-ZEvent-Signature": digest}
    return HookCall(hook=hook, headers=headers, body=msgspec.json.encode(event))


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
