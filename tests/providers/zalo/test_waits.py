"""What an answer asks to wait is a time that can be reckoned with."""

import pytest

from providers.zalo.waits import retry_after

ANSWERED = "Sun, 22 Nov 2026 00:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30.0),
        ("Sun, 22 Nov 2026 00:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 999_999_999.0),
        ("9999999999", None),
        ("soon", None),
    ],
)
def test_the_wait_is(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value, "date": ANSWERED}) == seconds
