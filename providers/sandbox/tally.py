"""Counters of one day each, as quotas need them. The day is that of Viet Nam."""

import msgspec

from providers.sandbox.store import Store

VIETNAM_SECONDS = 7 * 3600
DAY_SECONDS = 86_400


class Tally:
    """Counts by name; a new day in Asia/Ho_Chi_Minh starts at nought. Survives a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        saved = store.load("SELECT value FROM state WHERE name = 'tally'")
        self._counts: dict[str, tuple[int, int]] = (
            msgspec.json.decode(saved[0][0], type=dict[str, tuple[int, int]]) if saved else {}
        )

    def used(self, name: str, now: float) -> int:
        """Return what was counted under `name` on the day of `now` (epoch seconds)."""
        day, count = self._counts.get(name, (0, 0))
        return count if day == _day(now) else 0

    def add(self, name: str, now: float) -> int:
        """Count one under `name` on the day of `now` and return the new count."""
        count = self.used(name, now) + 1
        self._counts[name] = (_day(now), count)
        self._store.keep("tally", self._counts)
        return count


def _day(now: float) -> int:
    return int(now + VIETNAM_SECONDS) // DAY_SECONDS
