"""Four workers on one pace, on a clock that is only counted: looks that come late, calls that leave late."""

from datetime import UTC, datetime, timedelta
from random import Random

from benchmarks.pace.judging import Kept, judge
from messaging.dispatch.claiming.meters import AHEAD, NO_LIMIT, Meters
from messaging.policies.pace import Meter, Pace

START = datetime(2026, 11, 21, tzinfo=UTC)
WORKERS = 4
# Of a look, in seconds: what a worker comes late by beyond what it meant, and what it is held up by now and then.
LATE, STALL, STALLS = 0.02, 0.4, 0.01
# Of a call: a loop is late by a fifth of a millisecond, and one time in a hundred by up to five.
JITTER, HICCUP, HICCUPS = 0.0002, 0.005, 0.01


def simulate(pace: Pace, length: timedelta, seed: int) -> Kept:
    """Return how the workers keep the pace with work without end."""
    # Luck that can be had again, no secret.
    luck = Random(seed)
    meter = Meter(pace.interval, START)
    looks = [START + timedelta(seconds=luck.random()) for _ in range(WORKERS)]
    released: list[float] = []
    while (now := min(looks)) < START + length:
        worker = looks.index(now)
        meters = Meters([("bulk", "", meter)], AHEAD, NO_LIMIT)
        slots = meters.slots([True] * _room(pace), now, START + 2 * length)
        released += [left for slot in slots if (left := _leaves(slot, pace, luck)) is not None]
        looks[worker] = max(meters.look_again(now) or now, now) + timedelta(seconds=_lateness(luck))
    return judge(sorted(released), pace)


def _room(pace: Pace) -> int:
    """Return how many messages one look can ask for: far more than the pace gives until the next."""
    return 2 * int(AHEAD / pace.interval) + 2


def _leaves(slot: datetime, pace: Pace, luck: Random) -> float | None:
    """Return when (seconds since the start) the call of a slot leaves, None where it would be too late."""
    late = luck.expovariate(1 / JITTER) + (luck.random() * HICCUP if luck.random() < HICCUPS else 0.0)
    return (slot - START).total_seconds() + late if late <= pace.patience.total_seconds() else None


def _lateness(luck: Random) -> float:
    return luck.expovariate(1 / LATE) + (STALL * luck.random() if luck.random() < STALLS else 0.0)
