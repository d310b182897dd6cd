"""A notification as it travels, what its answer means, and what does not travel at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from providers.contract import ChecksHandOver, ChecksLimits, ContentKind, Context, Reply, Verdict
from providers.mini_app.adapter import MINI_APP
from tests.providers.mini_app.cases import ANSWERED, CALL, CONTEXT, CREDENTIALS, PACKED, message


def at(hour: int, minute: int = 0) -> Context:
    """The context at a time of day in Viet Nam."""
    return replace(CONTEXT, now=datetime(2026, 1, 1, hour, minute, tzinfo=UTC) - timedelta(hours=7))


def gate(context: Context = CONTEXT, credentials: dict[str, str] | None = None, **changed: Any) -> str:
    """Return the code that stops the message, empty where none does."""
    row = MINI_APP.gate(message(**changed), CREDENTIALS | (credentials or {}), context)
    return row.code if row else ""


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


def test_it_says_that_it_checks_limits_and_hand_over() -> None:
    assert isinstance(MINI_APP, ChecksLimits)
    assert isinstance(MINI_APP, ChecksHandOver)


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
        ({"extra": {"opted_in": False}}, "gate-opt-in"),
        ({"extra": {"person_sends_today": 1}}, "gate-person-day"),
        ({"extra": {"app_sends_today": 1000}}, "gate-app-day"),
    ],
)
def test_what_is_over_a_limit_is_refused_and_not_packed(changed: dict[str, Any], code: str) -> None:
    row = MINI_APP.check(message(**changed))
    assert row is not None
    assert row.code == gate(**changed) == code
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
        {"extra": {"opted_in": True, "person_sends_today": 0, "app_sends_today": 999}},
    ],
)
def test_what_is_within_the_limits_passes(changed: dict[str, Any]) -> None:
    assert MINI_APP.check(message(**changed)) is None
    assert gate(**changed) == ""


@pytest.mark.parametrize(
    ("hour", "minute", "code"),
    [(5, 59, "gate-hours"), (6, 0, ""), (21, 59, ""), (22, 0, "gate-hours"), (0, 0, "gate-hours")],
)
def test_notifications_go_from_six_to_ten_in_viet_nam(hour: int, minute: int, code: str) -> None:
    assert gate(at(hour, minute)) == code
    assert gate(at(hour, minute), {"hours": "any"}) == ""
    assert len(MINI_APP.pack([message()], CREDENTIALS, at(hour, minute))) == (0 if code else 1)


@pytest.mark.parametrize(
    ("visit", "code"),
    [
        (CONTEXT.now - timedelta(days=7), ""),
        (CONTEXT.now - timedelta(days=7, seconds=1), "gate-visit"),
        ("2025-12-25T10:00:00+07:00", ""),
        ("2025-12-25T02:59:59Z", "gate-visit"),
        ("2025-12-20T10:00:00", ""),
        ("long ago", ""),
        (17, ""),
    ],
)
def test_a_visit_holds_for_seven_days(visit: object, code: str) -> None:
    assert gate(extra={"last_visit": visit}) == code


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, "gate-facts"),
        ({"opted_in": True}, "gate-facts"),
        ({"last_visit": "2025-12-31T10:00:00+07:00"}, "gate-facts"),
        ({"opted_in": "yes", "last_visit": "2025-12-31T10:00:00+07:00"}, "gate-facts"),
        ({"opted_in": True, "last_visit": "2025-12-31T10:00:00"}, "gate-facts"),
        ({"opted_in": True, "last_visit": "2025-12-31T10:00:00+07:00"}, ""),
        ({"opted_in": False}, "gate-opt-in"),
    ],
)
def test_an_account_may_require_the_facts(facts: dict[str, Any], code: str) -> None:
    assert gate(credentials={"facts": "required"}, extra=facts) == code


def test_only_the_good_ones_of_many_are_packed() -> None:
    calls = MINI_APP.pack(
        [message(leg_id="a" * 32), message(leg_id="b" * 32, mini_app_user_id=""), message(leg_id="c" * 32)],
        CREDENTIALS,
        CONTEXT,
    )
    assert [call.legs for call in calls] == [("a" * 32,), ("c" * 32,)]
