"""The case table of NXCloud holds, limits are kept before a call, and no bytes of a provider break the reading."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from providers.contract import (
    ChecksLimits,
    ContentKind,
    ErrorClass,
    Headers,
    NoAnswer,
    NotSent,
    Outbound,
    Outcome,
    Reply,
    Verdict,
)
from providers.nxcloud.adapter import NXCLOUD
from tests.providers.nxcloud.cases import ANSWERED, CALL, CONTEXT, CREDENTIALS, LEG, PACKED, message


@pytest.mark.parametrize(
    ("outbound", "changed", "context", "url", "headers", "body"), PACKED.values(), ids=PACKED.keys()
)
def test_a_message_becomes(
    outbound: Outbound, changed: dict[str, str], context: dict[str, Any], url: str, headers: Headers, body: str
) -> None:
    (call,) = NXCLOUD.pack([outbound], CREDENTIALS | changed, replace(CONTEXT, **context))
    assert (call.method, call.url, call.body.decode()) == ("POST", url, body)
    assert call.headers == headers
    assert (call.legs, call.timeout) == ((LEG,), 8.0)


def test_each_message_has_a_call_of_its_own() -> None:
    calls = NXCLOUD.pack([message(), message(leg_id="b" * 32, phone="84912345678")], CREDENTIALS, CONTEXT)
    assert [call.legs for call in calls] == [(LEG,), ("b" * 32,)]
    assert b"84912345678" not in calls[0].body


def test_the_same_message_is_signed_anew_for_each_attempt() -> None:
    later = replace(CONTEXT, now=CONTEXT.now.replace(minute=5))
    first, second = (NXCLOUD.pack([message()], CREDENTIALS, at)[0] for at in (CONTEXT, later))
    assert first.body == second.body
    assert dict(second.headers)["ts"] == "1767225900000"
    assert dict(first.headers)["sign"] != dict(second.headers)["sign"]


def test_in_the_sandbox_the_host_is_the_first_segment() -> None:
    (call,) = NXCLOUD.pack([message()], CREDENTIALS, replace(CONTEXT, origin="http://127.0.0.1:8001"))
    assert call.url == "http://127.0.0.1:8001/api.nxcloud.com/v1/zalo/mt"


def of_length(*lengths: int) -> dict[str, str]:
    return {f"p{n}": "ệ" * length for n, length in enumerate(lengths)}


WITHIN = {
    "400 characters": message(values=of_length(200, 200)),
    "400 characters, written with 800": message(values={"p": "e\u0300" * 400}),
    "8 parameters": message(values=of_length(*[1] * 8)),
    "65,535 bytes of ext": message(leg_id="x" * 65_535),
}
OVER = {
    "401 characters": (message(values=of_length(200, 201)), "limit-characters"),
    "9 parameters": (message(values=of_length(*[1] * 9)), "limit-parameters"),
    "65,536 bytes of ext": (message(leg_id="x" * 65_536), "limit-ext"),
    "65,536 bytes of fewer characters": (message(leg_id="ệ" * 21_846), "limit-ext"),
    "a text": (message(kind=ContentKind.TEXT, text="hi"), "limit-content"),
    "development mode": (message(mode="development"), "limit-mode"),
}


def test_it_says_that_it_checks_limits() -> None:
    assert isinstance(NXCLOUD, ChecksLimits)


@pytest.mark.parametrize("outbound", WITHIN.values(), ids=WITHIN.keys())
def test_what_is_within_the_limits_is_sent(outbound: Outbound) -> None:
    assert NXCLOUD.check(outbound) is None
    assert len(NXCLOUD.pack([outbound], CREDENTIALS, CONTEXT)) == 1


@pytest.mark.parametrize(("outbound", "code"), OVER.values(), ids=OVER.keys())
def test_what_is_over_a_limit_is_not_sent(outbound: Outbound, code: str) -> None:
    assert NXCLOUD.check(outbound) is NXCLOUD.errors[code]
    calls = NXCLOUD.pack([outbound, message(leg_id="b" * 32)], CREDENTIALS, CONTEXT)
    assert [call.legs for call in calls] == [("b" * 32,)]


def test_an_address_for_receipts_may_have_256_characters() -> None:
    longest = replace(CONTEXT, hook_url="h" * 256)
    assert NXCLOUD.check(message(), longest) is None
    assert len(NXCLOUD.pack([message()], CREDENTIALS, longest)) == 1


def test_an_address_for_receipts_that_is_longer_stops_the_channel() -> None:
    too_long = replace(CONTEXT, hook_url="h" * 257)
    assert NXCLOUD.check(message(), too_long) is NXCLOUD.errors["limit-webhook"]
    with pytest.raises(ValueError, match="256 characters"):
        NXCLOUD.pack([message()], CREDENTIALS, too_long)


@pytest.mark.parametrize(("response", "outcome"), ANSWERED.values(), ids=ANSWERED.keys())
def test_a_reply_means(response: Reply | NotSent | NoAnswer, outcome: Outcome) -> None:
    assert NXCLOUD.unpack(CALL, response) == [outcome]


def answered(code: int) -> Outcome:
    (outcome,) = NXCLOUD.unpack(CALL, Reply(status=200, headers={}, body=b'{"code":%d,"message":"New"}' % code))
    return outcome


def test_an_unknown_code_is_kept_and_tried_twice() -> None:
    row = answered(54321).error
    assert row is not None
    assert (row.code, row.error_class, row.tries) == ("54321", ErrorClass.TRANSIENT, 2)


@pytest.mark.parametrize("code", [1000, 1006, 1099])
def test_an_unlisted_code_of_the_signature_is_a_matter_of_access(code: int) -> None:
    row = answered(code).error
    assert row is not None
    assert (row.code, row.error_class) == (str(code), ErrorClass.TOKEN)


@given(st.binary(max_size=300), st.integers(100, 599))
def test_no_bytes_make_it_raise(body: bytes, status: int) -> None:
    (outcome,) = NXCLOUD.unpack(CALL, Reply(status=status, headers={"retry-after": repr(body)}, body=body))
    assert outcome.leg_id == LEG
    assert outcome.verdict is not Verdict.NOT_SENT


@given(st.text("abXY019 ệ/", min_size=3, max_size=30).map(str.strip).filter(lambda value: len(value) > 2))
def test_no_wording_carries_the_number_or_a_value(value: str) -> None:
    (call,) = NXCLOUD.pack([message(values={"name": value})], CREDENTIALS, CONTEXT)
    echo = f'{{"code":9000,"message":"{value} to +84900000001 {value} or 0900000001","traceId":"84900000001"}}'
    (outcome,) = NXCLOUD.unpack(call, Reply(status=200, headers={}, body=echo.encode()))
    assert value not in outcome.text
    assert "900000001" not in outcome.text
