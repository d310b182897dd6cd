"""A line for the timelines of messages that wait for a pace: one a lane and pace, however often it binds."""

import time
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
import psycopg
from django.db import transaction

from messaging.dispatch.claiming.facts import Facts
from messaging.policies.pace import Pace

REASON = "PACE"
# A pace that was changed and changed back is told anew after so many seconds at the latest.
LIFETIME = 60.0
MOST_KEPT = 10_000

_NOTE = f"""
WITH over AS (
    UPDATE lane_hold SET ended_at = %(now)s
    WHERE lane_id = %(lane)s AND reason = '{REASON}' AND ended_at IS NULL AND detail <> %(detail)s::jsonb
)
INSERT INTO lane_hold (lane_id, at, until, reason, detail)
SELECT %(lane)s, %(now)s, NULL, '{REASON}', %(detail)s::jsonb
WHERE NOT EXISTS (
    SELECT FROM lane_hold
    WHERE lane_id = %(lane)s AND reason = '{REASON}' AND ended_at IS NULL AND detail = %(detail)s::jsonb
)
"""
_noted: dict[int, tuple[float, str]] = {}


class Paced(msgspec.Struct, frozen=True):
    """A pace that binds a lane and the stored clock that keeps it."""

    scope: str
    key: str
    pace: Pace

    @property
    def told(self) -> dict[str, Any]:
        """Return what a timeline tells of it."""
        return {"amount": self.pace.amount, "timeUnit": self.pace.unit.value, "of": self.scope}


def paces_of(facts: Facts) -> list[Paced]:
    """Return the paces that bind a lane."""
    paces = [("bulk", str(facts.bulk_id), facts.speed)]
    if not facts.test:
        paces += [
            ("channel", str(facts.channel_id), facts.channel_rate),
            ("account", str(facts.account_id), facts.account_rate),
        ]
    return [Paced(scope, key, pace) for scope, key, pace in paces if pace is not None]


def slowest(facts: Facts) -> Paced | None:
    """Return the pace that binds the lane most, None where none does."""
    return max(paces_of(facts), key=lambda one: one.pace.interval, default=None)


def note_pace(sql: "psycopg.Cursor[Any]", facts: Facts, now: datetime) -> None:
    """Write down that messages of the lane wait for its pace. The caller holds the pace's clock."""
    found = slowest(facts)
    if found is None:
        return
    detail = msgspec.json.encode(found.told).decode()
    kept = _noted.get(facts.lane_id)
    if kept is not None and kept[1] == detail and time.monotonic() < kept[0]:
        return
    sql.execute(_NOTE, {"lane": facts.lane_id, "now": now, "detail": detail})
    if len(_noted) > MOST_KEPT:
        _noted.clear()
    transaction.on_commit(partial(_noted.__setitem__, facts.lane_id, (time.monotonic() + LIFETIME, detail)))


def forget() -> None:
    """Drop what this process remembers."""
    _noted.clear()
