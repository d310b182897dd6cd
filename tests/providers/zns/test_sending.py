"""The case table of ZNS holds, and no bytes of a provider break the reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import Context, ErrorClass, NoAnswer, NotSent, Outbound, Outcome, Reply, Retry, Verdict
from providers.registry import provider
from tests.providers.zns.cases import ANSWERED, CALL, CONTEXT, CREDENTIALS, LEG, PACKED, message

ZNS = provider("zns")


@pytest.mark.parametrize(("outbound", "changed", "url", "headers", "body"), PACKED.values(), ids=PACKED.keys())
def test_a_message_becomes(
    outbound: Outbound, changed: dict[str, str], url: str, headers: tuple[tuple[str, str], ...], body: str
) -> None:
    (call,) = ZNS.pack([outbound], CREDENTIALS | changed, CONTEXT)
    assert (call.method, call.url, call.headers) == ("POST", url, headers)
    assert call.body.decode() == body
    assert (call.legs, call.timeout) == ((LEG,), 8.0)


def test_each_message_has_a_call_of_its_own() -> None:
    calls = ZNS.pack([message(), message(leg_id="b" * 32, phone="84912345678")], CREDENTIALS, CONTEXT)
    assert [call.legs for call in calls] == [(LEG,), ("b" * 32,)]
    assert b"84912345678" not in calls[0].body
    assert b"84987654321" not in calls[1].body


def test_a_journey_token_stays_with_its_message() -> None:
    calls = ZNS.pack([message(journey_token="jt"), message()], CREDENTIALS, CONTEXT)
    assert ["journey_token" in dict(call.headers) for call in calls] == [True, False]


def test_in_the_sandbox_the_host_is_the_first_segment() -> None:
    sandboxed = Context(now=CONTEXT.now, origin="http://127.0.0.1:8001")
    (call,) = ZNS.pack([message()], CREDENTIALS, sandboxed)
    assert call.url == "http://127.0.0.1:8001/business.openapi.zalo.me/message/template"


@pytest.mark.parametrize(("response", "outcome"), ANSWERED.values(), ids=ANSWERED.keys())
def test_a_reply_means(response: Reply | NotSent | NoAnswer, outcome: Outcome) -> None:
    assert ZNS.unpack(CALL, response) == [outcome]


def test_an_unknown_code_is_kept_and_tried_twice() -> None:
    (outcome,) = ZNS.unpack(CALL, Reply(status=200, headers={}, body=b'{"error":-98765,"message":"Quite new"}'))
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.text == "Quite new"
    row = outcome.error
    assert row is not None
    assert (row.code, row.error_class, row.retry, row.tries) == ("-98765", ErrorClass.TRANSIENT, Retry.BACKOFF, 2)


@given(st.binary(max_size=300), st.integers(100, 599))
def test_no_bytes_make_it_raise(body: bytes, status: int) -> None:
    (outcome,) = ZNS.unpack(CALL, Reply(status=status, headers={"retry-after": repr(body)}, body=body))
    assert outcome.leg_id == LEG
    assert outcome.verdict is not Verdict.NOT_SENT


@given(st.text("abXY019 ệ/", min_size=3, max_size=30).map(str.strip).filter(lambda value: len(value) > 2))
def test_no_wording_carries_the_number_or_a_value(value: str) -> None:
    (call,) = ZNS.pack([message(values={"customer": value})], CREDENTIALS, CONTEXT)
    echo = f'{{"error":-1121,"message":"{value} to +84987654321 {value} or 0987654321 breaks max length"}}'
    (outcome,) = ZNS.unpack(call, Reply(status=200, headers={}, body=echo.encode()))
    assert value not in outcome.text
    assert "987654321" not in outcome.text


def test_the_hash_of_a_number_is_masked_too() -> None:
    (call,) = ZNS.pack([message()], CREDENTIALS | {"hash_phone": "1"}, CONTEXT)
    hashed = call.body.split(b'"')[3]
    (outcome,) = ZNS.unpack(call, Reply(status=200, headers={}, body=b'{"error":-118,"message":"no %s"}' % hashed))
    assert outcome.text == "no ***"
