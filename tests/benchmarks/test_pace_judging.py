"""The judge of paces sees what is above a limit, and what was left unused."""

from datetime import timedelta

from benchmarks.pace.judging import Kept, judge, most_within
from benchmarks.pace.simulated import simulate
from messaging.policies.pace import Pace, TimeUnit

EIGHT_A_SECOND = Pace(8, TimeUnit.SECOND)


def evenly(count: int, apart: float) -> list[float]:
    return [n * apart for n in range(count)]


def test_a_release_at_every_slot_uses_all():
    kept = judge(evenly(81, 0.125), EIGHT_A_SECOND)
    assert kept == Kept(1.0, 0)


def test_one_more_in_any_second_is_an_excess():
    times = sorted([*evenly(81, 0.125), 5.0625])
    assert judge(times, EIGHT_A_SECOND).excess == 1


def test_slots_left_out_are_not_used():
    times = [time for n, time in enumerate(evenly(81, 0.125)) if n % 10 or n in (0, 80)]
    assert judge(times, EIGHT_A_SECOND).used == 73 / 80


def test_a_burst_shows_within_a_part_of_the_unit():
    times = [*evenly(20, 1.0), 19.1, 19.2, 19.3]
    assert judge(times, Pace(60, TimeUnit.MINUTE)).excess == 3 + 5 - int(19.3 / 4) - 1


def test_a_stretch_is_half_open():
    assert most_within([0.0, 0.5, 1.0], 1.0) == 2


def test_four_workers_keep_a_pace_on_a_counted_clock():
    kept = simulate(Pace(600, TimeUnit.MINUTE), timedelta(minutes=3), seed=1)
    assert kept == Kept(kept.used, 0)
    assert 0.98 <= kept.used <= 1.0
