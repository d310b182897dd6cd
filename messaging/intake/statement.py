"""The statement that writes a whole request. Its rows come as arrays; as plain values where there is but one, for which
arrays would cost the web process more than all else of the call.
"""

from collections.abc import Mapping
from typing import Final

KIND: Final[Mapping[str, str]] = {
    "k": "int2",
    "template_id": "int8",
    "message_class": "int2",
    "lane_id": "int8",
    "validity": "interval",
}
ROW: Final[Mapping[str, str]] = {
    "id": "uuid",
    "k": "int2",
    "recipient": "bytea",
    "recipient_hash": "bytea",
    "content": "bytea",
    "client_id": "text",
    "reference": "text",
    "sms_validity": "interval",
}


def _arrays(table: str, columns: Mapping[str, str]) -> str:
    # Bound in binary (%()b): the text form of bytes costs three times as much.
    arrays = ", ".join(f"%({table}_{name})b::{kind}[]" for name, kind in columns.items())
    return f"SELECT * FROM unnest({arrays}) AS {table} ({', '.join(columns)})"


def _values(table: str, columns: Mapping[str, str]) -> str:
    return "SELECT " + ", ".join(f"%({table}_{name})b::{kind} AS {name}" for name, kind in columns.items())


_STORE: Final = """
WITH clock AS MATERIALIZED (
    SELECT accepted_at, coalesce(%(send_at)s::timestamptz, accepted_at) AS starts_at FROM gateway_now() AS accepted_at
), kind AS (
    {kind}
), row AS MATERIALIZED (
    {row}
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
STORE_MANY: Final = _STORE.format(kind=_arrays("kind", KIND), row=_arrays("row", ROW))
STORE_ONE: Final = _STORE.format(kind=_values("kind", KIND), row=_values("row", ROW))
