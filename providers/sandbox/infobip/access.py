"""Who calls, and how often (infobip.md sections 1, 2 and 9)."""

import base64
import binascii
from collections import deque

from providers.sandbox.exchange import Request
from providers.sandbox.infobip.seeds import ACCOUNTS, BY_KEY, BY_WEAK_KEY, Account
from providers.sandbox.infobip.wire import Refusal


def account_of(request: Request) -> Account | None:
    """Return the account whose key the call carries, None if it carries no known one."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme == "App":
        return BY_KEY.get(secret) or BY_WEAK_KEY.get(secret)
    if scheme == "Basic":
        return _by_password(secret)
    return None


def authorised(request: Request, *, old: bool = False) -> Account:
    """Return the account of the call. Raises Refusal: 401 for an unknown key, 403 for one without scopes."""
    account = account_of(request)
    if account is None:
        raise Refusal(401, old=old)
    if request.headers.get("authorization", "") == f"App {account.weak_key}":
        raise Refusal(403, old=old)
    return account


def _by_password(secret: str) -> Account | None:
    """Return the account whose sender's name and key are user and password."""
    try:
        user, _, password = base64.b64decode(secret, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return next((one for one in ACCOUNTS if one.sms_sender == user and one.api_key == password), None)


class Meter:
    """Lets through so many calls a minute and account. Begins anew at a restart."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._calls: dict[str, deque[float]] = {}

    def count(self, account: Account, now: float, *, old: bool) -> None:
        """Count a call at `now` (epoch seconds). Raises Refusal 429 once there are too many."""
        calls = self._calls.setdefault(account.api_key, deque())
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= self._per_minute:
            raise Refusal(429, old=old, retry_after=max(1, int(calls[0] + 60 - now)))
        calls.append(now)
