"""OAuth v4 of an Official Account: the consent URL, the two token calls and what their answers mean.

Pure: who stores tokens and when to refresh is decided elsewhere. Wire: zalo-zns-oa.md section 3.
"""

import base64
import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from providers.contract import Call, Context, NoAnswer, NotSent, Reply, Response
from providers.zalo.envelope import unreadable
from providers.zalo.fields import as_int, as_text, json_object
from providers.zalo.hosts import OAUTH_HOST
from providers.zalo.wording import clean

_TOKEN_PATH: Final = "/v4/oa/access_token"  # noqa: S105 (a path)
# Where no life is told: documented is 25 hours, seen are fixtures with one. Too short only refreshes early.
_DEFAULT_LIFE: Final = 3600


class Fault(StrEnum):
    """Who can mend a rejection: the account's administrator by consenting again, or the app's settings."""

    RECONNECT = "reconnect"
    CONFIGURATION = "configuration"


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """A new pair. `refresh_token` is empty where none was sent: the old one is then kept. Lives are in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    refresh_expires_in: int | None = None

    def __repr__(self) -> str:
        return f"Tokens(expires_in={self.expires_in}, refresh_expires_in={self.refresh_expires_in})"


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """The endpoint said no; trying the same again is useless. `code` is 0 where it told none."""

    code: int
    name: str
    reason: str
    fault: Fault


class Transient(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing was decided: not sent, or no answer of the endpoint. May be tried again with the same token."""

    reason: str


class Ambiguous(msgspec.Struct, frozen=True, kw_only=True):
    """The pair may have been exchanged without our seeing it: one more try with the same token tells (section 3.4)."""

    reason: str


TokenAnswer = Tokens | Rejected | Transient | Ambiguous

_CONFIGURATION_CODES: Final = frozenset({-14002, -14003, -14004, -14018})


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier: base64url without padding of its raw SHA-256."""
    return _base64url(hashlib.sha256(verifier.encode()).digest())


def verifier_from(randomness: bytes) -> str:
    """Return the 43-character PKCE verifier made of 32 random bytes. Raises ValueError for another number of bytes."""
    if len(randomness) != 32:
        raise ValueError("a verifier is made of 32 random bytes")
    return _base64url(randomness)


def permission_url(app_id: str, redirect_uri: str, state: str, challenge: str | None, context: Context) -> str:
    """Return the page at which the administrator of an Official Account consents.

    `redirect_uri` must equal the callback URL in the app's console. `challenge` None leaves PKCE out.
    """
    params = {"app_id": app_id, "redirect_uri": redirect_uri}
    if challenge:
        params["code_challenge"] = challenge
    return context.url(OAUTH_HOST, f"/v4/oa/permission?{urlencode({**params, 'state': state})}")


def exchange_code(*, app_id: str, app_secret: str, code: str, verifier: str = "", context: Context) -> Call:
    """Return the call that turns a consent's code (single use, ten minutes) into tokens."""
    form = {"code": code, "app_id": app_id, "grant_type": "authorization_code"}
    return _token_call({**form, "code_verifier": verifier} if verifier else form, app_secret, context)


def refresh(*, app_id: str, app_secret: str, refresh_token: str, context: Context) -> Call:
    """Return the call that turns a refresh token (single use) into a new pair."""
    form = {"refresh_token": refresh_token, "app_id": app_id, "grant_type": "refresh_token"}
    return _token_call(form, app_secret, context)


def read_tokens(response: Response) -> TokenAnswer:
    """Return what the token endpoint's response means. Never raises.

    Only a non-empty access token is success, for errors come with HTTP 200 and in several shapes. An empty 200 is how
    the endpoint answers a refresh token that was used before (section 3.3).
    """
    if isinstance(response, NotSent):
        return Transient(reason=response.reason)
    if isinstance(response, NoAnswer):
        return Ambiguous(reason=response.reason)
    fields = json_object(response.body)
    if fields is None:
        if response.status == 200 and not response.body.strip():
            return Rejected(code=0, name="empty answer", reason="the token was used before", fault=Fault.RECONNECT)
        return Transient(reason=unreadable(response))
    if access_token := as_text(fields.get("access_token")).strip():
        return Tokens(
            access_token=access_token,
            refresh_token=as_text(fields.get("refresh_token")).strip(),
            expires_in=_life(fields.get("expires_in")) or _DEFAULT_LIFE,
            refresh_expires_in=_life(fields.get("refresh_token_expires_in")),
        )
    return _refusal(fields, response)


def _refusal(fields: Mapping[str, Any], reply: Reply) -> Rejected | Transient:
    code = as_int(fields.get("error")) or 0
    name = clean(as_text(fields.get("error_name")))
    reason = clean(as_text(fields.get("error_reason")) or as_text(fields.get("error_description")))
    if not code and not name:
        return Transient(reason=unreadable(reply))
    if code and not -14999 <= code <= -14000:
        # Not of the family that judges grants: a good refresh token must not be given up for another trouble.
        return Transient(reason=name or clean(as_text(fields.get("message"))) or f"error {code}")
    fault = Fault.CONFIGURATION if code in _CONFIGURATION_CODES else Fault.RECONNECT
    return Rejected(code=code, name=name, reason=reason, fault=fault)


def _token_call(form: Mapping[str, str], app_secret: str, context: Context) -> Call:
    return Call(
        method="POST",
        url=context.url(OAUTH_HOST, _TOKEN_PATH),
        headers=(("secret_key", app_secret), ("Content-Type", "application/x-www-form-urlencoded")),
        body=urlencode(form).encode(),
        timeout=context.timeout,
    )


def _life(value: object) -> int | None:
    seconds = as_int(value)
    return seconds if seconds is not None and seconds > 0 else None


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
