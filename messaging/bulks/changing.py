"""Changes of a bulk's time, window and speed, while it runs too; each holds from the next claim."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from messaging.bulks.locking import lock_bulk, still_changeable
from messaging.bulks.own_lanes import give_own_lanes, wake
from messaging.bulks.reading import BulkView
from messaging.dispatch.claiming.facts import read_facts
from messaging.intake.decode import decode_part
from messaging.intake.errors import Findings
from messaging.intake.plans import problem
from messaging.intake.request import DeliveryTimeWindow, Moment, SendingSpeedLimit
from messaging.intake.steering import Steering, read_delivery_window, read_speed
from messaging.intake.times import read_send_at
from messaging.sql import atomic_cursor, read_clock
from messaging.states import Phase


class BulkChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """What to change of a bulk. An absent field stays as it is, null takes it away: the bulk goes now, at any hour, at
    any speed."""

    send_at: Moment | msgspec.UnsetType | None = msgspec.UNSET
    delivery_time_window: DeliveryTimeWindow | msgspec.UnsetType | None = msgspec.UNSET
    sending_speed_limit: SendingSpeedLimit | msgspec.UnsetType | None = msgspec.UNSET


# Validity counts from the start: it moves along. What was put off for a reason of its own does not come earlier.
_MOVE = f"""
WITH waiting AS MATERIALIZED (
    SELECT due.message_id, due.due_at, due.calls, COALESCE(m.send_at, m.accepted_at) AS was,
           due.expires_at - COALESCE(m.send_at, m.accepted_at) + %(start)s AS expires_at
    FROM due JOIN message m ON m.id = due.message_id AND m.tenant_id = %(tenant)s
    WHERE due.message_id BETWEEN %(first)s AND %(last)s AND m.id BETWEEN %(first)s AND %(last)s
      AND m.bulk_id = %(bulk)s AND due.phase = {int(Phase.READY)}
    ORDER BY due.message_id FOR UPDATE OF due
), told AS (
    UPDATE message m SET send_at = %(start)s, expires_at = waiting.expires_at
    FROM waiting
    WHERE m.id = waiting.message_id AND m.tenant_id = %(tenant)s AND m.id BETWEEN %(first)s AND %(last)s
)
UPDATE due SET expires_at = waiting.expires_at,
               due_at = CASE WHEN waiting.calls = 0 AND waiting.due_at <= waiting.was THEN %(start)s
                             ELSE GREATEST(waiting.due_at, %(start)s) END
FROM waiting WHERE due.message_id = waiting.message_id
"""
_SET = """
UPDATE bulk SET send_at = %(send_at)s, "window" = %(window)s::jsonb, speed_amount = %(amount)s,
                speed_unit = coalesce(%(unit)s, speed_unit)
WHERE id = %(bulk)s
"""
_LEFT = f"""
SELECT due.lane_id, count(*), min(due.due_at), min(due.expires_at) FROM due JOIN lane ON lane.id = due.lane_id
WHERE lane.bulk_id = %(bulk)s AND due.phase = {int(Phase.READY)} GROUP BY due.lane_id
"""


def change_bulk(tenant_id: int, bulk_id: UUID, body: bytes) -> None:
    """Change what the JSON body names and ring for it.

    Raises NotJson, Refused (also for a plan that could not be met), NoSuchBulk, CannotChange.
    """
    findings = Findings()
    change = decode_part(body, BulkChange, findings)
    findings.raise_if_any()
    with atomic_cursor() as sql:
        bulk = lock_bulk(sql, tenant_id, bulk_id)
        still_changeable(bulk)
        now = read_clock(sql)
        wanted = _wanted(bulk, change, findings)
        findings.raise_if_any()
        give_own_lanes(sql, bulk)
        if change.send_at is not msgspec.UNSET and wanted.send_at != bulk.send_at:
            values = {"bulk": bulk.id, "tenant": tenant_id, "first": bulk.first_id, "last": bulk.last_id}
            sql.execute(_MOVE, values | {"start": wanted.send_at or now})
        wake(sql, bulk_id)
        _set(sql, bulk_id, wanted)
        _check_plan(sql, bulk_id, wanted.steering, now, findings)
        findings.raise_if_any()


class _Wanted(msgspec.Struct, frozen=True):
    send_at: datetime | None
    steering: Steering


def _wanted(bulk: BulkView, change: BulkChange, findings: Findings) -> _Wanted:
    """Return what holds after the change."""
    send_at, window, speed = bulk.send_at, bulk.window, bulk.speed
    if change.send_at is not msgspec.UNSET:
        send_at = read_send_at(change.send_at, "sendAt", findings) if change.send_at else None
    if change.delivery_time_window is not msgspec.UNSET:
        window = read_delivery_window(change.delivery_time_window, "deliveryTimeWindow", findings)
    if change.sending_speed_limit is not msgspec.UNSET:
        speed = read_speed(change.sending_speed_limit)
    return _Wanted(send_at, Steering(window, speed))


def _set(sql: "psycopg.Cursor[Any]", bulk_id: UUID, wanted: _Wanted) -> None:
    window, speed = wanted.steering.window, wanted.steering.speed
    values = {
        "bulk": bulk_id,
        "send_at": wanted.send_at,
        "window": msgspec.json.encode(window).decode() if window else None,
        "amount": speed.amount if speed else None,
        "unit": speed.unit.value if speed else None,
    }
    sql.execute(_SET, values)


def _check_plan(
    sql: "psycopg.Cursor[Any]", bulk_id: UUID, steering: Steering, now: datetime, findings: Findings
) -> None:
    """Note it where what is left could not leave before the first of it expires."""
    for lane_id, count, due_at, expires_at in sql.execute(_LEFT, {"bulk": bulk_id}).fetchall():
        facts = read_facts(sql, lane_id)
        told = problem(facts.windows, steering, count, max(due_at, now), expires_at) if facts else None
        if told:
            findings.add(told[0], "cannot_be_met", told[1])
            return
