"""A provider's wording never carries what was sent to the person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.zalo.wording import clean, phone_forms


@pytest.mark.parametrize(
    ("text", "known", "cleaned"),
    [
        ("customer data breaks max length", [], "customer data breaks max length"),
        ("value Hoàng Anh too long", ["Hoàng Anh"], "value *** too long"),
        ("value HOÀNG ANH too long", ["Hoàng Anh"], "value *** too long"),
        ("code 1 in line 11", ["1"], "code *** in line 11"),
        ("a value a", ["a"], "*** value ***"),
        ("not 0987654321 nor +84987654321", [], "not *** nor ***"),
        ("not 0987 654 321", [], "not ***"),
        ("template 205644 not found", [], "template 205644 not found"),
        ("Tom &amp; Co failed", ["Tom & Co"], "*** failed"),
        ("long first: abcdef", ["abc", "abcdef"], "long first: ***"),
        ("token " + "Ab1" * 20, [], "token ***"),
        ("one\ntwo\x00three", [], "one two three"),
        ("", ["x"], ""),
        ("kept whole", ["", " "], "kept whole"),
    ],
)
def test_wording_is_cleaned(text: str, known: list[str], cleaned: str) -> None:
    assert clean(text, known) == cleaned


def test_long_wording_is_cut() -> None:
    assert clean("word " * 200) == ("word " * 60)[:299] + "…"


@given(st.text(), st.lists(st.text("abcXYZ0189ệ. ", min_size=3).map(str.strip).filter(lambda value: len(value) > 2)))
def test_no_value_of_three_characters_or_more_survives(text: str, values: list[str]) -> None:
    cleaned = clean(" ".join([text, *values, text]), values)
    assert not [value for value in values if value in cleaned]


def test_a_phone_number_is_known_in_its_usual_forms() -> None:
    assert phone_forms("84987654321") == ("84987654321", "0987654321", "987654321")
