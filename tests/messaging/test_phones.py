import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.phones import normalise

NATIONAL = st.from_regex(r"[35789][0-9]{8}", fullmatch=True)


@given(national=NATIONAL, prefix=st.sampled_from(["0", "84", "+84"]))
def test_every_writing_of_a_vietnamese_mobile_number_is_one_number(national, prefix):
    assert normalise(prefix + national) == "84" + national


@given(national=NATIONAL, prefix=st.sampled_from(["0", "84", "+84"]), data=st.data())
def test_separators_do_not_matter(national, prefix, data):
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "-", "."]), min_size=9, max_size=9))
    written = prefix + "".join(digit + gap for digit, gap in zip(national, gaps, strict=True))
    assert normalise(written) == "84" + national


@given(NATIONAL)
def test_a_normal_form_is_its_own_normal_form(national):
    assert normalise("84" + national) == "84" + national


@given(st.text(max_size=60))
def test_any_text_is_a_number_of_digits_or_none(text):
    found = normalise(text)
    assert found is None or (found.isascii() and found.isdigit() and 8 <= len(found) <= 15)


@pytest.mark.parametrize("n", [0, 1, 42, 99])
def test_magic_recipients_are_numbers(n):
    assert normalise(f"849000000{n:02d}") == f"849000000{n:02d}"


@pytest.mark.parametrize(
    "text",
    ["", "0", "hello", "0187654321", "0687654321", "098765432", "09876543210", "987654321", "+8498765432", "84", "+"],
)
def test_what_is_no_number_is_refused(text):
    assert normalise(text) is None


def test_digits_of_other_scripts_are_refused():
    assert normalise("٠٩٨٧٦٥٤٣٢١") is None


def test_a_foreign_number_needs_its_plus():
    assert normalise("+49 1512 3456789") == "4915123456789"
    assert normalise("4915123456789") is None


def test_a_foreign_number_must_exist_in_its_plan():
    assert normalise("+49 1") is None


def test_a_vietnamese_landline_is_refused():
    assert normalise("+842438252525") is None
