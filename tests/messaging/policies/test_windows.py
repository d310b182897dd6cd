"""Windows against a model that walks minute by minute."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.policies.windows import DAY, Window, next_opening, quiet_hours

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
ZONES = [UTC, HANOI, ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns")]
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
days = st.frozensets(st.integers(0, 6), min_size=1)
windows = st.builds(Window, times, times, days, st.sampled_from(ZONES))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)
MINUTE = timedelta(minutes=1)


def is_open(window: Window, at: datetime) -> bool:
    """The obviously right model: look at the local day, and at the day before for what wraps midnight."""
    local = at.astimezone(window.zone)
    for day in (local.date(), local.date() - DAY):
        if day.weekday() not in window.days:
            continue
        wraps = window.closes <= window.opens
        opens = datetime.combine(day, window.opens, window.zone).astimezone(UTC)
        closes = datetime.combine(day + DAY if wraps else day, window.closes, window.zone).astimezone(UTC)
        if opens <= at < closes:
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(st.lists(windows, max_size=3), moments)
def test_the_next_opening_is_the_first_minute_at_which_all_are_open(rules: list[Window], at: datetime):
    found = next_opening(rules, at)
    expected = next(
        (at + MINUTE * n for n in range(8 * 24 * 60) if all(is_open(window, at + MINUTE * n) for window in rules)),
        None,
    )
    if expected is None:
        assert found is None or found.starts >= at + timedelta(days=8)
    else:
        assert found is not None
        assert found.starts == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(windows, min_size=1, max_size=3), moments)
def test_it_stays_open_until_the_end_and_not_longer(rules: list[Window], at: datetime):
    found = next_opening(rules, at)
    if found is None:
        return
    middle = found.starts + (found.ends - found.starts) / 2
    assert all(is_open(window, moment) for window in rules for moment in (found.starts, middle, found.ends - MINUTE))
    if found.ends < at + timedelta(days=14):
        assert not all(is_open(window, found.ends) for window in rules)


def test_a_window_that_wraps_midnight_belongs_to_the_day_it_opens():
    friday_night = Window(time(22), time(2), frozenset({4}), HANOI)
    saturday_early = datetime(2026, 11, 21, 1, 0, tzinfo=HANOI)
    opening = next_opening([friday_night], saturday_early)
    assert opening is not None
    assert (opening.starts, opening.ends) == (saturday_early, datetime(2026, 11, 21, 2, 0, tzinfo=HANOI))


def test_quiet_hours_close_until_they_end():
    night = datetime(2026, 11, 21, 23, 30, tzinfo=HANOI)
    opening = next_opening([quiet_hours(time(22), time(6), HANOI)], night)
    assert opening is not None
    assert (opening.starts, opening.reason) == (datetime(2026, 11, 22, 6, 0, tzinfo=HANOI), "QUIET_HOURS")


def test_windows_that_never_meet_have_no_opening():
    at = datetime(2026, 11, 21, tzinfo=UTC)
    assert next_opening([Window(time(1), time(2)), Window(time(3), time(4))], at) is None
