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
from messaging.routing import Onward, onward, sms_onward
from messaging.sql import atomic_cursor, read_clock
from messaging.states import MessageClass, Phase, State
from messaging.waiting import Decision, Wait, write
from providers.registry import provider
from tenants.credential_fields import SMS_KINDS
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
    kind: str
    sms_validity: timedelta | None
    sent_at: datetime | None
    provider_message_id: str

    @property
    def sms_follows(self) -> bool:
        """Return whether an SMS failover is still to come."""
        return self.sms_validity is not None and self.kind not in SMS_KINDS


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
       m.ended_at IS NOT NULL AS ended, channel.kind, m.sms_validity, leg.sent_at,
       COALESCE(leg.provider_message_id, '')
FROM due JOIN lane ON lane.id = due.lane_id JOIN tenants_tenant tenant ON tenant.id = due.tenant_id
JOIN tenants_channel channel ON channel.id = lane.channel_id
JOIN message m ON m.id = due.message_id
LEFT JOIN LATERAL (
    SELECT sent_at, provider_message_id FROM leg WHERE leg.message_id = due.message_id AND leg.n = due.leg LIMIT 1
) leg ON true
WHERE {where}
"""
_TIMED = """due.message_class = %(class)s AND {which} <= %(now)s AND due.phase {phase}
ORDER BY {which} LIMIT %(limit)s FOR UPDATE OF due SKIP LOCKED
"""
_LATE_PHASES = _LATE.format(where=_TIMED.format(which="due.due_at", phase="> 0"))
_EXPIRED = _LATE.format(where=_TIMED.format(which="due.expires_at", phase="= 0"))
_NAMED = _LATE.format(where="due.message_id = ANY(%(ids)s::uuid[])")
_ASK = f"""
UPDATE due SET phase = {Phase.ASKING}, attempt = attempt + 1, due_at = %(lease_ends)s
WHERE message_id = ANY(%(ids)s::uuid[])
"""


def expire(message_class: int, limit: int = BATCH) -> int:
    """End messages whose validity ran out while they waited for their turn, or start their SMS; return how many."""
    with atomic_cursor() as sql:
        now = read_clock(sql)
        rows = _read(sql, _EXPIRED, message_class, now, limit)
        write(sql, [_expired(late, now) for late in rows])
    return len(rows)


def waiting_legs(sql: "psycopg.Cursor[Any]", ids: Sequence[UUID]) -> Sequence[Late]:
    """Return the due rows of these messages, which the caller holds."""
    return [Late(*row) for row in sql.execute(_NAMED, {"ids": list(ids)}).fetchall()]


def pass_deadlines(
    message_class: int, *, unknown_wait: timedelta, lease: timedelta, limit: int = BATCH
) -> tuple[int, list[Question]]:
    """Take what is over its time a step on: to unknown, to its end, or to a question.

    Return how many rows were taken and the questions that the caller must now ask within `lease`.
    """
    with atomic_cursor() as sql:
        now = read_clock(sql)
        rows = _read(sql, _LATE_PHASES, message_class, now, limit)
        to_ask = [late for late in rows if _can_ask(late)]
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


def _can_ask(late: Late) -> bool:
    if late.ended or not late.provider_message_id or late.phase not in (Phase.AWAITING, Phase.UNKNOWN):
        return False
    return "status" in provider(late.kind).capabilities.questions


def _expired(late: Late, now: datetime) -> Decision:
    place = _sms_onward(late)
    if place is None:
        return Decision(change=_ended(late, now, State.EXPIRED, "VALIDITY_ENDED"))
    return go_on(late.leg, _change(late, now), place, State.EXPIRED, "VALIDITY_ENDED", now)


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


def over(late: Late, now: datetime, cause: str, state: State, reason: str, *, may_go_on: bool = True) -> Decision:
    """Return the decision that ends a leg that is over: on to the next step where there is one, else the end.

    A promotion whose outcome is unknown does not go on: twice is worse than not at all. An SMS failover begins when
    the validity of the legs before it ends.
    """
    place = _place(late, now, cause) if may_go_on else None
    promotion = cause == "unknown" and late.message_class == MessageClass.PROMOTIONAL
    if place is None or promotion:
        return Decision(change=_ended(late, now, state, reason))
    change = _change(late, now)
    if _free_of_charge(late):
        change.cost = Decimal(0)
    return go_on(late.leg, change, place, state, reason, now)


def _place(late: Late, now: datetime, cause: str) -> Onward | None:
    if late.ended:
        return None
    if now >= late.expires_at:
        return _sms_onward(late)
    place = _onward(late)
    return place if place is not None and cause in place.causes else None


def _sms_onward(late: Late) -> Onward | None:
    if late.sms_validity is None or not late.sms_follows or late.ended:
        return None
    return sms_onward(
        tenant_id=late.tenant_id,
        route_id=late.route_id,
        message_class=late.message_class,
        test=late.test,
        position=late.step,
        bulk_id=late.bulk_id,
        sms_validity=late.sms_validity,
    )


def _free_of_charge(late: Late) -> bool:
    """Return whether what was not delivered costs nothing (zalo-zns-oa.md section 9, Charging)."""
    return bool(late.provider_message_id) and provider(late.kind).capabilities.priced


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
        sms_validity=late.sms_validity,
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
    if _free_of_charge(late):
        change.cost = Decimal(0)
    return change
