from datetime import UTC, datetime, timedelta

import pytest

from providers.oa.windows import Window, window

LAST = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("silence", "found"),
    [
        (timedelta(0), Window.FREE),
        (timedelta(hours=48), Window.FREE),
        (timedelta(hours=48, seconds=1), Window.BILLED),
        (timedelta(days=7), Window.BILLED),
        (timedelta(days=7, seconds=1), Window.CLOSED),
    ],
)
def test_the_window_by_silence(silence: timedelta, found: Window):
    assert window(LAST, LAST + silence) is found
