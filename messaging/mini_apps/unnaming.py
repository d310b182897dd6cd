"""Takes a Mini App's user id out of messages that know their person by other ids too; these keep their way."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidTag
from msgspec.structs import replace

from messaging.content import open_person, seal_recipient
from messaging.sql import atomic_cursor
from tenants.data_keys import KeyGone, content_key_by_id

BATCH = 500

_FIND = """
SELECT named.message_id FROM mini_app_message named LEFT JOIN message m ON m.id = named.message_id
WHERE named.tenant_id = %(tenant)s AND named.person = %(person)s
  AND (m.route_id IS NULL OR m.route_id <> ALL(%(spared)s::bigint[]))
ORDER BY named.message_id LIMIT %(limit)s
"""
_LOCK_DUE = "SELECT FROM due WHERE message_id = ANY(%(ids)s::uuid[]) ORDER BY message_id FOR UPDATE"
_LOCK = """
SELECT id, recipient, data_key_id FROM message
WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s AND recipient IS NOT NULL
ORDER BY id FOR UPDATE
"""
_WRITE = """
UPDATE message SET recipient = row.recipient
FROM unnest(%(named)s::uuid[], %(recipients)s::bytea[]) AS row(id, recipient)
WHERE message.id = row.id AND message.id BETWEEN %(lowest)s AND %(highest)s
"""
_FORGET = "DELETE FROM mini_app_message WHERE message_id = ANY(%(ids)s::uuid[])"


def unname(tenant_id: int, person: bytes, spared_routes: Sequence[int] = ()) -> int:
    """Let no message know the Mini App's user (by keyed hash) any more, but for those of `spared_routes`; return how
    many messages that stay were changed. A leg over the Mini App then finds no id and goes on."""
    changed = 0
    while True:
        with atomic_cursor() as sql:
            ids, count = _unname_batch(sql, tenant_id, person, spared_routes)
        changed += count
        if len(ids) < BATCH:
            return changed


def _unname_batch(
    sql: "psycopg.Cursor[Any]", tenant_id: int, person: bytes, spared: Sequence[int]
) -> tuple[list[UUID], int]:
    values: dict[str, Any] = {"tenant": tenant_id, "person": person, "spared": list(spared), "limit": BATCH}
    ids = [row[0] for row in sql.execute(_FIND, values).fetchall()]
    if not ids:
        return [], 0
    values |= {"ids": ids, "lowest": ids[0], "highest": ids[-1]}
    sql.execute(_LOCK_DUE, values)
    sealed = {row[0]: _without_user(*row) for row in sql.execute(_LOCK, values).fetchall()}
    sql.execute(_WRITE, values | {"named": list(sealed), "recipients": list(sealed.values())})
    sql.execute(_FORGET, values)
    return ids, len(sealed)


def _without_user(message_id: UUID, recipient: bytes, data_key_id: int) -> bytes | None:
    """Return the stored form of the recipient without the id; None for one that cannot be read any more."""
    try:
        key = content_key_by_id(data_key_id)
        known = open_person(key, message_id, bytes(recipient))
    except (KeyGone, InvalidTag):
        return None
    return seal_recipient(key, message_id, replace(known, mini_app_user_id=""))
