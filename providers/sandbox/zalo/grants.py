"""Tokens of official accounts: who holds which, until when, and what a refresh makes of them."""

import base64
import hashlib
import math
import secrets
from enum import Enum
from typing import Any

import msgspec

from providers.sandbox import schema
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.seeds import OFFICIAL_ACCOUNTS, OfficialAccount

REFRESH_SECONDS = 90 * 86_400
CODE_SECONDS = 600
# What /_/accounts shows must be usable for a while after it was read.
FRESH_SECONDS = 3_600


class Kind(Enum):
    """What a token is for."""

    ACCESS = "access"
    REFRESH = "refresh"
    CODE = "code"


class Token(msgspec.Struct, kw_only=True):
    """A token as it stands; `expires_at` in epoch seconds, infinite where it never ends; `spent` once it is dead."""

    text: str
    kind: Kind
    account: str
    expires_at: float
    spent: bool = False
    detail: dict[str, str] = {}

    def live(self, now: float) -> bool:
        """Return whether the token still works."""
        return not self.spent and now < self.expires_at

    def row(self) -> tuple[str, tuple[Any, ...]]:
        """Return the statement and row that save it."""
        end = None if math.isinf(self.expires_at) else self.expires_at
        detail = msgspec.json.encode(self.detail)
        return schema.PUT_TOKEN, (self.text, self.kind.value, self.account, end, self.spent, detail)


class Pair(msgspec.Struct, frozen=True):
    """What a grant yields; `seconds` is the life of the access token."""

    access_token: str
    refresh_token: str
    seconds: int


class Grants:
    """All tokens ever given that could still come back, in memory and on disk."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._tokens: dict[str, Token] = {}
        self._current: dict[tuple[str, Kind], Token] = {}
        self._load()

    def find(self, text: str, kind: Kind) -> Token | None:
        """Return the token of that kind, dead or alive, or None if it was never given."""
        token = self._tokens.get(text)
        return token if token is not None and token.kind is kind else None

    def account_of(self, token: Token) -> OfficialAccount:
        """Return the official account that the token is for."""
        return OFFICIAL_ACCOUNTS[token.account]

    def current(self, account: OfficialAccount) -> Pair:
        """Return a pair that works now, with a new access token beside the old if that one is at its end."""
        now = self._sandbox.now()
        access = self._current[account.id, Kind.ACCESS]
        if not access.live(now + min(FRESH_SECONDS, self._sandbox.settings.access_token_seconds / 2)):
            access = self._give(account, Kind.ACCESS)
            self._sandbox.store.put(*access.row())
        refresh = self._current[account.id, Kind.REFRESH]
        if not refresh.live(now):
            refresh = self._give(account, Kind.REFRESH)
            self._sandbox.store.put(*refresh.row())
        return Pair(access.text, refresh.text, self._seconds(access))

    async def consent(self, account: OfficialAccount, challenge: str, redirect_uri: str) -> str:
        """Return a new code, single use and good for ten minutes (3.1)."""
        code = self._give(account, Kind.CODE, {"challenge": challenge, "redirectUri": redirect_uri})
        await self._sandbox.store.commit(code.row())
        return code.text

    async def exchange(self, token: Token) -> Pair:
        """Spend a live code or refresh token and return the new pair, which is on disk by then.

        The shared account's pair stays as it is: many tenants hold it at once.
        """
        account = self.account_of(token)
        if account.shared:
            return self.current(account)
        changed = [token]
        token.spent = True
        old_access, old_refresh = self._current[account.id, Kind.ACCESS], self._current[account.id, Kind.REFRESH]
        if self._sandbox.settings.old_token_dies:
            old_access.spent = True
            changed.append(old_access)
        if old_refresh is not token:
            old_refresh.spent = True
            changed.append(old_refresh)
        access, refresh = self._give(account, Kind.ACCESS), self._give(account, Kind.REFRESH)
        await self._sandbox.store.commit(*(each.row() for each in (*changed, access, refresh)))
        return Pair(access.text, refresh.text, self._seconds(access))

    def _seconds(self, access: Token) -> int:
        if math.isinf(access.expires_at):
            return self._sandbox.settings.access_token_seconds
        return round(access.expires_at - self._sandbox.now())

    def _give(self, account: OfficialAccount, kind: Kind, detail: dict[str, str] | None = None) -> Token:
        life = {
            Kind.ACCESS: self._sandbox.settings.access_token_seconds,
            Kind.REFRESH: REFRESH_SECONDS,
            Kind.CODE: CODE_SECONDS,
        }[kind]
        token = Token(
            text=secrets.token_urlsafe(48),
            kind=kind,
            account=account.id,
            expires_at=math.inf if account.shared else self._sandbox.now() + life,
            detail=detail or {},
        )
        self._hold(token)
        return token

    def _hold(self, token: Token) -> None:
        self._tokens[token.text] = token
        if not token.spent and token.kind is not Kind.CODE:
            self._current[token.account, token.kind] = token

    def _load(self) -> None:
        rows = self._sandbox.store.load(
            "SELECT token, kind, account, expires_at, spent, detail FROM tokens "
            "WHERE expires_at IS NULL OR expires_at > ? ORDER BY expires_at",
            (self._sandbox.now() - REFRESH_SECONDS,),
        )
        for text, kind, account, end, spent, detail in rows:
            self._hold(
                Token(
                    text=text,
                    kind=Kind(kind),
                    account=account,
                    expires_at=math.inf if end is None else end,
                    spent=bool(spent),
                    detail=msgspec.json.decode(detail),
                )
            )
        for account in OFFICIAL_ACCOUNTS.values():
            self._seed(account)

    def _seed(self, account: OfficialAccount) -> None:
        now = self._sandbox.now()
        for kind, text, life in (
            (Kind.ACCESS, account.access_token, self._sandbox.settings.access_token_seconds),
            (Kind.REFRESH, account.refresh_token, REFRESH_SECONDS),
        ):
            if (account.id, kind) in self._current:
                continue
            token = self._tokens.get(text)
            if token is not None:
                token = self._give(account, kind)
            else:
                end = math.inf if account.shared else now + life
                token = Token(text=text, kind=kind, account=account.id, expires_at=end)
                self._hold(token)
            self._sandbox.store.put(*token.row())


def challenge_of(verifier: str) -> str:
    """Return the PKCE challenge of a verifier: base64url without padding of its SHA-256 (3.1)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
