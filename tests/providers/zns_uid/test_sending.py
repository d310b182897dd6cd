"""The case tables of templates by user id hold, and no bytes of a provider break the reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import ChecksLimits, Headers, NoAnswer, NotSent, Outbound, Outcome, Reply, Verdict
from providers.zns_uid.adapter import ZNS_UID
from tests.providers.zns_uid.cases import (
    ANSWERED,
    CALL,
    CONTEXT,
    CREDENTIALS,
    LEG,
    PACKED,
    REFUSED,
    URL,
    USER,
    message,
)


@pytest.mark.parametrize(("outbound", "changed", "headers", "body"), PACKED.values(), ids=PACKED.keys())
def test_a_message_becomes(outbound: Outbound, changed: dict[str, str], headers: Headers, body: str) -> None:
    (call,) = ZNS_UID.pack([outbound], CREDENTIALS | changed, CONTEXT)
    assert (call.method, call.url, call.headers) == ("POST", URL, headers)
    assert call.body.decode() == body
    assert (call.legs, call.timeout) == ((LEG,), 8.0)


def test_a_phone_number_does_not_travel() -> None:
    (call,) = ZNS_UID.pack([message()], CREDENTIALS, CONTEXT)
    assert b"84987654321" not in call.body


@pytest.mark.parametrize(("outbound", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_message_that_cannot_go_is_refused_and_not_sent(outbound: Outbound, code: str) -> None:
    assert ZNS_UID.check(outbound) is ZNS_UID.errors[code]
    calls = ZNS_UID.pack([outbound, message(leg_id="b" * 32)], CREDENTIALS, CONTEXT)
    assert [call.legs for call in calls] == [("b" * 32,)]


def test_a_message_that_can_go_is_not_refused() -> None:
    assert isinstance(ZNS_UID, ChecksLimits)
    assert ZNS_UID.check(message()) is None


@pytest.mark.parametrize(("response", "outcome"), ANSWERED.values(), ids=ANSWERED.keys())
def test_a_reply_means(response: Reply | NotSent | NoAnswer, outcome: Outcome) -> None:
    assert ZNS_UID.unpack(CALL, response) == [outcome]


@given(st.binary(max_size=300), st.integers(100, 599))
def test_no_bytes_make_it_raise(body: bytes, status: int) -> None:
    (outcome,) = ZNS_UID.unpack(CALL, Reply(status=status, headers={"retry-after": repr(body)}, body=body))
    assert outcome.leg_id == LEG
    assert outcome.verdict is not Verdict.NOT_SENT


@given(st.text("abXY019 ệ/", min_size=3, max_size=30).map(str.strip).filter(lambda value: len(value) > 2))
def test_no_wording_carries_the_person_or_a_value(value: str) -> None:
    (call,) = ZNS_UID.pack([message(values={"customer": value})], CREDENTIALS, CONTEXT)
    echo = f'{{"error":-1121,"message":"{value} to {USER} {value} breaks max length"}}'
    (outcome,) = ZNS_UID.unpack(call, Reply(status=200, headers={}, body=echo.encode()))
    assert value not in outcome.text
    assert USER not in outcome.text
