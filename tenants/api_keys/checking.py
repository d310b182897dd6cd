"""Who calls: keys are checked in memory and kept in the process for at most 30 s."""

import hmac
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple

from django.db.models import Q

from tenants import clock
from tenants.models import ApiKey

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
