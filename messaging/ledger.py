"""The ledger: the one place that writes what became of messages, in set statements (states, legs, timelines).

The caller owns the messages: it holds their due rows, or the message rows themselves where they have ended.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from messaging.arrays import array
from messaging.sql import plan_once
from messaging.states import TRANSITIONS, State


class Change(msgspec.Struct, kw_only=True):
    """What is written of one leg of one message: where it stands now, why, and one line of its timeline.

    `state` is taken only where the table of states allows the step; with `only_if_moved` nothing is written unless the
    message or the leg moves. `leg_state` is given where the leg ends and the message goes on. Empty facts leave what
    stands. `detail` holds no recipient and no template value. `erase` drops the
    content. Times are aware.
    """

    message_id: UUID
    tenant_id: int
    leg: int
    channel_id: int
    state: State
    event: str
    at: datetime
    leg_state: State | None = None
    ended: bool = False
    erase: bool = False
    only_if_moved: bool = False
    reason: str = ""
    error_code: str = ""
    detail: dict[str, Any] | None = None
    attempts: int = 0
    provider_message_id: str = ""
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    seen_at: datetime | None = None
    deadline_at: datetime | None = None
    cost: Decimal | None = None
    currency: str = ""


_PAIR = 16
MOVES = [int(source) * _PAIR + int(target) for source, targets in TRANSITIONS.items() for target in targets]
_COLUMNS: Sequence[tuple[str, str]] = (
    ("message_id", "uuid"),
    ("tenant_id", "bigint"),
    ("leg", "smallint"),
    ("channel_id", "bigint"),
    ("state", "smallint"),
    ("leg_state", "smallint"),
    ("event", "text"),
    ("at", "timestamptz"),
    ("ended", "boolean"),
    ("erase", "boolean"),
    ("only_if_moved", "boolean"),
    ("reason", "text"),
    ("error_code", "text"),
    ("detail", "jsonb"),
    ("attempts", "smallint"),
    ("provider_message_id", "text"),
    ("sent_at", "timestamptz"),
    ("delivered_at", "timestamptz"),
    ("seen_at", "timestamptz"),
    ("deadline_at", "timestamptz"),
    ("cost", "numeric"),
    ("currency", "text"),
)
_ARRAYS = ", ".join(f"%({name})s::{kind}[]" for name, kind in _COLUMNS)
_NAMES = ", ".join(name for name, _ in _COLUMNS)

# A message's owner holds its due row or the row itself, so `before` reads what no other transaction is changing.
_RECORD = f"""
WITH change AS MATERIALIZED (
    SELECT change.*, before.state AS was, before.ended_at IS NOT NULL AS over, leg.state AS leg_was, before.bulk_id,
           before.state * {_PAIR} + change.state = ANY(%(moves)s) AS moves,
           leg.state IS NULL OR leg.state * {_PAIR} + change.leg_state = ANY(%(moves)s) AS leg_moves
    FROM unnest({_ARRAYS}) AS change({_NAMES})
    CROSS JOIN LATERAL (
        SELECT m.state, m.ended_at, m.bulk_id FROM message m
        WHERE m.id = change.message_id AND m.tenant_id = change.tenant_id
          AND m.id BETWEEN %(lowest)s AND %(highest)s OFFSET 0
    ) before
    LEFT JOIN LATERAL (
        SELECT leg.state FROM leg
        WHERE leg.message_id = change.message_id AND leg.n = change.leg
          AND leg.message_id BETWEEN %(lowest)s AND %(highest)s OFFSET 0
    ) leg ON true
),
moved AS (
    UPDATE message m SET
        state = CASE WHEN c.moves THEN c.state ELSE m.state END,
        reason = CASE WHEN c.moves THEN c.reason ELSE m.reason END,
        ended_at = CASE WHEN c.ended THEN COALESCE(m.ended_at, c.at) ELSE m.ended_at END,
        content = CASE WHEN c.erase THEN NULL ELSE m.content END,
        legs = GREATEST(m.legs, c.leg),
        events = m.events + 1
    FROM change c
    WHERE m.id = c.message_id AND m.tenant_id = c.tenant_id
      AND m.id BETWEEN (SELECT %(lowest)s::uuid) AND (SELECT %(highest)s::uuid)
      AND (NOT c.only_if_moved OR c.moves OR c.leg_moves AND c.leg_was IS NOT NULL)
    RETURNING m.events AS line, m.ended_at IS NOT NULL AS is_over, m.state AS is_now, c.*
),
legs AS (
    INSERT INTO leg (message_id, n, tenant_id, channel_id, state, attempts, provider_message_id, sent_at,
                     delivered_at, seen_at, deadline_at, error_code, reason, cost, currency)
    SELECT c.message_id, c.leg, c.tenant_id, c.channel_id, c.leg_state, c.attempts, c.provider_message_id, c.sent_at,
           c.delivered_at, c.seen_at, c.deadline_at, c.error_code, c.reason, c.cost, c.currency
    FROM moved c
    ON CONFLICT (message_id, n) DO UPDATE SET
        state = CASE WHEN leg.state * {_PAIR} + EXCLUDED.state = ANY(%(moves)s) THEN EXCLUDED.state ELSE leg.state END,
        attempts = GREATEST(leg.attempts, EXCLUDED.attempts),
        provider_message_id = COALESCE(NULLIF(EXCLUDED.provider_message_id, ''), leg.provider_message_id),
        sent_at = COALESCE(EXCLUDED.sent_at, leg.sent_at),
        delivered_at = COALESCE(leg.delivered_at, EXCLUDED.delivered_at),
        seen_at = COALESCE(leg.seen_at, EXCLUDED.seen_at),
        deadline_at = COALESCE(EXCLUDED.deadline_at, leg.deadline_at),
        error_code = CASE WHEN EXCLUDED.state = {int(State.SENT)} THEN EXCLUDED.error_code
                          ELSE COALESCE(NULLIF(EXCLUDED.error_code, ''), leg.error_code) END,
        reason = CASE WHEN leg.state * {_PAIR} + EXCLUDED.state = ANY(%(moves)s)
                      THEN EXCLUDED.reason ELSE leg.reason END,
        cost = COALESCE(EXCLUDED.cost, leg.cost),
        currency = COALESCE(NULLIF(EXCLUDED.currency, ''), leg.currency)
),
lines AS (
    INSERT INTO event (message_id, n, tenant_id, at, type, reason, detail)
    SELECT message_id, line, tenant_id, at, event, reason, detail FROM moved
)
SELECT message_id, is_over, was, is_now, bulk_id FROM moved
UNION ALL
SELECT message_id, over, was, was, bulk_id FROM change
WHERE NOT (NOT only_if_moved OR moves OR leg_moves AND leg_was IS NOT NULL)
"""

_json = msgspec.json.Encoder().encode


class Recorded(msgspec.Struct, frozen=True):
    """What stands after the writing: which messages have ended, and every step of a state that happened in a bulk."""

    over: dict[UUID, bool]
    steps: "Counter[tuple[UUID, int, int]]"


def record(sql: "psycopg.Cursor[Any]", changes: Iterable[Change]) -> Recorded:
    """Write the changes in the caller's transaction, at most one a message.

    The caller counts the steps of bulks (`messaging.bulk_counts`) as the last thing before it commits.
    """
    rows = list(changes)
    if not rows:
        return Recorded({}, Counter())
    ids = [row.message_id for row in rows]
    columns: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name, _ in _COLUMNS}
    columns["state"] = [int(row.state) for row in rows]
    columns["leg_state"] = [int(row.state if row.leg_state is None else row.leg_state) for row in rows]
    columns["detail"] = [None if detail is None else _json(detail).decode() for detail in columns["detail"]]
    values: dict[str, Any] = {name: array(kind, columns[name]) for name, kind in _COLUMNS}
    values |= {"moves": MOVES, "lowest": min(ids), "highest": max(ids)}
    plan_once(sql)
    over: dict[UUID, bool] = {}
    steps: Counter[tuple[UUID, int, int]] = Counter()
    for message_id, is_over, was, state, bulk_id in sql.execute(_RECORD, values).fetchall():
        over[message_id] = is_over
        if was != state:
            steps[bulk_id, was, state] += 1
    return Recorded(over, steps)
