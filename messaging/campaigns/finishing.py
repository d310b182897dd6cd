"""«Finish by»: the slowest speed at which all messages of a run leave in time, within the hours that bind it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import psycopg

from messaging.dispatch.claiming.facts import read_facts
from messaging.models import Campaign, CampaignRun, Lane
from messaging.policies.pace import APART, MICROSECOND, Pace, TimeUnit
from messaging.policies.windows import Window, next_opening
from messaging.sql import read_clock

_MINUTE = timedelta(minutes=1)
# Below so many a minute a whole number of messages is too coarse a speed.
_FINE = 60


def speed_to_finish(sql: "psycopg.Cursor[Any]", campaign: Campaign, run: CampaignRun) -> Pace | None:
    """Return the speed by which the loaded run is done in time; None where nothing asks for one."""
    if campaign.finish_within is None or campaign.speed_amount is not None or not run.rows_loaded:
        return None
    lanes = Lane.objects.filter(bulk_id=run.bulk_id).values_list("pk", flat=True)
    facts = [read_facts(sql, lane_id) for lane_id in lanes]
    windows = next((found.windows for found in facts if found is not None), [])
    start = max(run.planned_at, read_clock(sql))
    return slowest_pace(run.rows_loaded, start, run.planned_at + campaign.finish_within, windows)


def slowest_pace(count: int, start: datetime, end: datetime, windows: Sequence[Window]) -> Pace:
    """Return the slowest pace at which `count` messages leave from `start` to `end` (aware) while windows are open.

    Where no time is left it is as fast as if there were a minute.
    """
    room = max(open_time(windows, start, end), _MINUTE)
    # A pace keeps whole microseconds between two messages; a longer pause, rounded up, adds up over many of them.
    interval = max(room // count, MICROSECOND)
    unit = TimeUnit.MINUTE if _MINUTE / interval >= _FINE else TimeUnit.HOUR
    return Pace(ceil(unit.length * APART / (interval * 100)), unit)


def open_time(windows: Sequence[Window], start: datetime, end: datetime) -> timedelta:
    """Return how long all windows are open together from `start` to `end`."""
    total, at = timedelta(0), start
    while at < end:
        opening = next_opening(windows, at)
        if opening is None or opening.starts >= end:
            break
        total += min(opening.ends, end) - opening.starts
        at = opening.ends
    return total
