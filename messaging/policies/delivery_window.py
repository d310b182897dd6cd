"""The `deliveryTimeWindow` of a request, as it is stored with its bulk."""

from collections.abc import Mapping
from datetime import UTC, time
from typing import Any

from messaging.policies.windows import EVERY_DAY, Window

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def read_window(stored: Mapping[str, Any] | None) -> list[Window]:
    """Return the window of a stored `{"days": [...], "from": {"hour", "minute"}, "to": {...}}` in UTC; none for None.

    Raises KeyError or ValueError for another shape.
    """
    if not stored:
        return []
    days = frozenset(DAYS.index(day) for day in stored.get("days") or ()) or EVERY_DAY
    opens, closes = stored["from"], stored["to"]
    return [
        Window(time(opens["hour"], opens.get("minute", 0)), time(closes["hour"], closes.get("minute", 0)), days, UTC)
    ]
