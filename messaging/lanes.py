"""Lanes by what they queue for; made on demand, remembered for a while by this process."""

import time
from uuid import UUID

import msgspec

from messaging.sql import cursor

LIFETIME = 60.0
MOST_KEPT = 50_000

_kept: dict[tuple[int, int, int, bool, UUID | None], tuple[float, int]] = {}
_met: "dict[int, Lane]" = {}


class Lane(msgspec.Struct, frozen=True):
    """What never changes of a lane."""

    tenant_id: int
    channel_id: int
    message_class: int
    test: bool


# Two readings, for "is not distinct from" reads no index: not that of the lanes which earlier bulks left behind.
_FIND_OR_MAKE = """
WITH made AS (
    INSERT INTO lane (tenant_id, channel_id, message_class, test, bulk_id, next_at, hold_reason)
    VALUES (%(tenant)s, %(channel)s, %(class)s, %(test)s, %(bulk)s, '2000-01-01Z', '')
    ON CONFLICT DO NOTHING RETURNING id
)
SELECT id FROM made
UNION ALL
SELECT id FROM lane
WHERE tenant_id = %(tenant)s AND channel_id = %(channel)s AND message_class = %(class)s AND test = %(test)s
  AND bulk_id = %(bulk)s::uuid
UNION ALL
SELECT id FROM lane
WHERE tenant_id = %(tenant)s AND channel_id = %(channel)s AND message_class = %(class)s AND test = %(test)s
  AND bulk_id IS NULL AND %(bulk)s::uuid IS NULL
LIMIT 1
"""


def lane_for(tenant_id: int, channel_id: int, message_class: int, test: bool, bulk_id: UUID | None = None) -> int:
    """Return the id of the lane that queues for this tenant, channel, class and mode, or of the bulk's own one.

    Runs in the caller's transaction where there is one; a lane made in it is not remembered, for it may roll back.
    """
    key = (tenant_id, channel_id, message_class, test, bulk_id)
    kept = _kept.get(key)
    if kept is not None and time.monotonic() < kept[0]:
        return kept[1]
    values = {"tenant": tenant_id, "channel": channel_id, "class": message_class, "test": test, "bulk": bulk_id}
    with cursor() as sql:
        row = None
        while row is None:  # nobody deletes shared lanes; a conflict is seen by the second reading
            row = sql.execute(_FIND_OR_MAKE, values).fetchone()
        if bulk_id is None and sql.connection.autocommit:
            if len(_kept) > MOST_KEPT:
                _kept.clear()
            _kept[key] = (time.monotonic() + LIFETIME, row[0])
    return int(row[0])


def lane_by_id(lane_id: int) -> Lane | None:
    """Return what the lane queues for, or None where it is not there; read once by this process."""
    met = _met.get(lane_id)
    if met is not None:
        return met
    with cursor() as sql:
        query = "SELECT tenant_id, channel_id, message_class, test FROM lane WHERE id = %s"
        row = sql.execute(query, (lane_id,)).fetchone()
    if row is None:
        return None
    if len(_met) > MOST_KEPT:
        _met.clear()
    lane = _met[lane_id] = Lane(*row)
    return lane
