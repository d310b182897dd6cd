"""Periods of quotas: calendar days and months in a zone."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Period(StrEnum):
    """What a quota counts over."""

    DAY = "day"
    MONTH = "month"


def starts_on(period: Period, at: datetime, zone: ZoneInfo) -> date:
    """Return the first local day of the period that holds `at` (aware)."""
    day = at.astimezone(zone).date()
    return day if period is Period.DAY else day.replace(day=1)


def resets_at(period: Period, at: datetime, zone: ZoneInfo) -> datetime:
    """Return when the period that holds `at` ends (aware): midnight in the zone."""
    day = starts_on(period, at, zone)
    following = day + timedelta(days=1) if period is Period.DAY else (day + timedelta(days=32)).replace(day=1)
    return datetime.combine(following, time(), zone)
