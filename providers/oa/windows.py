"""How long after a person's last interaction the account may write to them (zalo-zns-oa.md 7.1)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

FREE_FOR: Final = timedelta(hours=48)
OPEN_FOR: Final = timedelta(days=7)


class Window(StrEnum):
    """What an answer costs now, or that there can be none."""

    FREE = "free"
    BILLED = "billed"
    CLOSED = "closed"


def window(last_interaction: datetime, now: datetime) -> Window:
    """Return the window at `now` of a person who last interacted then (both aware)."""
    silence = now - last_interaction
    if silence > OPEN_FOR:
        return Window.CLOSED
    return Window.FREE if silence <= FREE_FOR else Window.BILLED
