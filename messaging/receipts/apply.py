"""Applies stored receipts in batches: in any order, once each, and never against the table of states."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from messaging.bulk_counts import count_steps
from messaging.chat.taking import is_about_people, take_in
from messaging.ids import parse_leg_id
from messaging.ledger import Change, record
from messaging.models import Receipt
from messaging.receipts.failures import Failure, fail_legs, teach
from messaging.receipts.finding import Wanted, find_legs
from messaging.sql import atomic_cursor, read_clock
from messaging.states import MessageClass, Phase, State
from providers.contract import EventKind

BATCH = 500
STATES = {
    EventKind.DELIVERED.value: State.DELIVERED,
    EventKind.SEEN.value: State.SEEN,
}


class Stored(msgspec.Struct, frozen=True):
    """A receipt taken for applying; `tenant_id` is None where the platform's own account reported it."""

    id: UUID
    tenant_id: int | None
    kind: str
    leg_id: str
    provider_message_id: str
    happened_at: datetime
    source: str
    account: str
    account_id: int | None
    error_code: str
    cost: Decimal | None
    currency: str


class Target(msgspec.Struct, frozen=True):
    """The message a receipt is about, and the channel of the leg it names."""

    tenant_id: int
    channel_id: int


_TAKE = f"""
SELECT id, tenant_id, kind, leg_id, provider_message_id, happened_at, source, account, account_id, error_code, cost,
       currency
FROM receipt
WHERE message_class = %(class)s AND state = {Receipt.State.OPEN}
ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""
_LOCK_DUE = """
SELECT due.message_id, due.tenant_id, lane.channel_id FROM due JOIN lane ON lane.id = due.lane_id
WHERE due.message_id = ANY(%(ids)s::uuid[]) ORDER BY due.message_id FOR UPDATE OF due
"""
_LOCK_ENDED = """
SELECT m.id, m.tenant_id, COALESCE(leg.channel_id, 0) FROM message m
LEFT JOIN leg ON leg.message_id = m.id AND leg.n = 1 AND leg.message_id BETWEEN %(lowest)s AND %(highest)s
WHERE m.id = ANY(%(ids)s::uuid[]) AND m.id BETWEEN %(lowest)s AND %(highest)s
ORDER BY m.id FOR UPDATE OF m
"""
_FORGET = f"""
DELETE FROM due WHERE message_id = ANY(%(ids)s::uuid[]) AND phase NOT IN ({Phase.SENDING}, {Phase.ASKING})
"""
_COST = """
UPDATE leg SET cost = told.cost, currency = told.currency
FROM unnest(%(ids)s::uuid[], %(legs)s::smallint[], %(costs)s::numeric[], %(currencies)s::text[])
  AS told(id, n, cost, currency)
WHERE leg.message_id = told.id AND leg.n = told.n AND leg.message_id BETWEEN %(lowest)s AND %(highest)s
"""
_MARK = """
UPDATE receipt SET state = %(state)s
WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s
"""


def apply_receipts(message_class: int, limit: int = BATCH) -> int:
    """Apply up to `limit` open receipts of a class in one transaction; return how many were taken.

    Lock order as everywhere: due rows sorted by id, then the rows of messages that have none.
    """
    with atomic_cursor() as sql:
        receipts = [Stored(*row) for row in sql.execute(_TAKE, {"class": message_class, "limit": limit}).fetchall()]
        if not receipts:
            return 0
        count = len(receipts)
        people = [receipt.id for receipt in receipts if is_about_people(receipt.source, receipt.kind)]
        if people:
            receipts = [receipt for receipt in receipts if not is_about_people(receipt.source, receipt.kind)]
        named = _named(sql, receipts)
        targets = _lock(sql, sorted({leg[0] for leg in named.values() if leg}))
        states = {receipt.id: _fit(receipt, named[receipt.id], targets) for receipt in receipts}
        fitting = [
            (receipt, leg)
            for receipt in receipts
            if (leg := named[receipt.id]) and states[receipt.id] is Receipt.State.APPLIED
        ]
        now = read_clock(sql)
        arrived = [(receipt, leg) for receipt, leg in fitting if receipt.kind in STATES]
        ended, steps = _record(sql, [_change(receipt, leg, targets[leg[0]], now) for receipt, leg in arrived])
        if ended:
            sql.execute(_FORGET, {"ids": ended})
        failures = [_failure(receipt, leg) for receipt, leg in fitting if receipt.kind == EventKind.FAILED.value]
        failed = fail_legs(sql, failures, now) if failures else None
        if failed:
            states |= dict.fromkeys(failed.waiting, Receipt.State.WAITING)
            steps += failed.steps
        _write_costs(sql, fitting)
        talked = take_in(sql, people) if people else None
        if talked:
            states |= talked.states
        _mark(sql, states)
        count_steps(sql, steps)
    if failed:
        teach(failed.ended)
    if talked:
        talked.after_commit()
    return count


def _named(sql: "psycopg.Cursor[Any]", receipts: Sequence[Stored]) -> dict[UUID, tuple[UUID, int] | None]:
    """Return receipt id -> (message id, leg), None where the leg is not known."""
    named = {receipt.id: parse_leg_id(receipt.leg_id) for receipt in receipts}
    found = find_legs(
        sql,
        [
            Wanted(receipt.id, receipt.account_id, receipt.account, receipt.provider_message_id)
            for receipt in receipts
            if named[receipt.id] is None and receipt.provider_message_id
        ],
    )
    return named | found


def _fit(receipt: Stored, leg: tuple[UUID, int] | None, targets: dict[UUID, Target]) -> Receipt.State:
    """Return what becomes of a receipt: a leg may still be written for one that names none of ours."""
    if leg is None:
        told = bool(receipt.provider_message_id) and not receipt.leg_id
        return Receipt.State.WAITING if told else Receipt.State.UNMATCHED
    target = targets.get(leg[0])
    fits = target is not None and receipt.tenant_id in (None, target.tenant_id)
    return Receipt.State.APPLIED if fits else Receipt.State.UNMATCHED


def _failure(receipt: Stored, leg: tuple[UUID, int]) -> Failure:
    return Failure(
        receipt.id,
        *leg,
        receipt.source,
        receipt.error_code,
        receipt.provider_message_id,
        receipt.happened_at,
        receipt.cost,
        receipt.currency,
    )


def _write_costs(sql: "psycopg.Cursor[Any]", receipts: Sequence[tuple[Stored, tuple[UUID, int]]]) -> None:
    """Write what legs cost where providers told it; of several receipts the last counts."""
    told = {leg: receipt for receipt, leg in receipts if receipt.cost is not None}
    if told:
        ids = [leg[0] for leg in told]
        values = {
            "ids": ids,
            "legs": [leg[1] for leg in told],
            "costs": [receipt.cost for receipt in told.values()],
            "currencies": [receipt.currency for receipt in told.values()],
        }
        sql.execute(_COST, values | {"lowest": min(ids), "highest": max(ids)})


def _lock(sql: "psycopg.Cursor[Any]", ids: list[UUID]) -> dict[UUID, Target]:
    """Lock the messages by their due rows, else by themselves; return those that exist."""
    found = {row[0]: Target(row[1], row[2]) for row in sql.execute(_LOCK_DUE, {"ids": ids}).fetchall()}
    rest = [message_id for message_id in ids if message_id not in found]
    if rest:
        values = {"ids": rest, "lowest": rest[0], "highest": UUID(int=rest[-1].int | 0x3F)}
        found |= {row[0]: Target(row[1], row[2]) for row in sql.execute(_LOCK_ENDED, values).fetchall()}
    return found


def _change(receipt: Stored, leg: tuple[UUID, int], target: Target, now: datetime) -> Change:
    message_id, n = leg
    state = STATES[receipt.kind]
    return Change(
        message_id=message_id,
        tenant_id=target.tenant_id,
        leg=n,
        channel_id=target.channel_id,
        state=state,
        event=state.word,
        at=now,
        ended=True,
        erase=message_id.int >> 6 & 3 == MessageClass.OTP,
        only_if_moved=True,
        detail={"reportedAt": receipt.happened_at.isoformat()},
        provider_message_id=receipt.provider_message_id,
        delivered_at=receipt.happened_at if state in (State.DELIVERED, State.SEEN) else None,
        seen_at=receipt.happened_at if state is State.SEEN else None,
    )


def _record(
    sql: "psycopg.Cursor[Any]", changes: Iterable[Change]
) -> tuple[list[UUID], "Counter[tuple[UUID, int, int]]"]:
    """Record changes in rounds of one a message; return the messages that have ended and the steps that happened."""
    ended: list[UUID] = []
    steps: Counter[tuple[UUID, int, int]] = Counter()
    waiting = list(changes)
    while waiting:
        this_round: dict[UUID, Change] = {}
        later = []
        for change in waiting:
            if this_round.setdefault(change.message_id, change) is not change:
                later.append(change)
        recorded = record(sql, this_round.values())
        ended += [message_id for message_id, over in recorded.over.items() if over]
        steps += recorded.steps
        waiting = later
    return ended, steps


def _mark(sql: "psycopg.Cursor[Any]", states: dict[UUID, Receipt.State]) -> None:
    for state in sorted(set(states.values())):
        ids = [id for id, found in states.items() if found is state]
        sql.execute(_MARK, {"ids": ids, "state": int(state), "lowest": min(ids), "highest": max(ids)})
