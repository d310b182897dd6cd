"""A notification as it travels, what its answer means, and what does not travel at all."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from providers.contract import ChecksLimits, ContentKind, Reply, Verdict
from providers.mini_app.adapter import MINI_APP
from providers.mini_app.gates import gate
from tests.providers.mini_app.cases import ANSWERED, CALL, CONTEXT, CREDENTIALS, PACKED, message


@pytest.mark.parametrize(("given", "credentials", "context", "url", "headers", "body"), PACKED.values(), ids=PACKED)
def test_a_message_becomes_exactly_this_call(
    given: Any, credentials: Any, context: Any, url: str, headers: Any, body: str
) -> None:
    (call,) = MINI_APP.pack([given], CREDENTIALS | credentials, replace(CONTEXT, **context))
    assert (call.method, call.url, call.headers, call.body) == ("POST", url, headers, body.encode())
    assert (call.legs, call.timeout) == ((given.leg_id,), 8.0)


@pytest.mark.parametrize(("response", "expected"), ANSWERED.values(), ids=ANSWERED)
def test_a_reply_means_exactly_this_outcome(response: Any, expected: Any) -> None:
    assert MINI_APP.unpack(CALL, response) == [expected]


@given(st.binary(max_size=200), st.sampled_from([200, 204, 302, 400, 404, 500, 503]))
def test_no_bytes_make_it_raise_or_accept(body: bytes, status: int) -> None:
    (outcome,) = MINI_APP.unpack(CALL, Reply(status=status, headers={}, body=b"x" + body))
    assert outcome.verdict is (Verdict.REFUSED if status == 400 else Verdict.UNKNOWN)


def test_a_code_that_no_table_knows_is_tried_twice_more() -> None:
    (outcome,) = MINI_APP.unpack(CALL, Reply(status=200, headers={}, body=b'{"err":-999}'))
    assert outcome.error is not None
    assert (outcome.error.code, outcome.error.error_class, outcome.error.tries) == ("-999", "transient", 2)


def test_it_says_that_it_checks_limits() -> None:
    assert isinstance(MINI_APP, ChecksLimits)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": ContentKind.TEXT}, "limit-content"),
        ({"mode": "development"}, "limit-mode"),
        ({"mini_app_user_id": ""}, "limit-user"),
        ({"mini_app_user_id": "123456789"}, "limit-user"),
        ({"mini_app_user_id": "1" * 21}, "limit-user"),
        ({"mini_app_user_id": "56000000000\r\nX"}, "limit-user"),
        ({"mini_app_user_id": "٥٦٠٠٠٠٠٠٠٠٠"}, "limit-user"),
        ({"values": {"title": "x" * 33}}, "limit-field"),
    ],
)
def test_what_is_over_a_limit_is_refused_and_not_packed(changed: dict[str, Any], code: str) -> None:
    row = MINI_APP.check(message(**changed))
    assert row is not None
    assert row.code == code
    assert MINI_APP.errors[code] is row
    assert MINI_APP.pack([message(**changed)], CREDENTIALS, CONTEXT) == []


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"mini_app_user_id": "1" * 10},
        {"mini_app_user_id": "1" * 20},
        {"values": {"title": "x" * 32, "contentTitle": "y" * 300}},
        {"values": {"title": "o\u0300" * 32}},
        {"template": "other", "values": {"title": "x" * 33}},
    ],
)
def test_what_is_within_the_limits_passes(changed: dict[str, Any]) -> None:
    assert MINI_APP.check(message(**changed)) is None


NOW = CONTEXT.now


@pytest.mark.parametrize(
    ("opted_in", "last_visit", "required", "code"),
    [
        (None, None, False, ""),
        (True, None, False, ""),
        (False, None, False, "gate-opt-in"),
        (False, NOW, True, "gate-opt-in"),
        (None, NOW - timedelta(days=7), False, ""),
        (None, NOW - timedelta(days=7, seconds=1), False, "gate-visit"),
        (None, None, True, "gate-facts"),
        (True, None, True, "gate-facts"),
        (None, NOW, True, "gate-facts"),
        (True, NOW, True, ""),
        (True, NOW - timedelta(days=8), True, "gate-visit"),
    ],
)
def test_facts_about_a_person_decide(
    opted_in: bool | None, last_visit: datetime | None, required: bool, code: str
) -> None:
    row = gate(opted_in, last_visit, NOW, required=required)
    assert (row.code if row else "") == code
    assert row is None or MINI_APP.errors[code] is row


def test_only_the_good_ones_of_many_are_packed() -> None:
    calls = MINI_APP.pack(
        [message(leg_id="a" * 32), message(leg_id="b" * 32, mini_app_user_id=""), message(leg_id="c" * 32)],
        CREDENTIALS,
        CONTEXT,
    )
    assert [call.legs for call in calls] == [("a" * 32,), ("c" * 32,)]
