"""Statistics of a Mini App (zalo-mini-app.md section 6): which there are, and the days they are asked for."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final
from urllib.parse import urlencode

VIETNAM: Final = timezone(timedelta(hours=7))
TYPES: Final = frozenset(
    {
        "overview",
        "utm-sources",
        "access-traffic",
        "traffic-by-sources",
        "traffic-by-zalo-sources",
        "platform",
        "age",
        "gender",
        "avg-used-time",
        "used-time",
    }
)
MOST_DAYS: Final = 90
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FILTERS: Final = {"utm_source": "utmSource", "utm_medium": "utmMedium", "utm_campaign": "utmCampaign", "os": "os"}


def stats_path(mini_app_id: str, params: Mapping[str, str]) -> str:
    """Return path and query that ask for `params`: type, first_day, last_day (YYYY-MM-DD, both included), filters.

    Days are those of Viet Nam. Raises KeyError for what is missing, ValueError naming the parameter for a wrong one.
    """
    kind, first, last = params["type"], _day(params, "first_day"), _day(params, "last_day")
    if kind not in TYPES:
        raise ValueError(f"type: {kind!r} is none of {', '.join(sorted(TYPES))}")
    if not first <= last < first + timedelta(days=MOST_DAYS):
        raise ValueError(f"last_day: from the first to the last day there may be 1 to {MOST_DAYS} days")
    query = {
        "miniAppId": mini_app_id,
        "type": kind,
        "startTime": str(midnight(first)),
        "endTime": str(midnight(last + timedelta(days=1)) - 1),
    }
    query |= {wire: params[name] for name, wire in _FILTERS.items() if params.get(name)}
    return f"/apps/{mini_app_id}/stats?{urlencode(query)}"


def midnight(day: date) -> int:
    """Return 00:00 of a day in Viet Nam as milliseconds since the epoch."""
    return (datetime.combine(day, time(), VIETNAM) - _EPOCH) // timedelta(milliseconds=1)


def _day(params: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(params[name])
    except ValueError:
        raise ValueError(f"{name}: {params[name]!r} is no day written YYYY-MM-DD") from None
