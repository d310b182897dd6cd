"""How many messages are before one in its lane, and when its turn comes at the lane's pace."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg

from messaging.dispatch.claiming.facts import Facts
from messaging.dispatch.claiming.paced import paces_of, slowest
from messaging.policies.plan import reckon
from messaging.states import Phase

MOST_COUNTED: Final = 10_000


class Queue(msgspec.Struct, frozen=True):
    """What waits ahead, and from when on the paces give their next slot (aware, None where none is known)."""

    ahead: int
    next_slot: datetime | None

    @property
    def told(self) -> dict[str, Any]:
        """Return what is told of it; more than MOST_COUNTED are not counted."""
        if self.ahead > MOST_COUNTED:
            return {"aheadAtLeast": MOST_COUNTED}
        return {"ahead": self.ahead}


_AHEAD = f"""
SELECT count(*) FROM (
    SELECT FROM due WHERE lane_id = %(lane)s AND phase = {Phase.READY} AND due_at <= %(at)s
      AND (due_at, message_id) < (%(at)s, %(id)s)
    LIMIT {MOST_COUNTED + 1}
) AS ahead
"""
_SLOT = """
SELECT max(clock.next_slot) FROM pace_clock clock
JOIN unnest(%(scopes)s::text[], %(keys)s::text[]) AS wanted(scope, key)
  ON clock.scope = wanted.scope AND clock.key = wanted.key
"""
_LAST = UUID(int=(1 << 128) - 1)


def queue_before(sql: "psycopg.Cursor[Any]", facts: Facts, at: datetime, message_id: UUID = _LAST) -> Queue:
    """Return what is before a message that is due at `at` in the lane of `facts`. Takes no lock."""
    row = sql.execute(_AHEAD, {"lane": facts.lane_id, "at": at, "id": message_id}).fetchone()
    paces = paces_of(facts)
    slot = None
    if paces:
        values = {"scopes": [pace.scope for pace in paces], "keys": [pace.key for pace in paces]}
        found = sql.execute(_SLOT, values).fetchone()
        slot = found[0] if found else None
    return Queue(row[0] if row else 0, slot)


def next_turn(facts: Facts, queue: Queue, start: datetime | None = None) -> datetime | None:
    """Return when a message behind `queue` leaves at the earliest, from `start` (aware; the facts' time if None) on.

    None where its hours never meet or that lies beyond the horizon of plans. Other lanes of the same account or
    channel share its pace and may make it later.
    """
    start = start or facts.now
    pace = slowest(facts)
    interval = pace.pace.interval if pace else None
    plan = reckon(facts.windows, interval, queue.ahead + 1, max(start, queue.next_slot or start))
    return plan.ends if plan else None
