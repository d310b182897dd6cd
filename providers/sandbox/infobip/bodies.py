"""Bodies of calls, read as JSON."""

from collections.abc import Mapping
from typing import Any

import msgspec


def json_object(body: bytes) -> dict[str, Any] | None:
    """Return the body as a JSON object, None if it is none."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def bulk_id_of(root: Mapping[str, Any] | None) -> str:
    """Return the bulk id that a send asks for, at most 100 characters of it."""
    options = (root or {}).get("options")
    schedule = options.get("schedule") if isinstance(options, dict) else None
    given = schedule.get("bulkId") if isinstance(schedule, dict) else None
    return given[:100] if isinstance(given, str) else ""
