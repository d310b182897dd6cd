"""Infobip's times: 2026-12-01T02:00:01.000+0000, sometimes with a colon or Z (infobip.md sections 4 and 8.5)."""

from datetime import UTC, datetime

from providers.zalo.fields import as_text


def read_time(value: object) -> datetime | None:
    """Return the aware time, in UTC where it names no zone; None where it is no time."""
    try:
        time = datetime.fromisoformat(as_text(value).strip())
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
