import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.sandbox.zalo.journeys import Journey, read, write
from providers.sandbox.zalo.seeded_templates import BILL, ordinary
from providers.sandbox.zalo.templates import Unfit, any_template, checked, shown

OTP = ordinary(1)[1]


@given(st.text(max_size=20))
def test_a_value_fits_exactly_up_to_its_longest_length(text: str) -> None:
    if len(text) <= 10:
        assert checked(OTP, {"otp": text}) == {"otp": text}
        return
    with pytest.raises(Unfit) as refused:
        checked(OTP, {"otp": text})
    assert (refused.value.code, refused.value.text) == (-1121, "otp data breaks max length")


@given(st.sets(st.sampled_from([each.name for each in BILL.parameters]), min_size=1))
def test_the_first_missing_parameter_is_named(missing: set[str]) -> None:
    data = {each.name: each.sample for each in BILL.parameters if each.name not in missing}
    first = next(each.name for each in BILL.parameters if each.name in missing)
    with pytest.raises(Unfit) as refused:
        checked(BILL, data)
    assert (refused.value.code, refused.value.text) == (-1122, f"{first} is missing")


@given(st.dictionaries(st.text(min_size=1), st.text(), min_size=1))
def test_the_shared_account_shows_any_text_as_it_came(data: dict[str, str]) -> None:
    template = any_template("x", data)
    assert shown(template, checked(template, data), "s").rows == tuple(data.items())


@given(st.text(alphabet="{}!:0a", max_size=10))
def test_braces_in_a_value_stay_what_they_are(text: str) -> None:
    assert shown(OTP, {"otp": text}, "s").text == (
        f"Mã xác thực của bạn là {text}. Vui lòng không chia sẻ mã này với bất kỳ ai."
    )


@given(st.text(max_size=80))
def test_a_journey_token_that_was_not_given_out_is_not_read(text: str) -> None:
    assert read(text) is None


def test_a_journey_token_reads_back() -> None:
    journey = Journey(app_id="1", oa_id="2", phone="84987654321", created_at=3, expired_at=4)
    assert read(write(journey)) == journey
