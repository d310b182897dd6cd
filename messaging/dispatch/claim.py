"""The claim: one short transaction that takes due messages of a lane for one attempt each."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from messaging.sql import atomic_cursor
from messaging.states import Phase


class Claimed(msgspec.Struct, frozen=True):
    """A message taken for attempt number `attempt`, which fences every later write.

    `tries` counts earlier calls of this leg that were refused for a passing reason. Times are aware.
    """

    message_id: UUID
    tenant_id: int
    message_class: int
    attempt: int
    tries: int
    leg: int
    expires_at: datetime


class Claim(msgspec.Struct, frozen=True):
    """What one look at a lane gave: the messages taken, and by whose clock."""

    lane_id: int
    channel_id: int
    test: bool
    at: datetime
    messages: list[Claimed]


_LANE = """
SELECT gateway_now() AS now, lane.channel_id, lane.test,
       lane.next_at <= gateway_now() AND channel.state = 'active' AS open
FROM lane JOIN tenants_channel channel ON channel.id = lane.channel_id
WHERE lane.id = %(lane)s
"""
_TAKE = f"""
WITH taken AS MATERIALIZED (
    SELECT message_id FROM due
    WHERE lane_id = %(lane)s AND phase = {Phase.READY} AND due_at <= %(now)s AND expires_at > %(now)s
    ORDER BY due_at, message_id LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE due SET phase = {Phase.SENDING}, attempt = attempt + 1, due_at = %(lease_ends)s
FROM taken WHERE due.message_id = taken.message_id
RETURNING due.message_id, tenant_id, message_class, attempt, tries, leg, expires_at
"""


def claim(lane_id: int, limit: int, lease: timedelta) -> Claim | None:
    """Take at most `limit` due messages of the lane, each leased for `lease`.

    Return None where the lane is gone or held; an empty claim where nothing is due.
    """
    with atomic_cursor() as sql:
        row = sql.execute(_LANE, {"lane": lane_id}).fetchone()
        if row is None or not row[3]:
            return None
        now, channel_id, test, _ = row
        values = {"lane": lane_id, "now": now, "limit": limit, "lease_ends": now + lease}
        taken = [Claimed(*found) for found in sql.execute(_TAKE, values).fetchall()]
    return Claim(lane_id, channel_id, test, now, taken)
