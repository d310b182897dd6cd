"""Gates: what closes a whole lane, why, and until when."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
from django.conf import settings

from messaging.dispatch.claiming.facts import Facts
from messaging.models import Bulk
from messaging.policies.hours import VIETNAM
from messaging.policies.periods import Period, resets_at
from messaging.policies.windows import next_opening

# Whoever changes hours or resumes rings the lane; should that bell be lost, the lane looks for itself.
RECHECK = timedelta(seconds=60)
CHANNEL_STOPPED = "CHANNEL_STOPPED"
PROVIDER_QUOTA = "PROVIDER_QUOTA"
# No lane sleeps longer than until its next look: one that would was put to sleep before the clock went back.
LONGEST_SLEEP = 2 * RECHECK


class Hold(msgspec.Struct, frozen=True):
    """Why a lane is closed and when it goes on (aware; None where a person decides). `cause` is what a step may go on
    by."""

    reason: str
    until: datetime | None
    cause: str = ""
    detail: dict[str, Any] = {}


class Open(msgspec.Struct, frozen=True):
    """The lane is open until `ends` (aware)."""

    ends: datetime


_HOLD = """
WITH held AS (
    UPDATE lane SET next_at = %(next)s, hold_reason = %(reason)s WHERE id = %(lane)s RETURNING id
), over AS (
    UPDATE lane_hold SET ended_at = %(now)s
    WHERE lane_id = %(lane)s AND ended_at IS NULL AND reason <> 'PACE'
      AND NOT (%(same)s AND reason = %(reason)s AND until IS NOT DISTINCT FROM %(until)s::timestamptz)
)
INSERT INTO lane_hold (lane_id, at, until, reason, detail)
SELECT id, %(now)s, %(until)s, %(reason)s, %(detail)s::jsonb FROM held
WHERE NOT EXISTS (
    SELECT FROM lane_hold last
    WHERE last.lane_id = %(lane)s AND last.reason = %(reason)s
      AND last.until IS NOT DISTINCT FROM %(until)s::timestamptz AND %(same)s AND last.ended_at IS NULL
)
"""
_GO_ON = """
WITH over AS (
    UPDATE lane_hold SET ended_at = %(now)s WHERE lane_id = %(lane)s AND ended_at IS NULL AND reason <> 'PACE'
)
UPDATE lane SET hold_reason = '' WHERE id = %(lane)s
"""


def pass_gates(facts: Facts, now: datetime) -> Open | Hold:
    """Return until when the lane is open, or what closes it."""
    if facts.bulk_state == Bulk.Progress.CANCELED:
        return Hold("BULK_CANCELED", None)
    if facts.bulk_state == Bulk.Progress.PAUSED:
        return Hold(facts.bulk_reason or "BULK_PAUSED", None, detail=facts.bulk_detail or {})
    if facts.stopped:
        return Hold(CHANNEL_STOPPED, None, cause="stopped")
    if facts.provider_left == 0:
        detail = {"reserve": settings.PROVIDER_QUOTA_RESERVE}
        return Hold(PROVIDER_QUOTA, resets_at(Period.DAY, now, VIETNAM), cause="provider_quota", detail=detail)
    opening = next_opening(facts.windows, now)
    if opening is None:
        return Hold("WINDOWS_NEVER_MEET", None, cause="closed")
    if opening.starts > now:
        detail = {"opensAt": opening.starts.isoformat(), "closesAt": opening.ends.isoformat()}
        return Hold(opening.reason, opening.starts, cause="closed", detail=detail)
    return Open(opening.ends)


def write_hold(sql: "psycopg.Cursor[Any]", facts: Facts, hold: Hold, now: datetime) -> None:
    """Let the lane's row say why and until when it waits: one line a hold, however often it is looked at."""
    # A stopped channel's lanes stay awake for the messages that go on from it.
    recheck = now if hold.cause == "stopped" else now + RECHECK
    values = {
        "lane": facts.lane_id,
        "next": min(hold.until, now + RECHECK) if hold.until else recheck,
        "until": hold.until,
        "reason": hold.reason[:64],
        "now": now,
        "same": facts.hold_reason == hold.reason[:64],
        "detail": msgspec.json.encode(hold.detail).decode(),
    }
    sql.execute(_HOLD, values)


def end_hold(sql: "psycopg.Cursor[Any]", facts: Facts) -> None:
    """Take the reason off a lane that goes on."""
    if facts.hold_reason:
        sql.execute(_GO_ON, {"lane": facts.lane_id, "now": facts.now})
