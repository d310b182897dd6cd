"""Keys made, replaced and taken back; a token is known only when it is made."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.db.models.functions import Least

from tenants import clock
from tenants.api_keys.checking import InvalidKey, forget
from tenants.models import ApiKey, Tenant


class Issued(NamedTuple):
    """A new key and its token, which is shown now and never again."""

    key: ApiKey
    token: str


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
