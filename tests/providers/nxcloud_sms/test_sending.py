"""The case table of texts holds, limits are kept before a call, and no bytes of a provider break the reading."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from providers.contract import ChecksLimits, ErrorClass, Headers, NoAnswer, NotSent, Outbound, Outcome, Reply, Verdict
from providers.nxcloud_sms.adapter import NXCLOUD_SMS
from tests.providers.nxcloud_sms.cases import ANSWERED, CALL, CONTEXT, CREDENTIALS, FORM_CALL, LEG, PACKED, message


@pytest.mark.parametrize(
    ("outbound", "changed", "context", "url", "headers", "body"), PACKED.values(), ids=PACKED.keys()
)
def test_a_message_becomes(
    outbound: Outbound, changed: dict[str, str], context: dict[str, Any], url: str, headers: Headers, body: str
) -> None:
    (call,) = NXCLOUD_SMS.pack([outbound], CREDENTIALS | changed, replace(CONTEXT, **context))
    assert (call.method, call.url, call.body.decode()) == ("POST", url, body)
    assert call.headers == headers
    assert (call.legs, call.timeout) == ((LEG,), 8.0)


def test_each_message_has_a_call_of_its_own() -> None:
    calls = NXCLOUD_SMS.pack([message(), message(leg_id="b" * 32, phone="84912345678")], CREDENTIALS, CONTEXT)
    assert [call.legs for call in calls] == [(LEG,), ("b" * 32,)]
    assert b"84912345678" not in calls[0].body


def test_a_signed_api_never_carries_a_secret() -> None:
    (call,) = NXCLOUD_SMS.pack([message()], CREDENTIALS, CONTEXT)
    assert "sk&1" not in repr(call)
    assert "secretDemo" not in repr(call)


def test_an_api_that_is_none_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        NXCLOUD_SMS.pack([message()], CREDENTIALS | {"api": "v9"}, CONTEXT)


WITHIN = {
    "1,000 characters": message(text="ệ" * 1_000),
    "1,000 characters, written with 2,000": message(text="e\u0300" * 1_000),
    "no sender": message(sender=""),
    "a sender of 20": message(sender="A1" * 10),
    "an id with hyphens": message(leg_id="0192f0c1-a2b3-7c4d-8e9f-a0b1c2d3e4f5"),
    "an id of 50": message(leg_id="x" * 50),
}
OVER = {
    "1,001 characters": (message(text="e" * 1_001), "limit-characters"),
    "no text": (message(text=""), "limit-empty"),
    "spaces": (message(text=" \n"), "limit-empty"),
    "a sender of 21": (message(sender="A" * 21), "limit-sender"),
    "a sender with a space": (message(sender="Sao Mai"), "limit-sender"),
    "a sender with an accent": (message(sender="SaoMãi"), "limit-sender"),
    "an id of 9": (message(leg_id="x" * 9), "limit-id"),
    "an id of 51": (message(leg_id="x" * 51), "limit-id"),
    "an id with a dot": (message(leg_id="x" * 20 + "."), "limit-id"),
}


def test_it_says_that_it_checks_limits() -> None:
    assert isinstance(NXCLOUD_SMS, ChecksLimits)


@pytest.mark.parametrize("outbound", WITHIN.values(), ids=WITHIN.keys())
def test_what_is_within_the_limits_is_sent(outbound: Outbound) -> None:
    assert NXCLOUD_SMS.check(outbound) is None
    assert len(NXCLOUD_SMS.pack([outbound], CREDENTIALS, CONTEXT)) == 1


@pytest.mark.parametrize(("outbound", "code"), OVER.values(), ids=OVER.keys())
def test_what_is_over_a_limit_is_not_sent(outbound: Outbound, code: str) -> None:
    assert NXCLOUD_SMS.check(outbound) is NXCLOUD_SMS.errors[code]
    calls = NXCLOUD_SMS.pack([outbound, message(leg_id="b" * 32)], CREDENTIALS, CONTEXT)
    assert [call.legs for call in calls] == [("b" * 32,)]


@pytest.mark.parametrize(("response", "outcome"), ANSWERED.values(), ids=ANSWERED.keys())
@pytest.mark.parametrize("call", [CALL, FORM_CALL], ids=["json", "form"])
def test_a_reply_means(call: Any, response: Reply | NotSent | NoAnswer, outcome: Outcome) -> None:
    assert NXCLOUD_SMS.unpack(call, response) == [outcome]


@pytest.mark.parametrize(
    ("code", "error_class"), [(1099, ErrorClass.TOKEN), (54321, ErrorClass.TRANSIENT), (105, ErrorClass.TRANSIENT)]
)
def test_an_unlisted_code_is_kept(code: int, error_class: ErrorClass) -> None:
    (outcome,) = NXCLOUD_SMS.unpack(CALL, Reply(status=200, headers={}, body=b'{"code":"%d"}' % code))
    assert outcome.error is not None
    assert (outcome.error.code, outcome.error.error_class) == (str(code), error_class)


@given(st.binary(max_size=300), st.integers(100, 599))
def test_no_bytes_make_it_raise(body: bytes, status: int) -> None:
    (outcome,) = NXCLOUD_SMS.unpack(CALL, Reply(status=status, headers={"retry-after": repr(body)}, body=body))
    assert outcome.leg_id == LEG
    assert outcome.verdict is not Verdict.NOT_SENT


@given(st.text("abXY019 ệ/&=", min_size=3, max_size=30).map(str.strip).filter(lambda value: len(value) > 2))
@pytest.mark.parametrize("api", ["v1", "form"])
def test_no_wording_carries_the_number_or_the_text(api: str, value: str) -> None:
    (call,) = NXCLOUD_SMS.pack([message(text=value)], CREDENTIALS | {"api": api}, CONTEXT)
    echo = f'{{"code":"5","result":"{value} to +84987654321 {value} or 0987654321"}}'
    (outcome,) = NXCLOUD_SMS.unpack(call, Reply(status=200, headers={}, body=echo.encode()))
    assert value not in outcome.text
    assert "987654321" not in outcome.text
