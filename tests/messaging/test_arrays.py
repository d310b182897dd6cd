"""Arrays as PostgreSQL reads them: what goes in comes out."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.arrays import array, uuids
from messaging.sql import cursor

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
KINDS = {
    "text": TEXTS,
    "boolean": st.booleans(),
    "smallint": st.integers(-(2**15), 2**15 - 1),
    "int": st.integers(-(2**31), 2**31 - 1),
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "numeric": st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9),
    "timestamptz": st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    "uuid": st.uuids(),
}


def read_back(kind: str, written: str) -> list[Any]:
    with cursor() as sql:
        row = sql.execute(f"SELECT %s::{kind}[]", (written,)).fetchone()
    assert row is not None
    return list(row[0])


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read(kind: str) -> None:
    values = st.lists(KINDS[kind] if kind == "uuid" else st.none() | KINDS[kind])

    @settings(max_examples=60, deadline=None)
    @given(values)
    def holds(given_values: list[Any]) -> None:
        assert read_back(kind, array(kind, given_values)) == given_values

    holds()


def test_one_value_for_all_is_written_for_each() -> None:
    assert read_back("text", array("text", ['a"\\,{}'] * 3)) == ['a"\\,{}'] * 3


def test_a_column_of_nothing_but_nones_holds_nulls() -> None:
    assert read_back("numeric", array("numeric", [None, None])) == [None, None]


def test_json_is_given_as_text() -> None:
    written, nothing = read_back("jsonb", array("jsonb", ['{"a": "\\u00e2\\"b"}', None]))
    assert (json.loads(written), nothing) == ({"a": 'â"b'}, None)


def test_numbers_keep_their_digits() -> None:
    assert read_back("numeric", array("numeric", [Decimal("200.50"), Decimal("3E+2")])) == [
        Decimal("200.50"),
        Decimal(300),
    ]


def test_uuids_take_any_collection() -> None:
    ids = {UUID(int=1): "a", UUID(int=2): "b"}
    assert read_back("uuid", uuids(ids)) == list(ids)


def test_a_kind_without_a_writer_is_refused() -> None:
    with pytest.raises(KeyError):
        array("interval", ["1 s"])
