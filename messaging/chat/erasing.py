"""Forgetting people and what is old: conversations go, a contact keeps nothing but what must not be taken in again."""

from collections.abc import Sequence
from datetime import datetime

from messaging.sql import atomic_cursor, cursor

BATCH = 5_000

# The hash stays with the time, so that a repeated event does not bring back what was erased.
_ERASE = """
WITH erased AS (
    UPDATE contact SET profile = ''::bytea, data_key_id = 0, phone_hash = NULL, followed_at = NULL,
        unfollowed_at = NULL, last_interaction_at = NULL, detailed_at = NULL, erased_at = gateway_now()
    WHERE tenant_id IS NOT DISTINCT FROM %(tenant)s AND id IN (
        SELECT id FROM contact WHERE person_hash = ANY(%(hashes)s::bytea[])
        UNION SELECT id FROM contact WHERE phone_hash = ANY(%(hashes)s::bytea[])
    )
    RETURNING id
)
DELETE FROM chat_line USING erased WHERE chat_line.contact_id = erased.id
"""
_ALSO = "SELECT person_hash FROM contact WHERE tenant_id = %s AND phone_hash = %s"
_OLD_LINES = """
DELETE FROM chat_line WHERE id IN (SELECT id FROM chat_line WHERE at < %(before)s ORDER BY at LIMIT %(limit)s)
"""
_SILENT = """
DELETE FROM contact WHERE id IN (
    SELECT id FROM contact
    WHERE touched_at < %(before)s AND (followed_at IS NULL OR followed_at <= unfollowed_at) AND withdrawn_at IS NULL
      AND NOT EXISTS (SELECT FROM chat_line WHERE chat_line.contact_id = contact.id)
    ORDER BY touched_at LIMIT %(limit)s
)
"""
_WITHDRAWN = """
SELECT tenant_id, person_hash FROM contact
WHERE withdrawn_at IS NOT NULL AND profile <> ''::bytea AND (consent_at IS NULL OR consent_at <= withdrawn_at)
LIMIT %(limit)s
"""


def erase_contacts(tenant_id: int | None, hashes: Sequence[bytes]) -> None:
    """Erase the contacts of a tenant, found by the hash of their user id or of their number, with what was said."""
    with atomic_cursor() as sql:
        sql.execute(_ERASE, {"tenant": tenant_id, "hashes": list(hashes)})


def hashes_by_phone(tenant_id: int, phone_hash: bytes) -> list[bytes]:
    """Return the hashes by which the contacts who gave this number are known at their official accounts."""
    with cursor() as sql:
        return [row[0] for row in sql.execute(_ALSO, (tenant_id, phone_hash)).fetchall()]


def withdrawn_and_kept() -> list[tuple[int | None, bytes]]:
    """Return tenant and hash of contacts who withdrew their consent and are not erased yet."""
    with cursor() as sql:
        return list(sql.execute(_WITHDRAWN, {"limit": BATCH}).fetchall())


def let_go_of_chats(before: datetime) -> int:
    """Erase what was said before a time, and contacts who neither follow nor were heard of since; return how many
    lines went."""
    count = _in_batches(_OLD_LINES, before)
    _in_batches(_SILENT, before)
    return count


def _in_batches(statement: str, before: datetime) -> int:
    count = 0
    while True:
        with cursor() as sql:
            gone = sql.execute(statement, {"before": before, "limit": BATCH}).rowcount
        count += gone
        if gone < BATCH:
            return count
