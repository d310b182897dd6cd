"""Contacts in the database: found or made and locked, then written, each by one set statement."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import psycopg

from messaging.chat.facts import Facts
from messaging.chat.profiles import open_profile, person_key, seal_profile
from tenants.data_keys import content_key, recipients


class Person(NamedTuple):
    """A person at an account; `tenant_id` owns the account, None for the platform."""

    tenant_id: int | None
    account_id: int
    user_id: str

    @property
    def hash(self) -> bytes:
        """Return the 16 bytes by which the person is found."""
        return recipients(self.tenant_id).hash(person_key(self.user_id))


class Known(msgspec.Struct, frozen=True):
    """A contact's row that the caller's transaction holds, and what it says."""

    id: int
    person: Person
    facts: Facts


_MAKE = """
INSERT INTO contact (tenant_id, account_id, person_hash, profile, data_key_id, touched_at)
SELECT tenant, account, hash, ''::bytea, 0, %(at)s
FROM unnest(%(tenants)s::bigint[], %(accounts)s::bigint[], %(hashes)s::bytea[]) AS told(tenant, account, hash)
ORDER BY hash, account
ON CONFLICT DO NOTHING
"""
_HOLD = """
SELECT contact.id, contact.account_id, contact.person_hash, contact.profile, contact.data_key_id, followed_at,
       unfollowed_at, last_interaction_at, consent_at, withdrawn_at, erased_at, touched_at
FROM unnest(%(accounts)s::bigint[], %(hashes)s::bytea[]) AS told(account, hash)
JOIN contact ON contact.person_hash = told.hash AND contact.account_id = told.account
ORDER BY contact.person_hash, contact.account_id FOR UPDATE OF contact
"""
_WRITE = """
UPDATE contact SET profile = told.profile, data_key_id = told.key, phone_hash = told.phone,
    followed_at = told.followed, unfollowed_at = told.unfollowed, last_interaction_at = told.interaction,
    consent_at = told.consent, withdrawn_at = told.withdrawn, touched_at = told.touched
FROM unnest(%(ids)s::bigint[], %(profiles)s::bytea[], %(keys)s::bigint[], %(phones)s::bytea[],
            %(followed)s::timestamptz[], %(unfollowed)s::timestamptz[], %(interactions)s::timestamptz[],
            %(consents)s::timestamptz[], %(withdrawn)s::timestamptz[], %(touched)s::timestamptz[])
  AS told(id, profile, key, phone, followed, unfollowed, interaction, consent, withdrawn, touched)
WHERE contact.id = told.id
"""


def hold(sql: "psycopg.Cursor[Any]", persons: Iterable[Person], at: datetime) -> list[Known]:
    """Return the contacts of these persons, locked in the one order; who is not known yet is made at `at` (aware)."""
    by_key = {(person.hash, person.account_id): person for person in persons}
    values = {
        "at": at,
        "tenants": [person.tenant_id for person in by_key.values()],
        "accounts": [person.account_id for person in by_key.values()],
        "hashes": [hashed for hashed, _ in by_key],
    }
    sql.execute(_MAKE, values)
    return [_known(by_key, row) for row in sql.execute(_HOLD, values).fetchall()]


def _known(by_key: Mapping[tuple[bytes, int], Person], row: Sequence[Any]) -> Known:
    profile = open_profile(row[2], row[3], row[4])
    names = ("followed_at", "unfollowed_at", "last_interaction_at", "consent_at", "withdrawn_at", "erased_at")
    times = dict(zip((*names, "touched_at"), row[5:], strict=True))
    return Known(row[0], by_key[row[2], row[1]], Facts(profile=profile, **times))


def write(sql: "psycopg.Cursor[Any]", rows: Sequence[Known]) -> None:
    """Write what is now known of contacts that the caller holds; profiles are sealed with this month's key."""
    if not rows:
        return
    day = datetime.now(UTC).date()
    sealed = [_sealed(row, day) for row in rows]
    facts = [row.facts for row in rows]
    sql.execute(
        _WRITE,
        {
            "ids": [row.id for row in rows],
            "profiles": [profile for profile, _, _ in sealed],
            "keys": [key for _, key, _ in sealed],
            "phones": [phone for _, _, phone in sealed],
            "followed": [one.followed_at for one in facts],
            "unfollowed": [one.unfollowed_at for one in facts],
            "interactions": [one.last_interaction_at for one in facts],
            "consents": [one.consent_at for one in facts],
            "withdrawn": [one.withdrawn_at for one in facts],
            "touched": [one.touched_at for one in facts],
        },
    )


def _sealed(row: Known, day: Any) -> tuple[bytes, int, bytes | None]:
    """Return the sealed profile, its key and the hash of the phone number."""
    profile, tenant_id = row.facts.profile, row.person.tenant_id
    if profile is None:
        return b"", 0, None
    key = content_key(tenant_id, day)
    phone = recipients(tenant_id).hash(profile.phone) if profile.phone else None
    return seal_profile(key, row.person.hash, profile), key.id, phone
