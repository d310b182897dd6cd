"""Periods of quotas against a model that walks the calendar."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from messaging.policies.periods import Period, resets_at, starts_on

zones = st.sampled_from([ZoneInfo(name) for name in ("Asia/Ho_Chi_Minh", "Europe/Berlin", "America/St_Johns", "UTC")])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
HOUR = timedelta(hours=1)


def same(period: Period, one: datetime, other: datetime) -> bool:
    """The obviously right model: two local times are in one period if year and month, or the date, are equal."""
    length = 7 if period is Period.MONTH else 10
    return one.isoformat()[:length] == other.isoformat()[:length]


@given(st.sampled_from(Period), moments, zones)
def test_a_period_ends_at_the_first_local_midnight_that_is_in_another(period: Period, at: datetime, zone: ZoneInfo):
    ends = resets_at(period, at, zone)
    assert ends > at
    assert (ends.hour, ends.minute, ends.second) == (0, 0, 0)
    assert not same(period, ends, at.astimezone(zone))
    assert same(period, (ends - timedelta(seconds=1)).astimezone(zone), at.astimezone(zone))


@given(st.sampled_from(Period), moments, zones, st.integers(0, 24 * 62))
def test_times_have_one_start_exactly_if_they_lie_in_one_period(
    period: Period, at: datetime, zone: ZoneInfo, hours: int
):
    later = at + HOUR * hours
    together = same(period, at.astimezone(zone), later.astimezone(zone))
    assert (starts_on(period, at, zone) == starts_on(period, later, zone)) is together
