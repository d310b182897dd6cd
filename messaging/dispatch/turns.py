"""Turns: which awake lane is looked at next. They go by tenant, then by lane."""

from collections import OrderedDict
from dataclasses import dataclass, field

POLL = 0.02
LINGER = 0.2


@dataclass(slots=True)
class Turn:
    """An awake lane. `look_at` is when it may be looked at again (the loop's clock, seconds); `idle_since` is None
    while it yields work; `account_id` is known after the first look."""

    lane_id: int
    account_id: int = 0
    look_at: float = 0.0
    idle_since: float | None = None
    last_look: bool = False


@dataclass(slots=True)
class Turns:
    """The awake lanes of one dispatcher, in the order of their next turns."""

    _tenants: "OrderedDict[int, OrderedDict[int, Turn]]" = field(default_factory=OrderedDict)

    def wake(self, lane_id: int, tenant_id: int) -> Turn:
        """Make a lane awake; one that is awake already is looked at at once."""
        lanes = self._tenants.setdefault(tenant_id, OrderedDict())
        turn = lanes.setdefault(lane_id, Turn(lane_id))
        turn.look_at, turn.idle_since, turn.last_look = 0.0, None, False
        return turn

    def sleep(self, lane_id: int) -> None:
        """Let a lane sleep until it is rung again."""
        for tenant_id, lanes in list(self._tenants.items()):
            if lanes.pop(lane_id, None) is not None and not lanes:
                del self._tenants[tenant_id]

    def next(self, now: float) -> Turn | None:
        """Return the next lane whose time has come and move it, and its tenant, to the end."""
        for tenant_id, lanes in list(self._tenants.items()):
            for lane_id, turn in list(lanes.items()):
                if turn.look_at <= now:
                    lanes.move_to_end(lane_id)
                    self._tenants.move_to_end(tenant_id)
                    return turn
        return None

    def next_time(self) -> float | None:
        """Return when the next lane may be looked at, or None where all sleep."""
        times = [turn.look_at for lanes in self._tenants.values() for turn in lanes.values()]
        return min(times, default=None)

    def __len__(self) -> int:
        return sum(len(lanes) for lanes in self._tenants.values())
