"""API keys: issued once in clear, stored as a hash, checked in memory.

A token reads `ngw_live_<prefix>_<secret>` (or `ngw_test_...`). Checked keys are kept in the process for at most 30 s:
that is how long a revoked key, or one of a tenant made inactive, may still be let in elsewhere.
"""

import hmac
import secrets
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Least

from tenants import clock
from tenants.models import ApiKey, Tenant

LIFETIME: Final = 30.0
MOST_KEPT: Final = 20_000
USED_EVERY: Final = 60.0
_NOBODY: Final = bytes(32)
Network = IPv4Network | IPv6Network


class InvalidKey(Exception):
    """The token lets nobody in. The text is for logs; clients are told no more than that the key is not valid."""


class AddressNotAllowed(Exception):
    """The key is good but not from this address."""


class Principal(NamedTuple):
    """Who calls: a tenant's application. `rate_limit` is calls a minute, None for no limit."""

    tenant_id: int
    tenant_slug: str
    time_zone: str
    key_id: int
    mode: str
    scopes: frozenset[str]
    rate_limit: int | None


class Issued(NamedTuple):
    """A new key and its token, which is shown now and never again."""

    key: ApiKey
    token: str


class _Kept:
    """A key as this process checks it; times are of the monotonic clock."""

    __slots__ = ("digest", "ends", "kept_until", "networks", "principal", "refusal", "use_noted")

    def __init__(self, row: ApiKey, read_at: datetime) -> None:
        here = time.monotonic()
        self.digest = bytes(row.digest)
        self.kept_until = here + LIFETIME
        self.ends = here + (row.expires_at - read_at).total_seconds() if row.expires_at else float("inf")
        self.use_noted = here - (read_at - row.last_used_at).total_seconds() if row.last_used_at else float("-inf")
        self.networks = _networks(row.allowed_networks)
        self.refusal = "the key is revoked" if row.revoked_at else ""
        if not row.tenant.is_active:
            self.refusal = "the tenant is inactive"
        self.principal = Principal(
            tenant_id=row.tenant_id,
            tenant_slug=row.tenant.slug,
            time_zone=row.tenant.time_zone,
            key_id=row.pk,
            mode=row.mode,
            scopes=frozenset(row.scopes),
            rate_limit=row.rate_limit,
        )


_kept: dict[str, _Kept] = {}


def issue(
    tenant: Tenant,
    name: str,
    mode: str = ApiKey.Mode.LIVE,
    scopes: Iterable[str] = (),
    *,
    allowed_networks: Sequence[str] = (),
    rate_limit: int | None = None,
    expires_at: datetime | None = None,
) -> Issued:
    """Store a new key of `tenant` and return it with its token.

    Raises ValidationError for an unknown mode or scope or a network that is none.
    """
    return issue_row(
        ApiKey(
            tenant=tenant,
            name=name,
            mode=mode,
            scopes=sorted(set(scopes)),
            allowed_networks=list(allowed_networks),
            rate_limit=rate_limit,
            expires_at=expires_at,
        )
    )


def issue_row(key: ApiKey) -> Issued:
    """Give the unsaved `key` its prefix and secret, store it and return it with its token."""
    key.prefix = secrets.token_hex(6)
    token = f"ngw_{key.mode}_{key.prefix}_{secrets.token_urlsafe(32)}"
    key.digest = sha256(token.encode()).digest()
    key.full_clean()
    key.save(force_insert=True)
    return Issued(key, token)


def authenticate(token: str, remote_address: str | None) -> Principal:
    """Return who calls with `token` from `remote_address`.

    Raises InvalidKey (unknown, revoked, expired, inactive tenant) or AddressNotAllowed.
    """
    prefix = _prefix(token)
    kept = _kept.get(prefix) if prefix else None
    if prefix and (kept is None or time.monotonic() >= kept.kept_until):
        kept = _read(prefix)
    digest = sha256(token.encode()).digest()
    if not hmac.compare_digest(digest, kept.digest if kept else _NOBODY) or kept is None:
        raise InvalidKey("no such key")
    here = time.monotonic()
    if kept.refusal or here >= kept.ends:
        raise InvalidKey(kept.refusal or "the key has expired")
    if kept.networks is not None and not _within(remote_address, kept.networks):
        raise AddressNotAllowed(f"key {prefix} is not allowed from this address")
    if here - kept.use_noted >= USED_EVERY:
        kept.use_noted = here
        _note_use(kept.principal.key_id)
    return kept.principal


def revoke(key: ApiKey) -> None:
    """Let nobody in by `key` any more: at once in this process, within 30 s in others.

    Revoking again changes nothing.
    """
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.Now())
    forget(key)
    key.refresh_from_db()


def rotate(key: ApiKey, overlap: timedelta) -> Issued:
    """Return a new key like `key`; the old one is let in for `overlap` more, or until its own end if that is sooner.

    Raises InvalidKey if the old one is revoked.
    """
    with transaction.atomic():
        old = ApiKey.objects.select_for_update().get(pk=key.pk)
        if old.revoked_at:
            raise InvalidKey("a revoked key is not rotated")
        fresh = ApiKey(
            tenant=old.tenant,
            name=old.name,
            mode=old.mode,
            scopes=old.scopes,
            allowed_networks=old.allowed_networks,
            rate_limit=old.rate_limit,
        )
        issued = issue_row(fresh)
        # PostgreSQL's LEAST passes over NULL: a key without an end gets one.
        ApiKey.objects.filter(pk=old.pk).update(expires_at=Least("expires_at", clock.Now() + overlap))
    forget(key)
    key.refresh_from_db()
    return issued


def forget(key: ApiKey | None = None) -> None:
    """Drop what this process knows of `key`, or of all keys; the next call reads the database."""
    if key is None:
        _kept.clear()
    else:
        _kept.pop(key.prefix, None)


def _prefix(token: str) -> str:
    parts = token.split("_", 3)
    fits = len(parts) == 4 and parts[0] == "ngw" and len(token) <= 128 and token.isascii() and parts[2].isalnum()
    return parts[2] if fits else ""


def _read(prefix: str) -> _Kept | None:
    row = ApiKey.objects.select_related("tenant").annotate(read_at=clock.Now()).filter(prefix=prefix).first()
    if row is None:
        _kept.pop(prefix, None)
        return None
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[prefix] = kept = _Kept(row, row.read_at)
    return kept


def _note_use(key_id: int) -> None:
    a_minute_ago = clock.Now() - timedelta(seconds=USED_EVERY)
    unused = Q(last_used_at=None) | Q(last_used_at__lt=a_minute_ago)
    ApiKey.objects.filter(unused, pk=key_id).update(last_used_at=clock.Now())


def _networks(texts: Sequence[str]) -> tuple[Network, ...] | None:
    """Return the networks, None where every address is allowed; a text that is no network allows nobody."""
    if not texts:
        return None
    found = []
    for text in texts:
        try:
            found.append(ip_network(text.strip(), strict=False))
        except ValueError:
            continue
    return tuple(found)


def _within(remote_address: str | None, networks: tuple[Network, ...]) -> bool:
    try:
        address = ip_address(remote_address or "")
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
