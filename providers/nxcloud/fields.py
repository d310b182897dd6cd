"""Lenient readings of fields that only NXCloud writes so."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from providers.zalo.fields import as_text

# No zone is written. In the official sample the time is eight hours ahead of the epoch beside it (nxcloud.md 4).
ZONE: Final = timezone(timedelta(hours=8))
# Beyond this a number is no amount of money, and would be written out with all its noughts.
_MOST_DIGITS: Final = 20


def as_local_time(value: object) -> datetime | None:
    """Return the aware time of a text `yyyy-MM-dd HH:mm:ss`, None where it is none."""
    try:
        return datetime.strptime(as_text(value).strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZONE)
    except ValueError:
        return None


def cost(amount: object, currency: object) -> dict[str, Any]:
    """Return {"cost": {"amount", "currency"}}, the amount a decimal text, or an empty object where none is told."""
    try:
        told = Decimal(as_text(amount).strip())
    except InvalidOperation:
        return {}
    if not told.is_finite() or abs(told.adjusted()) > _MOST_DIGITS:
        return {}
    return {"cost": {"amount": format(told, "f"), "currency": as_text(currency).strip()}}
