"""What a message waits for next, written together with what became of it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from messaging.arrays import array, uuids
from messaging.bulk_counts import count_steps
from messaging.ledger import Change, record
from messaging.states import Phase


class Wait(msgspec.Struct, frozen=True):
    """What the due row waits for next, until when (aware), and with how many refused tries behind it.

    `lane_id`, `leg` and `step` are given where the message goes on over another channel, `expires_at` (aware) where
    that leg has a validity of its own. `uncalled` says that the last claim led to no call, so that the next one is
    paced as the same one.
    """

    phase: Phase
    due_at: datetime
    tries: int
    lane_id: int | None = None
    leg: int | None = None
    step: int | None = None
    uncalled: bool = False
    expires_at: datetime | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The line for the ledger and what the due row waits for; nothing where the message has ended."""

    change: Change
    wait: Wait | None = None
    returned: bool = False


_WAIT = """
UPDATE due SET phase = next.phase, due_at = next.due_at, tries = next.tries,
               lane_id = COALESCE(next.lane_id, due.lane_id), leg = COALESCE(next.leg, due.leg),
               step = COALESCE(next.step, due.step),
               expires_at = COALESCE(next.expires_at, due.expires_at),
               calls = CASE WHEN next.uncalled AND due.calls > 0 THEN due.calls - 1 ELSE due.calls END,
               reserved_at = CASE WHEN next.returned THEN NULL ELSE due.reserved_at END
FROM unnest(%(ids)s::uuid[], %(phases)s::smallint[], %(times)s::timestamptz[], %(tries)s::smallint[],
            %(lanes)s::bigint[], %(legs)s::smallint[], %(steps)s::smallint[], %(returned)s::boolean[],
            %(uncalled)s::boolean[], %(expiries)s::timestamptz[])
  AS next(id, phase, due_at, tries, lane_id, leg, step, returned, uncalled, expires_at)
WHERE due.message_id = next.id
"""
_FORGET = "DELETE FROM due WHERE message_id = ANY(%(ids)s::uuid[])"


def write(sql: "psycopg.Cursor[Any]", decisions: Iterable[Decision]) -> None:
    """Write decisions about messages whose due rows the caller holds, and count the steps of bulks."""
    count_steps(sql, put(sql, decisions))


def put(sql: "psycopg.Cursor[Any]", decisions: Iterable[Decision]) -> "Counter[tuple[UUID, int, int]]":
    """Write decisions; the caller counts the returned steps of bulks as the last thing before it commits."""
    decisions = list(decisions)
    if not decisions:
        return Counter()
    recorded = record(sql, (decision.change for decision in decisions))
    waits: dict[UUID, tuple[Wait, bool]] = {}
    ended: list[UUID] = []
    for decision in decisions:
        message_id = decision.change.message_id
        if decision.wait is None or recorded.over.get(message_id):
            ended.append(message_id)
        else:
            waits[message_id] = decision.wait, decision.returned
    if waits:
        _put_off(sql, waits)
    if ended:
        sql.execute(_FORGET, {"ids": uuids(ended)})
    return recorded.steps


def _put_off(sql: "psycopg.Cursor[Any]", waits: dict[UUID, tuple[Wait, bool]]) -> None:
    later = [wait for wait, _ in waits.values()]
    sql.execute(
        _WAIT,
        {
            "ids": uuids(waits),
            "phases": array("smallint", [int(wait.phase) for wait in later]),
            "times": array("timestamptz", [wait.due_at for wait in later]),
            "tries": array("smallint", [wait.tries for wait in later]),
            "lanes": array("bigint", [wait.lane_id for wait in later]),
            "legs": array("smallint", [wait.leg for wait in later]),
            "steps": array("smallint", [wait.step for wait in later]),
            "returned": array("boolean", [returned for _, returned in waits.values()]),
            "uncalled": array("boolean", [wait.uncalled for wait in later]),
            "expiries": array("timestamptz", [wait.expires_at for wait in later]),
        },
    )
