"""Messages that leave a lane without a call: ended, sent on to the next step of their route, or put off."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from messaging.dispatch.claiming.facts import Facts
from messaging.ledger import Change
from messaging.routing import Onward, Step, onward, sms_channel, step_of, steps
from messaging.states import MessageClass, Phase, State
from messaging.waiting import Decision, Wait, write
from tenants.credential_fields import SMS_KINDS
from tenants.models import RouteStep


class Leaving(msgspec.Struct, frozen=True):
    """Why messages leave. `cause` is what their step decides by (stopped, closed, provider_quota,
    out_of_quota, a RouteStep.Cause); without one, or where a route ends here, they wait until `until` (aware), or stay
    as they are where that is None. `details` adds what concerns single messages."""

    reason: str
    cause: str
    detail: dict[str, Any]
    until: datetime | None = None
    details: Mapping[UUID, dict[str, Any]] = {}


class _Row(msgspec.Struct, frozen=True):
    message_id: UUID
    attempt: int
    tries: int
    leg: int
    step: int
    route_id: int
    template_id: int
    sms_validity: timedelta | None


QUOTA = "out_of_quota"
_CHOICE = {"stopped": "when_stopped", "closed": "when_closed", "provider_quota": "when_out_of_quota"}
_ROUTES = "SELECT DISTINCT route_id, position FROM tenants_routestep WHERE channel_id = %s"
_ROWS = f"""
SELECT due.message_id, due.attempt, due.tries, due.leg, due.step, m.route_id, m.template_id, m.sms_validity
FROM due JOIN message m ON m.id = due.message_id
WHERE due.lane_id = %(lane)s AND due.phase = {Phase.READY} AND due.due_at <= %(now)s AND due.expires_at > %(now)s
  AND (%(ids)s::uuid[] IS NULL OR due.message_id = ANY(%(ids)s::uuid[]))
  AND (%(routes)s::bigint[] IS NULL OR m.route_id = ANY(%(routes)s::bigint[])
       OR m.sms_validity IS NOT NULL AND m.route_id = ANY(%(sms_routes)s::bigint[]))
ORDER BY due.due_at, due.message_id LIMIT %(limit)s FOR UPDATE OF due SKIP LOCKED
"""


def end_all(
    sql: "psycopg.Cursor[Any]",
    facts: Facts,
    leaving: Leaving,
    now: datetime,
    limit: int,
    ids: Sequence[UUID] | None = None,
) -> int:
    """Reject up to `limit` due messages of the lane, or those named; return how many."""
    rows = _rows(sql, facts, now, limit, ids, None)
    changes = [_change(facts, row, leaving, now) for row in rows]
    for change in changes:
        change.state = change.leg_state = State.REJECTED
        change.event, change.ended = "rejected", True
        change.erase = facts.message_class == MessageClass.OTP
    write(sql, [Decision(change=change) for change in changes])
    return len(rows)


def send_on(
    sql: "psycopg.Cursor[Any]",
    facts: Facts,
    leaving: Leaving,
    now: datetime,
    limit: int,
    ids: Sequence[UUID] | None = None,
) -> int:
    """Send up to `limit` due messages on whose step says so; return how many went.

    The others of those named are put off until `leaving.until`.
    """
    routes, sms_routes = (None, []) if ids is not None else _routes_that_go_on(sql, facts, leaving)
    if routes == sms_routes == []:
        return 0
    decisions, moved = [], 0
    for row in _rows(sql, facts, now, limit, ids, routes, sms_routes):
        change = _change(facts, row, leaving, now)
        step = step_of(row.route_id, row.step, facts.channel_id)
        place = _onward(facts, row) if goes_on(step, leaving.cause) else None
        if place is not None:
            change.event, change.leg_state = "failover", State.REJECTED
            change.detail = (change.detail or {}) | {"nextChannel": place.channel_name}
            expires_at = now + place.expires_in if place.expires_in else None
            wait = Wait(Phase.READY, now, 0, place.lane_id, row.leg + 1, place.position, expires_at=expires_at)
            moved += 1
        elif leaving.until is not None:
            change.event = "held"
            change.detail = (change.detail or {}) | {"until": leaving.until.isoformat()}
            wait = Wait(Phase.READY, leaving.until, row.tries)
        else:
            continue
        decisions.append(Decision(change=change, wait=wait))
    write(sql, decisions)
    return moved


def _rows(
    sql: "psycopg.Cursor[Any]",
    facts: Facts,
    now: datetime,
    limit: int,
    ids: Sequence[UUID] | None,
    routes: list[int] | None,
    sms_routes: Sequence[int] = (),
) -> list[_Row]:
    values = {
        "lane": facts.lane_id,
        "now": now,
        "limit": limit,
        "ids": list(ids) if ids is not None else None,
        "routes": routes,
        "sms_routes": list(sms_routes),
    }
    return [_Row(*row) for row in sql.execute(_ROWS, values).fetchall()]


def _routes_that_go_on(sql: "psycopg.Cursor[Any]", facts: Facts, leaving: Leaving) -> tuple[list[int], list[int]]:
    """Return the routes whose step over this channel goes on for this cause and has somewhere to go, and those where
    only messages with an SMS failover have."""
    found = sql.execute(_ROUTES, (facts.channel_id,)).fetchall()
    whole, with_sms = [], []
    for route_id, position in found:
        if not goes_on(step_of(route_id, position, facts.channel_id), leaving.cause):
            continue
        if any(step.position > position for step in steps(route_id)):
            whole.append(route_id)
        elif facts.kind not in SMS_KINDS and sms_channel(facts.tenant_id) is not None:
            with_sms.append(route_id)
    return whole, with_sms


def goes_on(step: Step | None, cause: str) -> bool:
    """Return whether messages at this step of their route go on for a cause, where there is somewhere to go."""
    # A quota that diverts decides by itself, and so does an opt-out of this channel alone.
    if cause in (QUOTA, "suppressed"):
        return True
    if step is None:
        return False
    if cause == "remembered":
        return RouteStep.Cause.RECIPIENT.value in step.go_on_after
    if cause in RouteStep.Cause.values:
        return cause in step.go_on_after
    choice = _CHOICE.get(cause)
    return choice is not None and getattr(step, choice) == RouteStep.Choice.GO_ON


def _onward(facts: Facts, row: _Row) -> Onward | None:
    return onward(
        tenant_id=facts.tenant_id,
        route_id=row.route_id,
        template_id=row.template_id,
        message_class=facts.message_class,
        test=facts.test,
        position=row.step,
        channel_id=facts.channel_id,
        bulk_id=facts.bulk_id,
        sms_validity=row.sms_validity,
    )


def _change(facts: Facts, row: _Row, leaving: Leaving, now: datetime) -> Change:
    return Change(
        message_id=row.message_id,
        tenant_id=facts.tenant_id,
        leg=row.leg,
        channel_id=facts.channel_id,
        state=State.QUEUED,
        event="",
        at=now,
        reason=leaving.reason,
        detail=leaving.detail | leaving.details.get(row.message_id, {}),
        attempts=row.attempt,
    )
