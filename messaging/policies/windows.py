"""Windows: when sending is open. Half-open intervals of local time on some days; the day is that of the opening."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import msgspec

DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(7))
# Windows of different zones and days can take a while to meet, and some never do.
FARTHEST = timedelta(days=15)


class Window(msgspec.Struct, frozen=True):
    """Open from `opens` (inclusive) to `closes` (exclusive) on `days` (0 is Monday) in `zone`.

    A window that closes at or before it opens goes on past midnight and belongs to the day of its opening.
    `reason` names the rule for the timeline.
    """

    opens: time
    closes: time
    days: frozenset[int] = EVERY_DAY
    zone: tzinfo = UTC
    reason: str = "DELIVERY_TIME_WINDOW"


class Opening(msgspec.Struct, frozen=True):
    """When sending is open next (aware): from `starts`, and until `ends`. `reason` names the rule that closed it until
    then, empty where it is open now."""

    starts: datetime
    ends: datetime
    reason: str = ""


def _span(window: Window, day: date) -> tuple[datetime, datetime]:
    """Return the window's interval that opens on `day`, in UTC: the same wall clock times across changes of zone."""
    last = day if window.closes > window.opens else day + DAY
    opens = datetime.combine(day, window.opens, window.zone)
    closes = datetime.combine(last, window.closes, window.zone)
    return opens.astimezone(UTC), closes.astimezone(UTC)


def _next_span(window: Window, at: datetime) -> tuple[datetime, datetime] | None:
    """Return the first interval of a window that has not ended at `at`, or None where it has no day."""
    day = at.astimezone(window.zone).date() - DAY
    for _ in range(9):
        if day.weekday() in window.days:
            opens, closes = _span(window, day)
            if closes > at and closes > opens:
                return opens, closes
        day += DAY
    return None


def _merged_end(window: Window, closes: datetime) -> datetime:
    """Return when a window really closes: intervals that touch are one, up to the farthest time looked at."""
    limit = closes + FARTHEST
    while closes < limit:
        following = _next_span(window, closes)
        if following is None or following[0] > closes:
            break
        closes = following[1]
    return closes


def next_opening(windows: Iterable[Window], at: datetime) -> Opening | None:
    """Return the first time from `at` (aware) on at which all windows are open, and until when they all stay so.

    Return None where they do not meet within fifteen days. Without windows it is open from `at`
    without an end in sight.
    """
    rules = list(windows)
    at = at.astimezone(UTC)
    moment, limit, reason = at, at + FARTHEST, ""
    while moment < limit:
        ends = limit
        for window in rules:
            span = _next_span(window, moment)
            if span is None:
                return None
            opens, closes = span
            if opens > moment:
                moment, reason = opens, window.reason
                break
            ends = min(ends, _merged_end(window, closes))
        else:
            return Opening(moment, ends, reason)
    return None


def quiet_hours(start: time, end: time, zone: ZoneInfo, reason: str = "QUIET_HOURS") -> Window:
    """Return the window that is open outside the quiet hours from `start` to `end`."""
    return Window(opens=end, closes=start, zone=zone, reason=reason)
