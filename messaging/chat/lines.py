"""The lines of conversations: each message once, by the provider's id, whoever told of it first."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from messaging.chat.profiles import Said, seal_said
from tenants.data_keys import content_key


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A message to be written into a conversation; `message_id` where it is one of ours."""

    contact_id: int
    tenant_id: int | None
    account_id: int
    provider_message_id: str
    inbound: bool
    kind: str
    at: datetime
    said: Said
    by_person: bool = False
    message_id: UUID | None = None


_WRITE = """
INSERT INTO chat_line (contact_id, account_id, provider_message_id, inbound, kind, by_person, message_id, at, body,
                       data_key_id)
SELECT contact, account, provided, inbound, kind, by_person, message, at, body, key
FROM unnest(%(contacts)s::bigint[], %(accounts)s::bigint[], %(provided)s::text[], %(inbound)s::boolean[],
            %(kinds)s::text[], %(by_person)s::boolean[], %(messages)s::uuid[], %(times)s::timestamptz[],
            %(bodies)s::bytea[], %(keys)s::bigint[])
  AS told(contact, account, provided, inbound, kind, by_person, message, at, body, key)
ORDER BY account, provided
ON CONFLICT (account_id, provider_message_id) DO UPDATE
SET message_id = COALESCE(chat_line.message_id, EXCLUDED.message_id)
"""


def write_lines(sql: "psycopg.Cursor[Any]", lines: Iterable[Line]) -> None:
    """Write lines in the caller's transaction; one that is there already only learns whose message it is."""
    rows = list({(line.account_id, line.provider_message_id[:128]): line for line in lines}.values())
    if not rows:
        return
    day = datetime.now(UTC).date()
    keys = [content_key(line.tenant_id, day) for line in rows]
    ids = [line.provider_message_id[:128] for line in rows]
    sql.execute(
        _WRITE,
        {
            "contacts": [line.contact_id for line in rows],
            "accounts": [line.account_id for line in rows],
            "provided": ids,
            "inbound": [line.inbound for line in rows],
            "kinds": [line.kind[:32] for line in rows],
            "by_person": [line.by_person for line in rows],
            "messages": [line.message_id for line in rows],
            "times": [line.at for line in rows],
            "bodies": [seal_said(key, id, line.said) for key, id, line in zip(keys, ids, rows, strict=True)],
            "keys": [key.id for key in keys],
        },
    )
