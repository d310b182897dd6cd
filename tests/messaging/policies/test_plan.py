"""The plan of a bulk, held against releasing one message after the other."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from messaging.policies.plan import HORIZON, Plan, reckon
from messaging.policies.windows import Window, next_opening

START = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 59]))
windows = st.lists(
    st.builds(Window, times, times, st.frozensets(st.integers(0, 6), min_size=3)).filter(lambda w: w.opens != w.closes),
    max_size=2,
)


def one_by_one(rules: list[Window], interval: timedelta, count: int) -> Plan | None:
    at, first = START, None
    for _ in range(count):
        opening = next_opening(rules, at)
        if opening is None:
            return None
        first = first or opening.starts
        last, at = opening.starts, opening.starts + interval
    assert first is not None
    return Plan(first, last)


@given(windows, st.sampled_from([timedelta(minutes=7), HOUR, timedelta(seconds=913)]), st.integers(1, 60))
def test_the_last_message_leaves_when_sending_one_by_one_would_end(rules, interval, count):
    found, simple = reckon(rules, interval, count, START), one_by_one(rules, interval, count)
    if found is None or found.ends is None:
        assert simple is None or simple.ends is None or simple.ends > START + HORIZON
    else:
        assert found == simple


def test_without_a_speed_all_leave_at_the_opening():
    afternoon = Window(time(14), time(16))
    assert reckon([afternoon], None, 1000, START) == Plan(
        START.replace(hour=14, minute=0), START.replace(hour=14, minute=0)
    )


def test_windows_that_never_meet_have_no_plan():
    assert reckon([Window(time(8), time(9)), Window(time(20), time(21))], HOUR, 5, START) is None


def test_an_end_beyond_the_horizon_is_left_open():
    found = reckon([Window(time(8), time(9))], HOUR, 10_000, START)
    assert found == Plan(datetime(2026, 11, 22, 8, tzinfo=UTC), None)


def test_without_windows_the_end_is_reckoned_at_any_distance():
    assert reckon([], HOUR * 24, 100_001, START) == Plan(START, START + HOUR * 24 * 100_000)
