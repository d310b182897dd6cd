"""How long an answer asks to wait."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = 999_999_999.0


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that `Retry-After` asks for, at most LONGEST; a date counts from the reply's own `Date`."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal() and len(value) < 10:
        return float(value)
    until, answered = _http_date(value), _http_date(headers.get("date", ""))
    return min(max(0.0, (until - answered).total_seconds()), LONGEST) if until and answered else None


def _http_date(value: str) -> datetime | None:
    try:
        time = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
