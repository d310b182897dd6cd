"""When many messages would have left: their windows and their speed together. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

import msgspec

from messaging.policies.pace import MICROSECOND
from messaging.policies.windows import Window, next_opening

# No message is worth sending for longer than two days, so a plan that ends farther away is only told as such.
HORIZON = timedelta(days=30)


class Plan(msgspec.Struct, frozen=True):
    """When the first and the last message leave (aware); `ends` is None where it is beyond the horizon."""

    starts: datetime
    ends: datetime | None


def reckon(windows: Sequence[Window], interval: timedelta | None, count: int, at: datetime) -> Plan | None:
    """Return the plan of `count` messages from `at` (aware) on, one each `interval` while all windows are open.

    Without an interval they leave together. Return None where the windows never meet.
    """
    opening = next_opening(windows, at)
    if opening is None:
        return None
    if interval is None or count <= 1:
        return Plan(opening.starts, opening.starts)
    starts, slot = opening.starts, opening.starts
    if not windows:
        return Plan(starts, starts + interval * (count - 1))
    while opening is not None and opening.starts < at + HORIZON:
        slot = max(slot, opening.starts)
        fit = max(0, ceil((opening.ends - slot) / MICROSECOND / (interval / MICROSECOND)))
        if count <= fit:
            return Plan(starts, slot + interval * (count - 1))
        count, slot = count - fit, slot + interval * fit
        opening = next_opening(windows, opening.ends)
    return Plan(starts, None)
