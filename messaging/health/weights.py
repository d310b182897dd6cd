"""How much of its share a channel gets: less while its calls fail, and again all of it when they succeed."""

import time

from messaging.health import counting

LIFETIME = 5.0
MOST_KEPT = 50_000
# So much a failing channel keeps getting, to show when it works again.
LEAST = 0.05
# Fewer calls than these say nothing.
FEWEST = 5

_kept: dict[int, tuple[float, float]] = {}


def factor(channel_id: int) -> float:
    """Return 0.05 to 1: the share of the last minute's calls that succeeded, at most five seconds old."""
    kept = _kept.get(channel_id)
    if kept is not None and time.monotonic() < kept[0]:
        return kept[1]
    recent = counting.recent(channel_id, counting.KEPT_SECONDS)
    found = 1.0 if recent.total < FEWEST else max(LEAST, recent.good / recent.total)
    if len(_kept) > MOST_KEPT:
        _kept.clear()
    _kept[channel_id] = (time.monotonic() + LIFETIME, found)
    return found


def forget() -> None:
    """Drop what this process remembers."""
    _kept.clear()
