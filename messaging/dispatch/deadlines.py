"""What the clock ends: leases of lost workers, deadlines without a receipt, unknown outcomes, validity."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from messaging.dispatch.claiming.types import Claimed
from messaging.dispatch.decide import RESENDS, end, go_on
from messaging.ledger import Change
from messaging.routing import Onward, onward
from messaging.sql import atomic_cursor, read_clock
from messaging.states import MessageClass, Phase, State
from messaging.waiting import Decision, Wait, write
from tenants.models import Tenant

BATCH = 500


class Late(msgspec.Struct, frozen=True):
    """A due row whose time is over. `provider_message_id` is empty where no call of the leg was accepted."""

    message_id: UUID
    tenant_id: int
    message_class: int
    attempt: int
    tries: int
    leg: int
    step: int
    expires_at: datetime
    phase: int
    channel_id: int
    test: bool
    bulk_id: UUID | None
    when_unknown: str
    route_id: int
    template_id: int
    ended: bool
    provider_message_id: str


class Question(msgspec.Struct, frozen=True):
    """A leg whose provider is to be asked what became of it, leased like a claim."""

    claimed: Claimed
    channel_id: int
    test: bool
    provider_message_id: str
    late: Late


_LATE = """
SELECT due.message_id, due.tenant_id, due.message_class, due.attempt, due.tries, due.leg, due.step, due.expires_at,
       due.phase, lane.channel_id, lane.test, lane.bulk_id, tenant.when_unknown, m.route_id, m.template_id,
       m.ended_at IS NOT NULL AS ended,
       COALESCE((SELECT leg.provider_message_id FROM leg
                 WHERE leg.message_id = due.message_id AND leg.n = due.leg), '') AS provider_message_id
FROM due JOIN lane ON lane.id = due.lane_id JOIN tenants_tenant tenant ON tenant.id = due.tenant_id
JOIN message m ON m.id = due.message_id
WHERE due.message_class = %(class)s AND {which} <= %(now)s AND due.phase {phase}
ORDER BY {which} LIMIT %(limit)s FOR UPDATE OF due SKIP LOCKED
"""
_LATE_PHASES = _LATE.format(which="due.due_at", phase="> 0")
_EXPIRED = _LATE.format(which="due.expires_at", phase="= 0")
_ASK = f"""
UPDATE due SET phase = {Phase.ASKING}, attempt = attempt + 1, due_at = %(lease_ends)s
WHERE message_id = ANY(%(ids)s::uuid[])
"""


def expire(message_class: int, limit: int = BATCH) -> int:
    """End messages whose validity ran out while they waited for their turn; return how many."""
    with atomic_cursor() as sql:
        now = read_clock(sql)
        rows = _read(sql, _EXPIRED, message_class, now, limit)
        write(sql, [Decision(change=_ended(late, now, State.EXPIRED, "VALIDITY_ENDED")) for late in rows])
    return len(rows)


def pass_deadlines(
    message_class: int, *, unknown_wait: timedelta, lease: timedelta, limit: int = BATCH
) -> tuple[int, list[Question]]:
    """Take what is over its time a step on: to unknown, to its end, or to a question.

    Return how many rows were taken and the questions that the caller must now ask within `lease`.
    """
    with atomic_cursor() as sql:
        now = read_clock(sql)
        rows = _read(sql, _LATE_PHASES, message_class, now, limit)
        to_ask = [late for late in rows if late.phase == Phase.AWAITING and late.provider_message_id and not late.ended]
        asked = {late.message_id for late in to_ask}
        write(sql, [_next(late, now, unknown_wait) for late in rows if late.message_id not in asked])
        sql.execute(_ASK, {"ids": list(asked), "lease_ends": now + lease})
    return len(rows), [_question(late) for late in to_ask]


def _read(sql: "psycopg.Cursor[Any]", query: str, message_class: int, now: datetime, limit: int) -> Sequence[Late]:
    rows = sql.execute(query, {"class": message_class, "now": now, "limit": limit}).fetchall()
    return [Late(*row) for row in rows]


def _question(late: Late) -> Question:
    claimed = Claimed(
        late.message_id,
        late.tenant_id,
        late.message_class,
        late.attempt + 1,
        late.tries,
        late.leg,
        late.step,
        late.expires_at,
    )
    return Question(claimed, late.channel_id, late.test, late.provider_message_id, late)


def _next(late: Late, now: datetime, unknown_wait: timedelta) -> Decision:
    if late.phase == Phase.SENDING and not late.ended:
        change = _change(late, now)
        if late.when_unknown == Tenant.WhenUnknown.RESEND and late.tries < RESENDS:
            change.event, change.reason = "resend", "WORKER_LOST"
            return Decision(change=change, wait=Wait(Phase.READY, now, late.tries + 1))
        change.state, change.event, change.reason = State.UNKNOWN, "unknown", "WORKER_LOST"
        return Decision(change=change, wait=Wait(Phase.UNKNOWN, min(now + unknown_wait, late.expires_at), late.tries))
    if late.phase == Phase.UNKNOWN:
        return over(late, now, "unknown", State.UNDELIVERABLE, "OUTCOME_UNKNOWN")
    return over(late, now, "deadline", State.EXPIRED, "NO_RECEIPT")


def over(late: Late, now: datetime, cause: str, state: State, reason: str) -> Decision:
    """Return the decision that ends a leg that is over: on to the next step where there is one, else the end.

    A promotion whose outcome is unknown does not go on: twice is worse than not at all.
    """
    place = None if late.ended or now >= late.expires_at else _onward(late)
    promotion = cause == "unknown" and late.message_class == MessageClass.PROMOTIONAL
    if place is None or cause not in place.causes or promotion:
        return Decision(change=_ended(late, now, state, reason))
    change = _change(late, now)
    if late.provider_message_id:
        change.cost = Decimal(0)
    return go_on(late.leg, change, place, state, reason, now)


def _onward(late: Late) -> Onward | None:
    return onward(
        tenant_id=late.tenant_id,
        route_id=late.route_id,
        template_id=late.template_id,
        message_class=late.message_class,
        test=late.test,
        position=late.step,
        channel_id=late.channel_id,
        bulk_id=late.bulk_id,
    )


def _change(late: Late, now: datetime) -> Change:
    return Change(
        message_id=late.message_id,
        tenant_id=late.tenant_id,
        leg=late.leg,
        channel_id=late.channel_id,
        state=State.QUEUED,
        event="",
        at=now,
        attempts=late.attempt,
        only_if_moved=late.ended,
    )


def _ended(late: Late, now: datetime, state: State, reason: str) -> Change:
    change = end(_change(late, now), state, "failed" if state is State.UNDELIVERABLE else state.word, reason)
    if late.provider_message_id:
        change.cost = Decimal(0)  # what is not delivered in time is not charged (zalo-zns-oa.md section 9, Charging)
    return change
