"""Settle: write what calls came to, in one transaction of set statements, only where the attempt is still ours."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from messaging.dispatch.claim import Claimed
from messaging.dispatch.decide import Decision, Rules, Wait, decide
from messaging.ledger import record
from messaging.sql import atomic_cursor, read_clock
from messaging.states import Phase
from providers.contract import Outcome


class Result(msgspec.Struct, frozen=True):
    """One message whose call is over, and the rules that decide what follows."""

    claimed: Claimed
    channel_id: int
    outcome: Outcome
    rules: Rules


_OURS = f"""
SELECT due.message_id FROM due
JOIN unnest(%(ids)s::uuid[], %(attempts)s::int[]) AS ours(id, attempt)
  ON due.message_id = ours.id AND due.attempt = ours.attempt
WHERE due.phase = {Phase.SENDING}
ORDER BY due.message_id
FOR UPDATE OF due
"""
_WAIT = """
UPDATE due SET phase = next.phase, due_at = next.due_at, tries = next.tries
FROM unnest(%(ids)s::uuid[], %(phases)s::smallint[], %(times)s::timestamptz[], %(tries)s::smallint[])
  AS next(id, phase, due_at, tries)
WHERE due.message_id = next.id
"""
_FORGET = "DELETE FROM due WHERE message_id = ANY(%(ids)s::uuid[])"


def settle(results: Sequence[Result]) -> int:
    """Write the results whose lease and attempt still hold; return how many they were.

    A worker that stalled past its lease finds its attempt raised or its row gone, and changes nothing.
    """
    by_id = {result.claimed.message_id: result for result in results}
    with atomic_cursor() as sql:
        values = {"ids": list(by_id), "attempts": [result.claimed.attempt for result in by_id.values()]}
        ours = [found for (found,) in sql.execute(_OURS, values).fetchall()]
        if not ours:
            return 0
        now = read_clock(sql)
        decisions = [
            decide(result.claimed, result.channel_id, result.outcome, result.rules, now)
            for result in (by_id[message_id] for message_id in ours)
        ]
        write(sql, decisions)
    return len(ours)


def write(sql: "psycopg.Cursor[Any]", decisions: Iterable[Decision]) -> None:
    """Write decisions about messages whose due rows the caller holds."""
    decisions = list(decisions)
    over = record(sql, (decision.change for decision in decisions))
    waits: dict[UUID, Wait] = {}
    ended: list[UUID] = []
    for decision in decisions:
        message_id = decision.change.message_id
        if decision.wait is None or over.get(message_id):
            ended.append(message_id)
        else:
            waits[message_id] = decision.wait
    if waits:
        later = waits.values()
        sql.execute(
            _WAIT,
            {
                "ids": list(waits),
                "phases": [int(wait.phase) for wait in later],
                "times": [wait.due_at for wait in later],
                "tries": [wait.tries for wait in later],
            },
        )
    if ended:
        sql.execute(_FORGET, {"ids": ended})
