"""How far a bulk is: its messages by state, which always add up to its total, and when the last one will have left."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from messaging.bulks.reading import BulkView
from messaging.dispatch.claiming.facts import Facts, read_facts
from messaging.models import Bulk
from messaging.policies.plan import reckon
from messaging.sql import cursor
from messaging.states import Phase, State
from tenants import clock

_IN_LANES = "due JOIN lane ON lane.id = due.lane_id AND lane.bulk_id = %(bulk)s"
_COUNTED = f"""
SELECT state, count FROM bulk_count WHERE bulk_id = %(bulk)s
UNION ALL
SELECT {int(State.SENDING)}, count(*) FROM {_IN_LANES}
WHERE due.message_id BETWEEN %(first)s AND %(last)s AND due.phase = {int(Phase.SENDING)}
"""
_BY_READING = f"""
SELECT m.state, count(*) FROM message m
WHERE m.id BETWEEN %(first)s AND %(last)s AND m.tenant_id = %(tenant)s AND m.bulk_id = %(bulk)s GROUP BY m.state
UNION ALL
SELECT {int(State.SENDING)}, count(*) FROM due JOIN message m ON m.id = due.message_id AND m.tenant_id = %(tenant)s
WHERE due.message_id BETWEEN %(first)s AND %(last)s AND m.id BETWEEN %(first)s AND %(last)s
  AND m.bulk_id = %(bulk)s AND due.phase = {int(Phase.SENDING)} AND m.state = {int(State.QUEUED)}
"""
_LANES = "SELECT id FROM lane WHERE bulk_id = %s ORDER BY id"


def count_by_state(bulk: BulkView) -> dict[State, int]:
    """Return how many messages of the bulk are in each state that occurs, read in one snapshot."""
    values = {"bulk": bulk.id, "tenant": bulk.tenant_id, "first": bulk.first_id, "last": bulk.last_id}
    found: Counter[State] = Counter()
    with cursor() as sql:
        for state, count in sql.execute(_COUNTED if bulk.counted else _BY_READING, values).fetchall():
            found[State(state)] += count
    # A leased due row says `sending`; its message is stored as queued.
    found[State.SENDING] = max(0, min(found[State.SENDING], found[State.QUEUED]))
    found[State.QUEUED] -= found[State.SENDING]
    return {state: found[state] for state in State if found[state]}


def estimate_end(bulk: BulkView, by_state: dict[State, int]) -> datetime | None:
    """Return when the last waiting message will have left (aware), None where nothing waits or nobody can say.

    Reckoned by the narrowest pace that binds, else by the rate so far, inside the windows.
    """
    waiting = by_state.get(State.QUEUED, 0)
    if not waiting or bulk.state is not Bulk.Progress.PROCESSING:
        return None
    now = clock.now()
    with cursor() as sql:
        lanes = _facts(sql, bulk.id)
    starts = max(bulk.send_at or bulk.created_at, now)
    interval = max((found for lane in lanes for found in _intervals(lane)), default=None)
    if interval is None:
        interval = _so_far(bulk, waiting, now)
    if interval is None:
        return None
    ends: list[datetime] = []
    for windows in [lane.windows for lane in lanes] or [[]]:
        plan = reckon(windows, interval, waiting, starts)
        if plan is None or plan.ends is None:
            return None
        ends.append(plan.ends)
    return max(ends)


def _facts(sql: "psycopg.Cursor[Any]", bulk_id: UUID) -> list[Facts]:
    found = [read_facts(sql, lane_id) for (lane_id,) in sql.execute(_LANES, (bulk_id,)).fetchall()]
    return [facts for facts in found if facts is not None]


def _intervals(lane: Facts) -> list[timedelta]:
    paces = [lane.speed] if lane.test else [lane.speed, lane.channel_rate, lane.account_rate]
    return [pace.interval for pace in paces if pace is not None]


def _so_far(bulk: BulkView, waiting: int, now: datetime) -> timedelta | None:
    left, began = bulk.total - waiting, bulk.send_at or bulk.created_at
    return (now - began) / left if left > 0 and now > began else None
