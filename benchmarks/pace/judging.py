"""How a row of releases keeps its pace: how much of it was used, and whether any sliding unit holds too many."""

from collections.abc import Sequence

import msgspec

from messaging.policies.pace import Pace


class Kept(msgspec.Struct, frozen=True):
    """`used` is the share of what the pace allows; `excess` how many more than the amount a sliding stretch held, at
    most, over stretches of a whole unit, or of a quarter of what was watched where that is shorter."""

    used: float
    excess: int


def judge(times: Sequence[float], pace: Pace) -> Kept:
    """Return how releases (seconds, ascending, at least two) keep the pace."""
    unit = pace.unit.length.total_seconds()
    took = times[-1] - times[0]
    used = (len(times) - 1) / took * unit / pace.amount
    if took > unit:
        return Kept(used, max(0, most_within(times, unit) - pace.amount))
    # Within a part of the unit only that part of the amount may lie, and the one it begins with.
    part = took / 4
    return Kept(used, max(0, most_within(times, part) - int(pace.amount * part / unit) - 1))


def most_within(times: Sequence[float], length: float) -> int:
    """Return the largest number of releases in a half-open stretch of `length` seconds."""
    first, most = 0, 0
    for last, time in enumerate(times):
        while times[first] <= time - length:
            first += 1
        most = max(most, last - first + 1)
    return most
