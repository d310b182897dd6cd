"""Single fields are read leniently and nothing makes the readings raise."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.zalo.fields import as_bool, as_int, as_list, as_object, as_text, as_time, json_object

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5),
        ("5000", 5000),
        (" -118 ", -118),
        (5.0, 5),
        (5.5, None),
        ("5.5", None),
        ("", None),
        ("x", None),
        ("--5", None),
        ("9" * 40, None),
        (None, None),
        (True, None),
        ([5], None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_a_number_is_read_from(value: Any, number: int | None) -> None:
    assert as_int(value) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), (205644, "205644"), (2**70, str(2**70)), (1.5, "1.5"), (None, ""), (True, ""), ([], ""), ({}, "")],
)
def test_a_text_is_read_from(value: Any, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize("value", [True, "true", "True", 1, "1"])
def test_a_truth_is_read_from(value: Any) -> None:
    assert as_bool(value) is True


@pytest.mark.parametrize("value", [False, "false", 0, None, "yes", []])
def test_anything_else_is_not_true(value: Any) -> None:
    assert as_bool(value) is False


@pytest.mark.parametrize("value", ["1714529559833", 1714529559833])
def test_milliseconds_become_an_aware_time(value: Any) -> None:
    assert as_time(value) == datetime(2024, 5, 1, 2, 12, 39, 833000, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, "", "soon", 10**18, -(10**18)])
def test_what_is_no_time_is_none(value: Any) -> None:
    assert as_time(value) is None


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"1", b"<html>", b"{", b"\xff", b'{"a":"\xff"}', b"[" * 100_000, b'{"a":1e999}']
)
def test_what_is_no_json_object_is_none(body: bytes) -> None:
    assert json_object(body) is None


def test_a_number_of_thousands_of_digits_does_not_raise() -> None:
    fields = json_object(b'{"a":' + b"9" * 6000 + b"}") or {}
    assert as_text(fields.get("a")) == ""


@given(ANY_JSON)
def test_no_value_makes_a_reading_raise(value: Any) -> None:
    assert isinstance(as_text(value), str)
    assert as_int(value) is None or isinstance(as_int(value), int)
    assert as_time(value) is None or as_time(value).tzinfo is UTC  # type: ignore[union-attr]
    assert isinstance(as_list(value), list)
    assert isinstance(as_object(value), dict)
    assert as_bool(value) in (True, False)


def test_a_text_holds_nothing_that_no_database_keeps() -> None:
    assert as_text("m\0sg") == "msg"
