"""Forgetting a person: what is queued for them stops, what is stored of them goes, a tombstone tells that it did."""

from typing import Any

import msgspec
import psycopg
import structlog

from messaging.bulk_counts import count_steps
from messaging.ids import leg_id
from messaging.ledger import Change, record
from messaging.models import RecipientMark
from messaging.sql import atomic_cursor, read_clock
from messaging.states import Phase, State
from tenants.data_keys import recipients

BATCH = 500
log = structlog.get_logger(__name__)


class Erased(msgspec.Struct, frozen=True):
    """How many messages were stopped before they left, and how many were erased in all."""

    stopped: int
    messages: int


_MESSAGES = f"""
SELECT m.id, m.ended_at IS NOT NULL, due.phase = {Phase.READY}, COALESCE(due.leg, GREATEST(m.legs, 1)),
       COALESCE(lane.channel_id, 0)
FROM message m LEFT JOIN due ON due.message_id = m.id LEFT JOIN lane ON lane.id = due.lane_id
WHERE m.tenant_id = %(tenant)s AND m.recipient_hash = %(hash)s ORDER BY m.id LIMIT %(limit)s
"""
_LOCK = "SELECT message_id FROM due WHERE message_id = ANY(%(ids)s::uuid[]) ORDER BY message_id FOR UPDATE"
_ERASE = """
UPDATE message SET recipient = NULL, recipient_hash = NULL, content = NULL, reference = NULL
WHERE id = ANY(%(ids)s::uuid[]) AND tenant_id = %(tenant)s
"""
_RECEIPTS = "UPDATE receipt SET body = ''::bytea WHERE leg_id = ANY(%(legs)s::text[]) AND tenant_id = %(tenant)s"
_FORGET = f"DELETE FROM due WHERE message_id = ANY(%(ids)s::uuid[]) AND phase = {Phase.READY}"


def erase_person(tenant_id: int, phone: str) -> Erased:
    """Stop what is queued for a person (E.164 without the plus) and erase them from everything stored.

    What is under way at a provider can no more be stopped; it is erased all the same. Opt-outs stay: they hold a keyed
    hash only, and without them the person would be sent to again. Safe to repeat and to resume.
    """
    hashed = recipients(tenant_id).hash(phone)
    stopped = messages = 0
    while True:
        with atomic_cursor() as sql:
            batch = _erase_batch(sql, tenant_id, hashed)
        stopped, messages = stopped + batch.stopped, messages + batch.messages
        if batch.messages < BATCH:
            break
    RecipientMark.objects.filter(tenant_id=tenant_id, recipient_hash=hashed).update(
        recipient=b"", data_key_id=0, message_id=None
    )
    log.info("person.erased", tenant=tenant_id, messages=messages, stopped=stopped)
    return Erased(stopped, messages)


def _erase_batch(sql: "psycopg.Cursor[Any]", tenant_id: int, hashed: bytes) -> Erased:
    values: dict[str, Any] = {"tenant": tenant_id, "hash": hashed, "limit": BATCH}
    found = [row[0] for row in sql.execute(_MESSAGES, values).fetchall()]
    if not found:
        return Erased(0, 0)
    sql.execute(_LOCK, {"ids": found})
    rows = sql.execute(_MESSAGES, values).fetchall()
    now = read_clock(sql)
    changes, waiting = [], []
    for message_id, ended, ready, leg, channel_id in rows:
        stops = bool(ready) and not ended
        if stops:
            waiting.append(message_id)
        state = State.CANCELLED if stops else State.QUEUED
        changes.append(
            Change(message_id=message_id, tenant_id=tenant_id, leg=leg, channel_id=channel_id, state=state,
                   event="erased", at=now, ended=stops, erase=True, reason="ERASED" if stops else "")
        )  # fmt: skip
    recorded = record(sql, changes)
    ids = [row[0] for row in rows]
    sql.execute(_FORGET, {"ids": waiting})
    sql.execute(_ERASE, {"ids": ids, "tenant": tenant_id})
    legs = [leg_id(row[0], n) for row in rows for n in range(1, row[3] + 1)]
    sql.execute(_RECEIPTS, {"legs": legs, "tenant": tenant_id})
    count_steps(sql, recorded.steps)
    return Erased(len(waiting), len(rows))
