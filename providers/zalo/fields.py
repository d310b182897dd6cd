"""Lenient readings of single JSON fields: Zalo writes numbers as strings, ids as numbers and leaves fields out.

None of these raises; what cannot be read is None or empty.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EMPTY: Final[Mapping[str, Any]] = {}
_decode = msgspec.json.Decoder().decode


def json_object(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object that `body` is, None if it is anything else."""
    try:
        value = _decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def as_object(value: object) -> Mapping[str, Any]:
    """Return `value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else _EMPTY


def as_list(value: object) -> list[Any]:
    """Return `value` if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Return a text without NULs (no database keeps them), a number in decimal digits, anything else as empty."""
    if isinstance(value, str):
        return value.replace("\0", "")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def as_int(value: object) -> int | None:
    """Return the whole number that `value` is or spells."""
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        text = value.strip()
        if text.removeprefix("-").isdecimal() and len(text) < 30:
            return int(text)
    return None


def as_bool(value: object) -> bool:
    """Return whether `value` is true, 1 or a text that says so."""
    return value is True or as_text(value).strip().lower() in ("true", "1")


def as_time(value: object) -> datetime | None:
    """Return the aware UTC time of milliseconds since the epoch."""
    milliseconds = as_int(value)
    if milliseconds is None:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
