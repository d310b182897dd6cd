"""Forgetting a person: what is queued for them stops, what is stored of them goes, a tombstone tells that it did."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import structlog

from messaging.bulk_counts import count_steps
from messaging.chat.erasing import erase_contacts, hashes_by_phone
from messaging.ids import leg_id
from messaging.ledger import Change, record
from messaging.models import PromotionCount, RecipientMark
from messaging.sql import atomic_cursor, cursor, read_clock
from messaging.states import Phase, State
from tenants.data_keys import recipients

BATCH = 500
EVENT = "erased"
# The first digits of the keyed hash name a person in the log to whoever holds the tenant's key, and to nobody else.
HASH_SHOWN = 8
log = structlog.get_logger("audit")


class Erased(msgspec.Struct, frozen=True):
    """How many messages were stopped before they left, and how many were erased in all."""

    stopped: int
    messages: int


class _Row(msgspec.Struct, frozen=True):
    """A message of the person; `channel_id` is that of the lane in which it waits, None where it waits in none."""

    id: UUID
    legs: int
    leg: int | None
    channel_id: int | None


_FIND = """
SELECT id FROM message
WHERE tenant_id = %(tenant)s AND recipient_hash = %(hash)s AND route_id <> ALL(%(spared)s::bigint[])
ORDER BY id LIMIT %(limit)s
"""
_LOCK_DUE = "SELECT FROM due WHERE message_id = ANY(%(ids)s::uuid[]) ORDER BY message_id FOR UPDATE"
_LOCK = """
SELECT FROM message WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s ORDER BY id FOR UPDATE
"""
_ROWS = f"""
SELECT m.id, m.legs, due.leg, lane.channel_id
FROM message m
LEFT JOIN due ON due.message_id = m.id AND due.phase = {Phase.READY} AND m.ended_at IS NULL
LEFT JOIN lane ON lane.id = due.lane_id
WHERE m.id = ANY(%(ids)s::uuid[]) AND m.id BETWEEN %(lowest)s AND %(highest)s
ORDER BY m.id
"""
_ERASE = """
UPDATE message SET recipient = NULL, recipient_hash = NULL, content = NULL, reference = NULL
WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s AND tenant_id = %(tenant)s
"""
_TELL = f"""
WITH told AS (
    UPDATE message SET events = events + 1
    WHERE id = ANY(%(others)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s RETURNING id, tenant_id, events
)
INSERT INTO event (message_id, n, tenant_id, at, type) SELECT id, events, tenant_id, %(now)s, '{EVENT}' FROM told
"""
# A receipt is younger than its message; one of a lent account names no tenant, and not every provider echoes our id.
_RECEIPTS = """
UPDATE receipt SET body = ''::bytea
WHERE id >= %(oldest)s AND (tenant_id = %(tenant)s OR tenant_id IS NULL)
  AND (leg_id = ANY(%(legs)s::text[]) OR (leg_id = '' AND provider_message_id = ANY(ARRAY(
    SELECT provider_message_id FROM leg
    WHERE message_id = ANY(%(ids)s::uuid[]) AND message_id BETWEEN %(lowest)s AND %(highest)s
      AND provider_message_id <> ''
  ))))
"""
_UNNAME = """
WITH named AS (DELETE FROM mini_app_message WHERE message_id = ANY(%(ids)s::uuid[]) RETURNING tenant_id, person)
DELETE FROM mini_app_person told USING named WHERE told.tenant_id = named.tenant_id AND told.person = named.person
"""
_FORGET = "DELETE FROM due WHERE message_id = ANY(%(waiting)s::uuid[])"
_COUNT = f"""
SELECT count(*) FILTER (WHERE due.phase = {Phase.READY} AND m.ended_at IS NULL), count(*)
FROM message m LEFT JOIN due ON due.message_id = m.id
WHERE m.tenant_id = %s AND m.recipient_hash = ANY(%s::bytea[])
"""


def count_person(tenant_id: int, person: str) -> Erased:
    """Return what erasing a person, named as for `erase_person`, would stop and erase at this moment."""
    hashed = recipients(tenant_id).hash(person)
    with cursor() as sql:
        row = sql.execute(_COUNT, (tenant_id, [hashed, *hashes_by_phone(tenant_id, hashed)])).fetchone()
    return Erased(*(row or (0, 0)))


def erase_person(tenant_id: int, person: str, by: str = "", *, spared_routes: Sequence[int] = ()) -> Erased:
    """Stop what is queued for a person and erase them from everything stored but messages of `spared_routes`.

    `person` is a number (E.164 without the plus) or an id with its prefix, such as `oa:...`. Who gave the number to an
    official account is erased there too. What is under way at a provider can no more be stopped; it is erased all the
    same. Opt-outs stay: they hold a keyed hash only, and without them the person would be sent to again. `by` (a key,
    a member, a command) goes into the audit log. Safe to repeat and to resume.
    """
    hashed = recipients(tenant_id).hash(person)
    return erase_hashed(tenant_id, [hashed, *hashes_by_phone(tenant_id, hashed)], by, spared_routes)


def erase_hashed(tenant_id: int, hashes: Sequence[bytes], by: str = "", spared_routes: Sequence[int] = ()) -> Erased:
    """Erase one person as `erase_person` does, by every keyed hash under which they are known."""
    stopped = messages = 0
    for hashed in dict.fromkeys(hashes):
        erased = _erase_messages(tenant_id, hashed, spared_routes)
        stopped, messages = stopped + erased.stopped, messages + erased.messages
    erase_contacts(tenant_id, hashes)
    marks = RecipientMark.objects.filter(tenant_id=tenant_id, recipient_hash__in=hashes)
    marks.filter(kind=RecipientMark.Kind.MEMORY).delete()
    marks.update(recipient=b"", data_key_id=0, message_id=None, note="")
    PromotionCount.objects.filter(tenant_id=tenant_id, recipient_hash__in=hashes).delete()
    person = hashes[0].hex()[:HASH_SHOWN]
    log.info("person.erased", tenant=tenant_id, person=person, messages=messages, stopped=stopped, by=by)
    return Erased(stopped, messages)


def _erase_messages(tenant_id: int, hashed: bytes, spared: Sequence[int]) -> Erased:
    stopped = messages = 0
    while True:
        with atomic_cursor() as sql:
            batch = _erase_batch(sql, tenant_id, hashed, spared)
        stopped, messages = stopped + batch.stopped, messages + batch.messages
        if batch.messages < BATCH:
            return Erased(stopped, messages)


def _erase_batch(sql: "psycopg.Cursor[Any]", tenant_id: int, hashed: bytes, spared: Sequence[int]) -> Erased:
    """Erase up to BATCH messages. Locks their due rows, which a claim skips and a settle waits for, then themselves."""
    wanted = {"tenant": tenant_id, "hash": hashed, "spared": list(spared), "limit": BATCH}
    found = sql.execute(_FIND, wanted).fetchall()
    if not found:
        return Erased(0, 0)
    ids = [row[0] for row in found]
    values: dict[str, Any] = {"ids": ids, "lowest": ids[0], "highest": ids[-1], "tenant": tenant_id}
    sql.execute(_LOCK_DUE, values)
    sql.execute(_LOCK, values)
    rows = [_Row(*row) for row in sql.execute(_ROWS, values).fetchall()]
    values["now"] = now = read_clock(sql)
    values["waiting"] = [row.id for row in rows if row.leg is not None]
    values["others"] = [row.id for row in rows if row.leg is None]
    recorded = record(sql, _stops(rows, tenant_id, now))
    sql.execute(_TELL, values)
    sql.execute(_FORGET, values)
    sql.execute(_ERASE, values)
    sql.execute(_UNNAME, values)
    values["legs"] = [leg_id(row.id, n) for row in rows for n in range(1, max(row.legs, row.leg or 1) + 1)]
    values["oldest"] = UUID(int=ids[0].int >> 80 << 80)
    sql.execute(_RECEIPTS, values)
    count_steps(sql, recorded.steps)
    return Erased(len(values["waiting"]), len(rows))


def _stops(rows: Sequence[_Row], tenant_id: int, now: datetime) -> list[Change]:
    """Return the end of every message that waits for its turn."""
    return [
        Change(
            message_id=row.id,
            tenant_id=tenant_id,
            leg=row.leg,
            channel_id=row.channel_id or 0,
            state=State.CANCELLED,
            event=EVENT,
            at=now,
            ended=True,
            erase=True,
            reason="ERASED",
        )
        for row in rows
        if row.leg is not None
    ]
