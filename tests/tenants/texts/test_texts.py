"""Texts of SMS: their parts, without diacritics, with parameters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.texts.diacritics import without_diacritics
from tenants.texts.rendering import NoSuchParameter, parameters_of, render
from tenants.texts.segments import Parts, parts_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, Parts("GSM-7", 160, 1)),
        ("a" * 161, Parts("GSM-7", 161, 2)),
        ("a" * 306, Parts("GSM-7", 306, 2)),
        ("a" * 307, Parts("GSM-7", 307, 3)),
        ("€" * 80, Parts("GSM-7", 160, 1)),
        ("€" * 153, Parts("GSM-7", 306, 3)),
        ("ạ" * 70, Parts("UCS-2", 70, 1)),
        ("ạ" * 71, Parts("UCS-2", 71, 2)),
        ("ạ" * 134, Parts("UCS-2", 134, 2)),
        ("ạ" * 135, Parts("UCS-2", 135, 3)),
        ("😀" * 35, Parts("UCS-2", 70, 1)),
        ("😀" * 67, Parts("UCS-2", 134, 3)),
    ],
)
def test_parts_are_counted_as_networks_cut_them(text, parts):
    assert parts_of(text) == parts


def test_vietnamese_is_written_without_marks():
    assert without_diacritics("Đơn hàng của bạn: 350.000₫ – cảm ơn quý khách…") == (
        "Don hang cua ban: 350.000d - cam on quy khach..."
    )


@given(
    st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ,.0")
)
def test_every_vietnamese_text_fits_the_cheap_alphabet_without_marks(text):
    bare = without_diacritics(text)
    assert bare.isascii()
    assert len(bare) == len(text)
    assert parts_of(bare).encoding == "GSM-7"


def test_parameters_are_filled_in_once():
    assert render("{{a}} and {{ b }}", {"a": "{{b}}", "b": "2"}) == "{{b}} and 2"
    assert parameters_of("{{a}} {{b}} {{a}}") == ["a", "b"]


def test_a_parameter_without_a_value_is_named():
    with pytest.raises(NoSuchParameter, match="b"):
        render("{{a}} {{b}}", {"a": "1"})
