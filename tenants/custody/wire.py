"""The calls to Zalo's token endpoint (zalo-zns-oa.md section 3.2)."""

from datetime import datetime
from typing import Final

from django.conf import settings

from providers.contract import Context
from providers.transport import exchange
from providers.zalo import oauth
from tenants.models import Account, ZaloApp

TIMEOUT_S: Final = 10.0


def context(app: ZaloApp, now: datetime) -> Context:
    """Return where the app's calls go: the sandbox for a sandboxed app, else Zalo's real hosts."""
    sandboxed = app.environment == Account.Environment.SANDBOX
    return Context(now=now, origin=settings.SANDBOX_URL if sandboxed else "", timeout=TIMEOUT_S)


def renew(app: ZaloApp, refresh_token: str, now: datetime) -> tuple[oauth.TokenAnswer, bool]:
    """Ask for a new pair; return the answer and whether an earlier one was lost on the way.

    A lost answer is asked for once more with the same refresh token: only that tells whether it was used up
    (zalo-zns-oa.md section 3.4). Takes at most twice TIMEOUT_S.
    """
    call = oauth.refresh(
        app_id=app.app_id, app_secret=app.app_secret, refresh_token=refresh_token, context=context(app, now)
    )
    answer = oauth.read_tokens(exchange(call))
    if not isinstance(answer, oauth.Ambiguous):
        return answer, False
    return oauth.read_tokens(exchange(call)), True


def redeem(app: ZaloApp, code: str, verifier: str, now: datetime) -> oauth.TokenAnswer:
    """Turn a consent's code into tokens."""
    call = oauth.exchange_code(
        app_id=app.app_id, app_secret=app.app_secret, code=code, verifier=verifier, context=context(app, now)
    )
    return oauth.read_tokens(exchange(call))


def wording(answer: oauth.Rejected | oauth.Transient | oauth.Ambiguous) -> str:
    """Return Zalo's own words on a refusal, or what went wrong on the way."""
    if isinstance(answer, oauth.Rejected):
        number = f"{answer.code} " if answer.code else ""
        return f"Zalo: {number}{' - '.join(part for part in (answer.name, answer.reason) if part)}"
    return answer.reason
