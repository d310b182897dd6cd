"""Weekly partitions of what is keyed by a UUIDv7: messages, legs, events and receipts."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from messaging.ids import lowest_id

PARTITIONED = ("message", "leg", "event", "receipt")
WEEK = timedelta(days=7)
WEEKS_AHEAD = 4
# A batch rewrites all messages of a page at once: with half of it free none needs a new place in the indexes. Legs are
# rewritten one receipt at a time, events never.
_FILL = {"message": 50, "leg": 70, "receipt": 80, "event": 100}


class Cursor(Protocol):
    def execute(self, sql: str) -> object: ...


def monday(at: datetime) -> datetime:
    """Return the start (UTC) of the week that holds `at`."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def make_partitions(cursor: Cursor, now: datetime, weeks_ahead: int = WEEKS_AHEAD) -> None:
    """Make what is missing of the partitions from last week to `weeks_ahead` weeks after `now`; safe to repeat."""
    first = monday(now) - WEEK
    for table in PARTITIONED:
        for week in range(weeks_ahead + 2):
            start = first + week * WEEK
            name = f"{table}_{start:%Y%m%d}"
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} "
                f"FOR VALUES FROM ('{lowest_id(start)}') TO ('{lowest_id(start + WEEK)}') "
                f"WITH (fillfactor = {_FILL[table]}, autovacuum_vacuum_insert_scale_factor = 0.1)"
            )
