"""Writes a whole request in one statement; the same one for a single message and for ten thousand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from messaging.intake.steering import Steering
from messaging.mini_apps.visits import Visit, note_visits
from messaging.sql import atomic_cursor, cursor

# What comes by the thousand is bound in binary (%()b): the text form of bytes costs three times as much.
_STORE = """
WITH clock AS MATERIALIZED (
    SELECT accepted_at, coalesce(%(send_at)s::timestamptz, accepted_at) AS starts_at FROM gateway_now() AS accepted_at
), kind AS (
    SELECT * FROM unnest(%(kinds)s::int2[], %(templates)s::int8[], %(classes)s::int2[], %(lanes)s::int8[],
                         %(validities)s::interval[]) AS kind (k, template_id, message_class, lane_id, validity)
), row AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)b::uuid[], %(message_kinds)b::int2[], %(recipients)b::bytea[], %(hashes)b::bytea[],
                         %(contents)b::bytea[], %(client_ids)b::text[], %(references)b::text[],
                         %(sms_validities)s::interval[])
        AS row (id, k, recipient, recipient_hash, content, client_id, reference, sms_validity)
), new_bulk AS (
    INSERT INTO bulk (id, tenant_id, total, first_id, last_id, created_at, counted, send_at, "window", speed_amount,
                      speed_unit, halt_after_failures, halt_above_percent)
    SELECT %(bulk)s::uuid, %(tenant)s::int8, %(total)s::int4, %(first)s::uuid, %(last)s::uuid, accepted_at,
           %(counted)s::bool, %(send_at)s::timestamptz, %(window)s::jsonb, %(speed_amount)s::int4,
           coalesce(%(speed_unit)s::text, 'MINUTE'), %(halt_failures)s::int4, %(halt_percent)s::int2
    FROM clock
    ON CONFLICT (id) DO UPDATE
    SET total = bulk.total + excluded.total, last_id = greatest(bulk.last_id, excluded.last_id)
), new_count AS (
    INSERT INTO bulk_count (bulk_id, state, count)
    SELECT %(bulk)s::uuid, 0, %(total)s::int4 WHERE %(counted)s::bool
    ON CONFLICT (bulk_id, state) DO UPDATE SET count = bulk_count.count + excluded.count
), new_message AS (
    INSERT INTO message (id, tenant_id, bulk_id, message_class, state, test, route_id, template_id, recipient,
                         recipient_hash, content, data_key_id, client_id, reference, entity_id, application_id,
                         accepted_at, send_at, expires_at, sms_validity)
    SELECT row.id, %(tenant)s::int8, %(bulk)s::uuid, message_class, 0, %(test)s::bool, %(route)s::int8, template_id,
           recipient, recipient_hash, content, %(data_key)s::int8, client_id, reference,
           %(entity)s::text, %(application)s::text, accepted_at, %(send_at)s::timestamptz, starts_at + validity,
           sms_validity
    FROM row JOIN kind USING (k) CROSS JOIN clock
), new_due AS (
    INSERT INTO due (message_id, tenant_id, lane_id, message_class, phase, due_at, expires_at, attempt, tries, leg,
                     step)
    SELECT row.id, %(tenant)s::int8, lane_id, message_class, 0, starts_at, starts_at + validity, 0, 0, 1,
           %(step)s::int2
    FROM row JOIN kind USING (k) CROSS JOIN clock
), new_client_message AS (
    INSERT INTO client_message (tenant_id, client_id, message_id)
    SELECT %(tenant)s::int8, client_id, id FROM row WHERE client_id IS NOT NULL
), new_key AS (
    INSERT INTO idempotency_key (tenant_id, key, body_hash, bulk_id, created_at)
    SELECT %(tenant)s::int8, %(key)s::text, %(body_hash)s::bytea, %(bulk)s::uuid, accepted_at
    FROM clock WHERE %(key)s::text IS NOT NULL
    ON CONFLICT (tenant_id, key) DO UPDATE
    SET body_hash = excluded.body_hash, bulk_id = excluded.bulk_id, created_at = excluded.created_at
)
SELECT accepted_at FROM clock
"""


class Kind(NamedTuple):
    """What messages of one template in one request have in common."""

    template_id: int
    message_class: int
    lane_id: int
    validity: timedelta


class Batch(NamedTuple):
    """The rows of one request; the sequences are parallel, ids ascend. A sequence of nothing may be None."""

    tenant_id: int
    bulk_id: UUID
    route_id: int
    step: int
    test: bool
    data_key_id: int
    send_at: datetime | None
    steering: Steering
    counted: bool
    entity_id: str | None
    application_id: str | None
    kinds: Sequence[Kind]
    ids: Sequence[UUID]
    message_kinds: Sequence[int]
    recipients: Sequence[bytes]
    hashes: Sequence[bytes]
    contents: Sequence[bytes]
    client_ids: Sequence[str | None] | None
    references: Sequence[str | None] | None
    key: str | None
    body_hash: bytes | None
    sms_validities: Sequence[timedelta | None] | None = None
    visits: Sequence[Visit] = ()


def store(batch: Batch) -> datetime:
    """Write bulk, messages, due rows, own ids and idempotency key; return when they were accepted.

    A bulk that exists already grows by the messages.

    Raises psycopg's UniqueViolation where the tenant has used one of `client_ids` before. Locks no lane.
    """
    kinds = batch.kinds
    window, speed, halt = batch.steering.window, batch.steering.speed, batch.steering.halt
    with atomic_cursor() if batch.visits else cursor() as sql:
        if batch.visits:
            note_visits(sql, batch.tenant_id, batch.visits)
        row = sql.execute(
            _STORE,
            {
                "tenant": batch.tenant_id,
                "bulk": batch.bulk_id,
                "route": batch.route_id,
                "step": batch.step,
                "test": batch.test,
                "data_key": batch.data_key_id,
                "send_at": batch.send_at,
                "counted": batch.counted,
                "window": msgspec.json.encode(window).decode() if window else None,
                "speed_amount": speed.amount if speed else None,
                "speed_unit": speed.unit.value if speed else None,
                "halt_failures": halt.failures if halt else None,
                "halt_percent": halt.percent if halt else None,
                "entity": batch.entity_id,
                "application": batch.application_id,
                "kinds": list(range(len(kinds))),
                "templates": [kind.template_id for kind in kinds],
                "classes": [kind.message_class for kind in kinds],
                "lanes": [kind.lane_id for kind in kinds],
                "validities": [kind.validity for kind in kinds],
                "ids": batch.ids,
                "message_kinds": batch.message_kinds,
                "recipients": batch.recipients,
                "hashes": batch.hashes,
                "contents": batch.contents,
                "client_ids": batch.client_ids,
                "references": batch.references,
                "sms_validities": batch.sms_validities,
                "total": len(batch.ids),
                "first": batch.ids[0],
                "last": batch.ids[-1],
                "key": batch.key,
                "body_hash": batch.body_hash,
            },
        ).fetchone()
    assert row is not None  # noqa: S101 one row of the clock
    accepted_at: datetime = row[0]
    return accepted_at
