"""Times without a zone and amounts of money."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.nxcloud.fields import as_local_time, cost


def test_a_time_is_eight_hours_ahead_of_utc() -> None:
    assert as_local_time("2026-03-01 00:00:05") == datetime(2026, 2, 28, 16, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, "", "soon", "2026-03-01", "2026-13-01 00:00:00", 1772326805, {}])
def test_what_is_no_time_is_none(value: object) -> None:
    assert as_local_time(value) is None


@pytest.mark.parametrize(
    ("amount", "text"), [(0.02, "0.02"), ("0.030", "0.030"), (0, "0"), (0.00001, "0.00001"), (" 1 ", "1"), (-1, "-1")]
)
def test_an_amount_is_a_decimal_text(amount: object, text: str) -> None:
    assert cost(amount, "USD") == {"cost": {"amount": text, "currency": "USD"}}


@pytest.mark.parametrize("amount", [None, "", "free", "NaN", "Infinity", "1e999999", True, {}])
def test_what_is_no_amount_is_no_cost(amount: object) -> None:
    assert cost(amount, "USD") == {}


@given(st.text(max_size=20) | st.integers() | st.floats())
def test_nothing_makes_it_raise(value: object) -> None:
    assert set(cost(value, value)) <= {"cost"}
    as_local_time(value)
