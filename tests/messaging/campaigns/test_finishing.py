"""The speed that a time to finish by asks for."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from messaging.campaigns.finishing import open_time, slowest_pace
from messaging.policies.pace import Pace, TimeUnit
from messaging.policies.plan import reckon
from messaging.policies.windows import Window

START = datetime(2026, 12, 1, 8, tzinfo=UTC)
MORNINGS = Window(time(9), time(11))


def assert_slowest(pace: Pace, interval: timedelta) -> None:
    """Check that the pace leaves at most `interval` between two messages, and a slower one more."""
    assert pace.interval <= interval < Pace(pace.amount - 1, pace.unit).interval


def test_only_open_hours_count():
    assert open_time([MORNINGS], START, START + timedelta(days=2)) == timedelta(hours=4)
    pace = slowest_pace(480, START, START + timedelta(days=2), [MORNINGS])
    assert pace.unit is TimeUnit.HOUR
    assert_slowest(pace, timedelta(seconds=30))


def test_many_messages_are_paced_by_the_minute():
    pace = slowest_pace(200_000, START, START + timedelta(hours=10), [])
    assert pace.unit is TimeUnit.MINUTE
    assert_slowest(pace, timedelta(milliseconds=180))


@given(
    count=st.integers(1, 300_000),
    minutes=st.integers(61, 2_800),
    windows=st.sampled_from([[], [MORNINGS], [Window(time(22), time(3))]]),
)
def test_at_that_speed_the_last_message_leaves_in_time(count, minutes, windows):
    end = START + timedelta(minutes=minutes)
    room = open_time(windows, START, end)
    if room < timedelta(hours=1):
        return
    pace = slowest_pace(count, START, end, windows)
    plan = reckon(windows, pace.interval, count, START)
    assert plan is not None
    assert plan.ends is not None
    assert plan.ends <= end
