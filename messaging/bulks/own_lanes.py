"""The lanes of one bulk: what moves, wakes and rings them."""

from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from django.db import transaction

from messaging.bulks.reading import BulkView
from messaging.dispatch import bell

# Rows under way move too: whatever comes back to wait for another turn must find the bulk's own clock.
_MOVE = """
WITH shared AS MATERIALIZED (
    SELECT due.message_id, lane.channel_id, lane.message_class, lane.test
    FROM due JOIN message m ON m.id = due.message_id AND m.tenant_id = %(tenant)s
    JOIN lane ON lane.id = due.lane_id AND lane.bulk_id IS NULL
    WHERE due.message_id BETWEEN %(first)s AND %(last)s AND m.id BETWEEN %(first)s AND %(last)s
      AND m.bulk_id = %(bulk)s
    ORDER BY due.message_id FOR UPDATE OF due
), made AS (
    INSERT INTO lane (tenant_id, channel_id, message_class, test, bulk_id, next_at, hold_reason)
    SELECT DISTINCT %(tenant)s::bigint, channel_id, message_class, test, %(bulk)s::uuid, '2000-01-01Z'::timestamptz, ''
    FROM shared
    ON CONFLICT DO NOTHING
    RETURNING id, channel_id, message_class, test
), own AS (
    SELECT * FROM made
    UNION ALL
    SELECT id, channel_id, message_class, test FROM lane WHERE bulk_id = %(bulk)s
)
UPDATE due SET lane_id = own.id
FROM shared JOIN own USING (channel_id, message_class, test)
WHERE due.message_id = shared.message_id
"""
_WAKE = """
WITH woken AS (
    UPDATE lane SET next_at = '2000-01-01Z', hold_reason = '' WHERE bulk_id = %s RETURNING id, message_class
), over AS (
    UPDATE lane_hold SET ended_at = gateway_now()
    FROM woken WHERE lane_hold.lane_id = woken.id AND ended_at IS NULL AND reason <> 'PACE'
)
SELECT id, message_class FROM woken
"""


def give_own_lanes(sql: "psycopg.Cursor[Any]", bulk: BulkView) -> None:
    """Move what is left of a bulk out of shared lanes into lanes of its own, in one statement."""
    values = {"bulk": bulk.id, "tenant": bulk.tenant_id, "first": bulk.first_id, "last": bulk.last_id}
    sql.execute(_MOVE, values)


def wake(sql: "psycopg.Cursor[Any]", bulk_id: UUID) -> None:
    """Let the bulk's lanes be looked at anew, and ring them on commit."""
    lanes = sorted(sql.execute(_WAKE, (bulk_id,)).fetchall())
    transaction.on_commit(partial(bell.ring, lanes))
