"""Paces: never above the limit in any sliding unit, nearly all of it used, over any number of workers."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from messaging.policies.pace import Meter, Pace, TimeUnit, take_slots

START = datetime(2026, 11, 21, tzinfo=UTC)
paces = st.builds(Pace, st.integers(1, 6000), st.sampled_from(list(TimeUnit)))


def run(pace: Pace, looks: list[float], each: int) -> list[datetime]:
    """Workers look at the same meter at these times (in units), each taking slots a tenth of a unit ahead."""
    meter = Meter(pace.interval, START)
    released: list[datetime] = []
    for look in sorted(looks):
        now = START + pace.unit.length * look
        released += take_slots([meter], [True] * each, now, now + max(pace.unit.length / 10, pace.interval))
    return released


@given(paces, st.lists(st.floats(0, 3), max_size=60), st.integers(1, 200))
def test_no_sliding_unit_holds_more_than_the_amount(pace: Pace, looks: list[float], each: int):
    released = run(pace, looks, each)
    assert released == sorted(released)
    for n in range(len(released) - pace.amount):
        assert released[n + pace.amount] - released[n] >= pace.unit.length


@given(paces, st.lists(st.floats(0, 1), min_size=2, max_size=300))
def test_late_releases_within_patience_are_never_above_the_amount(pace: Pace, lateness: list[float]):
    meter = Meter(pace.interval, START)
    slots = take_slots([meter], [True] * (pace.amount + len(lateness)), START, START + 10 * 366 * timedelta(days=1))
    late = [slot + pace.patience * lateness[n % len(lateness)] for n, slot in enumerate(slots)]
    released = sorted(late)
    for n in range(len(released) - pace.amount):
        assert released[n + pace.amount] - released[n] >= pace.unit.length


@given(paces)
def test_a_worker_that_looks_in_time_uses_all_but_a_fiftieth(pace: Pace):
    meter, now, released = Meter(pace.interval, START), START, 0
    while now < START + 2 * pace.unit.length:
        released += len(take_slots([meter], [True] * 10_000, now, now + max(pace.unit.length / 20, pace.interval)))
        now = max(meter.next_slot, now)
    assert released >= 0.98 * 2 * pace.amount


@given(st.lists(paces, min_size=1, max_size=3), st.integers(1, 100))
def test_several_paces_together_keep_each_of_them(limits: list[Pace], count: int):
    meters = [Meter(pace.interval, START) for pace in limits]
    released = take_slots(meters, [True] * count, START, START + timedelta(days=400))
    widest = max(pace.interval for pace in limits)
    assert all(later - earlier >= widest for earlier, later in pairwise(released))


def test_retries_take_no_slot_of_a_pace_for_first_attempts():
    bulk = Meter(timedelta(seconds=1), START, first_only=True)
    channel = Meter(timedelta(milliseconds=100), START)
    released = take_slots([bulk, channel], [True, False, False, True], START, START + timedelta(seconds=5))
    offsets = [(slot - START).total_seconds() for slot in released]
    assert offsets == [0.0, 0.1, 0.2, 1.0]


def test_slots_that_passed_are_gone():
    meter = Meter(timedelta(seconds=1), START)
    late = START + timedelta(seconds=10)
    assert take_slots([meter], [True] * 3, late, late + timedelta(seconds=2)) == [late, late + timedelta(seconds=1)]
