"""The case tables of consultation messages hold, and no bytes of a provider break the reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import (
    ChecksLimits,
    Context,
    ErrorClass,
    Headers,
    NoAnswer,
    NotSent,
    Outbound,
    Outcome,
    Reply,
    Retry,
    Verdict,
)
from providers.oa.adapter import OA
from tests.providers.oa.cases import (
    ALLOWED,
    ANSWERED,
    CALL,
    CONTEXT,
    CREDENTIALS,
    LEG,
    PACKED,
    REFUSED,
    URL,
    message,
)


@pytest.mark.parametrize(("outbound", "changed", "headers", "body"), PACKED.values(), ids=PACKED.keys())
def test_a_message_becomes(outbound: Outbound, changed: dict[str, str], headers: Headers, body: str) -> None:
    (call,) = OA.pack([outbound], CREDENTIALS | changed, CONTEXT)
    assert (call.method, call.url, call.headers) == ("POST", URL, headers)
    assert call.body.decode() == body
    assert (call.legs, call.timeout) == ((LEG,), 8.0)


@pytest.mark.parametrize(("outbound", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_message_beyond_the_limits_is_refused_and_not_sent(outbound: Outbound, code: str) -> None:
    row = OA.check(outbound)
    assert row is not None
    assert row is OA.errors[code]
    assert OA.pack([outbound, message(text="x")], CREDENTIALS, CONTEXT) == OA.pack(
        [message(text="x")], CREDENTIALS, CONTEXT
    )


@pytest.mark.parametrize("outbound", ALLOWED.values(), ids=ALLOWED.keys())
def test_a_message_at_the_limits_is_sent(outbound: Outbound) -> None:
    assert OA.check(outbound) is None
    assert len(OA.pack([outbound], CREDENTIALS, CONTEXT)) == 1


def test_limits_can_be_asked_for() -> None:
    assert isinstance(OA, ChecksLimits)


def test_in_the_sandbox_the_host_is_the_first_segment() -> None:
    sandboxed = Context(now=CONTEXT.now, origin="http://127.0.0.1:8001")
    (call,) = OA.pack([message(text="x")], CREDENTIALS, sandboxed)
    assert call.url == "http://127.0.0.1:8001/openapi.zalo.me/v3.0/oa/message/cs"


@pytest.mark.parametrize(("response", "outcome"), ANSWERED.values(), ids=ANSWERED.keys())
def test_a_reply_means(response: Reply | NotSent | NoAnswer, outcome: Outcome) -> None:
    assert OA.unpack(CALL, response) == [outcome]


def test_an_unknown_code_is_kept_and_tried_twice() -> None:
    (outcome,) = OA.unpack(CALL, Reply(status=200, headers={}, body=b'{"error":-98765,"message":"Quite new"}'))
    row = outcome.error
    assert row is not None
    assert (outcome.verdict, outcome.text) == (Verdict.REFUSED, "Quite new")
    assert (row.code, row.error_class, row.retry, row.tries) == ("-98765", ErrorClass.TRANSIENT, Retry.BACKOFF, 2)


@given(st.binary(max_size=300), st.integers(100, 599))
def test_no_bytes_make_it_raise(body: bytes, status: int) -> None:
    (outcome,) = OA.unpack(CALL, Reply(status=status, headers={"retry-after": repr(body)}, body=body))
    assert outcome.leg_id == LEG
    assert outcome.verdict is not Verdict.NOT_SENT


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_no_buttons_make_the_check_raise(buttons: object) -> None:
    OA.check(message(text="x", buttons=buttons))


@given(st.text("abXY019 ệ/", min_size=3, max_size=30).map(str.strip).filter(lambda text: len(text) > 2))
def test_no_wording_carries_the_person_or_the_text(text: str) -> None:
    (call,) = OA.pack([message(text=text)], CREDENTIALS, CONTEXT)
    echo = f'{{"error":-248,"message":"{text} to 2512520000000000001 {text}"}}'
    (outcome,) = OA.unpack(call, Reply(status=200, headers={}, body=echo.encode()))
    assert text not in outcome.text
    assert "2512520000000000001" not in outcome.text
