"""Keys of a tenant's own: one a month that seals content, and one that never changes and makes recipients searchable.

Rows are made on demand, wrapped by the master key, and kept unwrapped in this process for at most 60 s. What runs for
each message (`ContentKey.seal`, `ContentKey.open`, `Recipients.hash`) touches no database.
"""

import os
import time
from datetime import date
from hashlib import blake2b

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from tenants.models import DataKey, Tenant
from tenants.sealing import NONCE, binding, seal, unseal

LIFETIME = 60.0
MOST_KEPT = 20_000
NEVER_ROTATED = date(1970, 1, 1)
Purpose = DataKey.Purpose
_urandom = os.urandom


class KeyGone(LookupError):
    """The key was dropped (what it sealed is erased) or its tenant does not exist."""


class ContentKey:
    """A tenant's content key of one month; `id` is stored beside what it seals."""

    __slots__ = ("_cipher", "id", "kept_until")

    def __init__(self, key_id: int, key: bytes, kept_until: float) -> None:
        self.id = key_id
        self.kept_until = kept_until
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, bound_to: bytes) -> bytes:
        """Return nonce and ciphertext of `plain`; `bound_to` names the message and the field it belongs to."""
        nonce = _urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Return the plain bytes. Raises cryptography's InvalidTag for other bytes, another key or another binding."""
        return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], bound_to)


class Recipients:
    """A tenant's search key: equal phone numbers have equal hashes within the tenant only."""

    __slots__ = ("_keyed", "kept_until")

    def __init__(self, key: bytes, kept_until: float) -> None:
        self.kept_until = kept_until
        self._keyed = blake2b(key=key, digest_size=16)

    def hash(self, phone: str) -> bytes:
        """Return the 16 bytes by which `phone` (E.164 without the plus) is found."""
        keyed = self._keyed.copy()
        keyed.update(phone.encode())
        return keyed.digest()


class TenantKeys:
    """The keys this process holds unwrapped; `lifetime` is in seconds. Safe from any thread."""

    def __init__(self, lifetime: float = LIFETIME) -> None:
        self.lifetime = lifetime
        self._content: dict[tuple[int | None, int, int], ContentKey] = {}
        self._by_id: dict[int, ContentKey] = {}
        self._recipients: dict[int | None, Recipients] = {}
        self._uncommitted: set[int] = set()

    def content_key(self, tenant_id: int | None, day: date) -> ContentKey:
        """Return the key that seals content of `day` (UTC). Raises KeyGone if there is no such tenant."""
        kept = self._content.get((tenant_id, day.year, day.month))
        if kept is not None and time.monotonic() < kept.kept_until:
            return kept
        key_id, plain = self._find_or_make(tenant_id, Purpose.CONTENT, day.replace(day=1))
        key = ContentKey(key_id, plain, time.monotonic() + self.lifetime)
        if key_id not in self._uncommitted:
            self._make_room()
            self._content[tenant_id, day.year, day.month] = self._by_id[key_id] = key
        return key

    def content_key_by_id(self, key_id: int) -> ContentKey:
        """Return the key that sealed a stored content. Raises KeyGone if it was dropped."""
        kept = self._by_id.get(key_id)
        if kept is not None and time.monotonic() < kept.kept_until:
            return kept
        row = DataKey.objects.filter(id=key_id, purpose=Purpose.CONTENT).first()
        if row is None:
            self._by_id.pop(key_id, None)
            raise KeyGone(f"data key {key_id} is gone")
        key = ContentKey(key_id, unwrap(row), time.monotonic() + self.lifetime)
        if key_id not in self._uncommitted:
            self._make_room()
            self._by_id[key_id] = key
        return key

    def recipients(self, tenant_id: int | None) -> Recipients:
        """Return the tenant's search key; take it once for many recipients. Raises KeyGone if there is no tenant."""
        kept = self._recipients.get(tenant_id)
        if kept is not None and time.monotonic() < kept.kept_until:
            return kept
        key_id, plain = self._find_or_make(tenant_id, Purpose.HASH, NEVER_ROTATED)
        key = Recipients(plain, time.monotonic() + self.lifetime)
        if key_id not in self._uncommitted:
            self._make_room()
            self._recipients[tenant_id] = key
        return key

    def recipient_hash(self, tenant_id: int | None, phone: str) -> bytes:
        """Return the 16 bytes by which the tenant finds `phone` (E.164 without the plus)."""
        return self.recipients(tenant_id).hash(phone)

    def forget(self) -> None:
        """Drop every key this process holds unwrapped."""
        self._content.clear()
        self._by_id.clear()
        self._recipients.clear()

    def drop_keys(self, tenant_id: int | None) -> int:
        """Erase all keys of a tenant and with them its content, for good; return how many keys there were.

        Other processes may hold a key for `lifetime` more: make the tenant inactive first.
        """
        count, _ = DataKey.objects.filter(tenant=tenant_id).delete()
        self.forget()
        return count

    def _find_or_make(self, tenant_id: int | None, purpose: DataKey.Purpose, month: date) -> tuple[int, bytes]:
        rows = DataKey.objects.filter(tenant=tenant_id, purpose=purpose, month=month)
        row = rows.first()
        if row is None:
            if tenant_id is not None and not Tenant.objects.filter(id=tenant_id).exists():
                raise KeyGone(f"there is no tenant {tenant_id}")
            wrapped = seal(os.urandom(32), _binding(tenant_id, purpose, month))
            fresh = DataKey(tenant_id=tenant_id, purpose=purpose, month=month, wrapped=wrapped)
            DataKey.objects.bulk_create([fresh], ignore_conflicts=True)
            row = rows.get()
            if bytes(row.wrapped) == wrapped:
                self._hold_back(row.id)
        return row.id, unwrap(row)

    def _hold_back(self, key_id: int) -> None:
        """Keep a key out of the cache until its row is committed: after a rollback it would seal what nobody opens."""
        self._uncommitted.add(key_id)
        transaction.on_commit(lambda: self._uncommitted.discard(key_id))

    def _make_room(self) -> None:
        if len(self._by_id) + len(self._recipients) > MOST_KEPT:
            self.forget()


def unwrap(row: DataKey) -> bytes:
    """Return the 32 bytes of a key row. Raises KeyError for a master key we do not have, InvalidTag if tampered."""
    return unseal(row.wrapped, _binding(row.tenant_id, row.purpose, row.month))


def wrap_again(row: DataKey) -> None:
    """Put the row's key under the current master key (not saved)."""
    row.wrapped = seal(unwrap(row), _binding(row.tenant_id, row.purpose, row.month))


def _binding(tenant_id: int | None, purpose: str, month: date) -> bytes:
    return binding(tenant_id, f"DataKey.{purpose}.{month:%Y-%m}")


_keys = TenantKeys()
content_key = _keys.content_key
content_key_by_id = _keys.content_key_by_id
recipients = _keys.recipients
recipient_hash = _keys.recipient_hash
drop_keys = _keys.drop_keys
forget = _keys.forget
