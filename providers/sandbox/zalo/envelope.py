"""Answers and token checks that Zalo's API hosts share."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import msgspec

from providers.sandbox.exchange import Answer, Request, Subject, json_answer
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.grants import Grants, Kind
from providers.sandbox.zalo.seeds import APPS, OfficialAccount


class Refusal(Exception):
    """An answer that is not a success: a code of zalo-zns-oa.md section 8, its text and, rarely, an HTTP status."""

    def __init__(self, code: int, text: str, status: int = 200) -> None:
        super().__init__(text)
        self.code, self.text, self.status = code, text, status

    def answer(self) -> Answer:
        """Return the refusal on the wire; errors come with HTTP 200 and no data (section 2)."""
        return json_answer({"error": self.code, "message": self.text, "data": None}, self.status)


class TokenWords(msgspec.Struct, frozen=True, kw_only=True):
    """How one host words a bad token: (code, text) for unknown and for dead ones, and for a bad proof."""

    unknown: tuple[int, str]
    dead: tuple[int, str]
    proof: tuple[int, str]


def success(data: object, **beside: object) -> Answer:
    """Return the envelope of a success; `beside` stands next to `data`."""
    return json_answer({"error": 0, "message": "Success", "data": data, **beside})


def authorised(request: Request, sandbox: Sandbox, grants: Grants, words: TokenWords) -> OfficialAccount:
    """Return the official account of the request's `access_token`. Raises Refusal.

    Only the bare header counts; an Authorization header is as good as none (section 2).
    """
    text = request.headers.get("access_token", "")
    token = grants.find(text, Kind.ACCESS)
    if token is None:
        raise Refusal(*words.unknown)
    if not token.live(sandbox.now()):
        raise Refusal(*words.dead)
    account = grants.account_of(token)
    if account.app_id in sandbox.settings.prove:
        _prove(request, text, account, words)
    return account


def _prove(request: Request, text: str, account: OfficialAccount, words: TokenWords) -> None:
    key = APPS[account.app_id].secret_key.encode()
    wanted = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(request.headers.get("appsecret_proof", "").encode(), wanted.encode()):
        raise Refusal(*words.proof)


def subject_of(request: Request, grants: Grants, recipient: str) -> Subject:
    """Return whom the request concerns: the given recipient and the account of its token."""
    token = grants.find(request.headers.get("access_token", ""), Kind.ACCESS)
    return Subject(to=recipient, account=token.account if token else "")


def json_object(body: bytes) -> Mapping[str, Any] | None:
    """Return the body as a JSON object, or None if it is not one."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return value if isinstance(value, dict) else None
