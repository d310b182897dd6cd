"""When a refused message may be tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.dispatch.retries import LONGEST_BACKOFF, SPREAD, VIETNAM, backoff, next_try
from providers.contract import Retry

moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
NOON = datetime(2026, 1, 31, 12, 0, tzinfo=VIETNAM)


@given(st.integers(1, 60))
def test_a_backoff_doubles_up_to_its_longest_with_jitter_of_half(tries: int):
    full = min(2.0 ** (tries - 1), LONGEST_BACKOFF)
    assert full / 2 <= backoff(tries).total_seconds() <= full


@given(moments, st.sampled_from([retry for retry in Retry if retry not in (Retry.NEVER, Retry.REFRESH_TOKEN)]))
def test_a_retry_lies_in_the_future(now: datetime, retry: Retry):
    at = next_try(retry, now, 1)
    assert at is not None
    assert at > now


@pytest.mark.parametrize("retry", [Retry.NEVER, Retry.REFRESH_TOKEN])
def test_some_errors_allow_no_retry(retry: Retry):
    assert next_try(retry, NOON, 1) is None


@pytest.mark.parametrize(
    ("retry", "opening"),
    [
        (Retry.NEXT_DAY, datetime(2026, 2, 1, tzinfo=VIETNAM)),
        (Retry.NEXT_MONTH, datetime(2026, 2, 1, tzinfo=VIETNAM)),
        (Retry.MORNING, datetime(2026, 2, 1, 6, tzinfo=VIETNAM)),
    ],
)
def test_resets_follow_the_calendar_of_viet_nam_and_are_spread(retry: Retry, opening: datetime):
    at = next_try(retry, NOON.astimezone(UTC), 1)
    assert at is not None
    assert opening <= at <= opening + SPREAD


def test_the_morning_of_the_same_day_is_taken_before_six():
    at = next_try(Retry.MORNING, datetime(2026, 1, 31, 5, 59, tzinfo=VIETNAM), 1)
    assert at is not None
    assert at.astimezone(VIETNAM).date() == NOON.date()


def test_a_time_that_the_provider_named_is_waited_for():
    at = next_try(Retry.BACKOFF, NOON, 1, retry_after=900)
    assert at == NOON + timedelta(seconds=900)
