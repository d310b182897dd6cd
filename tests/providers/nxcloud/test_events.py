"""What NXCloud's reports mean, and who may report."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import BadSignature, Context, Event, EventKind, Hook
from providers.nxcloud.adapter import NXCLOUD
from providers.nxcloud.signature import signed_headers

NOW = datetime(2026, 3, 1, 1, 1, tzinfo=UTC)
CONTEXT = Context(now=NOW)
SECRETS = {"hook_token": "9f2c", "access_key": "AK", "access_secret": "sec"}
LEG, ID = "a" * 32, "zalomid.0123456789abcdef0123456789abcdef"
COST = {"currency": "USD", "originalPrice": 0.02}


def hook(body: bytes, path: str = "/hooks/nxcloud/9f2c", headers: dict[str, str] | None = None) -> Hook:
    return Hook(method="POST", path=path, headers=headers or {}, body=body)


def read(fields: dict[str, Any]) -> Event:
    (event,) = NXCLOUD.read_events(hook(msgspec.json.encode(fields)), SECRETS, CONTEXT)
    return event


SUCCESS = {
    "status": "success",
    "requestId": ID,
    "code": 0,
    "message": "Successfully sent.",
    "sendTime": "2026-03-01 09:00:05",
    "ext": LEG,
    "cost": COST,
    "zaloRes": {
        "error": 0,
        "message": "Success",
        "data": {
            "msg_id": "ab12",
            "sent_time": "1772326805000",
            "sending_mode": "1",
            "quota": {"remainingQuota": "4999", "dailyQuota": "5000"},
        },
    },
}
FAILED = {
    "status": "failed",
    "requestId": ID,
    "code": 17004,
    "message": "Zalo send error(Zalo account not existed)",
    "sendTime": "2026-03-01 09:00:05",
    "ext": LEG,
    "zaloRes": {"error": -118, "message": "Zalo account not existed", "data": None},
}
DELIVERED = {
    "status": "delivered",
    "requestId": ID,
    "code": 17003,
    "message": "Zalo message has delivered",
    "sendTime": "2026-03-01 09:00:09",
    "ext": LEG,
}


def test_success_says_that_zalo_took_the_message() -> None:
    event = read(SUCCESS)
    assert (event.kind, event.name, event.leg_id, event.provider_message_id) == (EventKind.SENT, "success", LEG, ID)
    assert event.data == {
        "zalo_message_id": "ab12",
        "sending_mode": "1",
        "quota": {"daily": 5000, "remaining": 4999},
        "cost": {"amount": "0.02", "currency": "USD"},
    }


def test_times_are_eight_hours_ahead_of_utc() -> None:
    event = read(SUCCESS)
    assert event.at == datetime(2026, 3, 1, 1, 0, 5, tzinfo=UTC)
    assert event.at.timestamp() * 1000 == 1772326805000


def test_delivered() -> None:
    event = read(DELIVERED)
    assert (event.kind, event.leg_id, event.provider_message_id) == (EventKind.DELIVERED, LEG, ID)
    assert (event.at, event.data) == (datetime(2026, 3, 1, 1, 0, 9, tzinfo=UTC), {})


def test_delivered_may_tell_the_cost() -> None:
    assert read(DELIVERED | {"cost": COST}).data == {"cost": {"amount": "0.02", "currency": "USD"}}


def test_failed_tells_zalos_own_code() -> None:
    event = read(FAILED)
    assert (event.kind, event.leg_id) == (EventKind.FAILED, LEG)
    assert event.data == {"error_code": "-118", "error": "Zalo account not existed"}
    assert NXCLOUD.errors[event.data["error_code"]].remember_days == 30


@pytest.mark.parametrize("zalo", [None, {}, {"error": 0}, {"error": "soon"}])
def test_failed_without_a_code_of_zalos_tells_nxclouds(zalo: Any) -> None:
    event = read(FAILED | {"zaloRes": zalo})
    assert event.data == {"error_code": "17004", "error": "Zalo send error(Zalo account not existed)"}


@pytest.mark.parametrize("code", [1100, 1102, 9002, 9999, 17005, 54321])
def test_an_accounts_code_may_come_in_a_report(code: int) -> None:
    event = read({"status": "failed", "requestId": ID, "code": code, "message": "No"})
    assert event.data == {"error_code": str(code), "error": "No"}


def test_a_failure_does_not_carry_the_number() -> None:
    event = read(FAILED | {"zaloRes": {"error": -108, "message": "Phone 84900000001 invalid"}})
    assert event.data["error"] == "Phone *** invalid"


@pytest.mark.parametrize(
    ("name", "state"), [("journey_acknowledged", "acknowledged"), ("journey_time_out", "timed_out")]
)
def test_a_journey(name: str, state: str) -> None:
    event = read(
        {
            "status": name,
            "requestId": ID,
            "timestamp": "1772326805000",
            "oaId": "289",
            "journeyId": "j1",
            "appId": "77",
            "cost": COST,
        }
    )
    assert (event.kind, event.account_id, event.leg_id) == (EventKind.JOURNEY, "289", "")
    assert event.at == datetime(2026, 3, 1, 1, 0, 5, tzinfo=UTC)
    assert event.data == {"journey_id": "j1", "state": state, "cost": {"amount": "0.02", "currency": "USD"}}


@pytest.mark.parametrize(
    ("code", "kind"), [(0, EventKind.SENT), ("17003", EventKind.DELIVERED), (17004, EventKind.FAILED)]
)
def test_a_report_without_a_status_is_known_by_its_code(code: object, kind: EventKind) -> None:
    assert read({"requestId": ID, "code": code}).kind is kind


@pytest.mark.parametrize("fields", [{}, {"status": "unheard"}, {"status": 5, "requestId": ID}, {"code": 42}])
def test_what_is_not_known_is_kept_as_such(fields: dict[str, Any]) -> None:
    event = read(fields)
    assert (event.kind, event.at) == (EventKind.UNRECOGNISED, NOW)


def test_repetitions_have_the_same_key_and_others_have_not() -> None:
    again = DELIVERED | {"sendTime": "2026-03-01 09:00:10"}
    assert read(DELIVERED).key == read(again).key
    assert len({read(fields).key for fields in (SUCCESS, DELIVERED, FAILED, DELIVERED | {"requestId": "other"})}) == 4


@pytest.mark.parametrize("path", ["/hooks/nxcloud/9f2d", "/hooks/nxcloud/", "/9f2c/nxcloud", "", "/hooks/nxcloud/9f2"])
def test_another_address_is_refused(path: str) -> None:
    with pytest.raises(BadSignature, match="hook token"):
        NXCLOUD.read_events(hook(b"{}", path), SECRETS, CONTEXT)


def test_no_token_lets_nobody_in() -> None:
    with pytest.raises(BadSignature, match="hook token"):
        NXCLOUD.read_events(hook(b"{}", "/hooks/"), {"hook_token": ""}, CONTEXT)


def test_a_slash_at_the_end_does_no_harm() -> None:
    assert NXCLOUD.read_events(hook(b"{}", "/hooks/nxcloud/9f2c/"), SECRETS, CONTEXT)


def signed_hook(body: bytes, signed: bytes, at: datetime) -> Hook:
    made = signed_headers({"access_key": "AK", "access_secret": "sec"}, "9", "dr", signed, at)
    return hook(body, headers={name.lower(): value for name, value in made})


def test_a_report_that_is_signed_must_be_signed_well() -> None:
    body = msgspec.json.encode(DELIVERED)
    assert NXCLOUD.read_events(signed_hook(body, body, NOW), SECRETS, CONTEXT)[0].kind is EventKind.DELIVERED


@pytest.mark.parametrize(("signed", "age"), [(b'{"status":"failed"}', 0), (b'{"status":"delivered"}', 61)])
def test_a_signed_report_that_was_changed_or_is_old_is_refused(signed: bytes, age: int) -> None:
    with pytest.raises(BadSignature):
        NXCLOUD.read_events(
            signed_hook(b'{"status":"delivered"}', signed, NOW - timedelta(seconds=age)), SECRETS, CONTEXT
        )


def test_a_signed_report_is_refused_where_no_secret_is_known() -> None:
    body = b'{"status":"delivered"}'
    with pytest.raises(BadSignature, match="no access secret"):
        NXCLOUD.read_events(signed_hook(body, body, NOW), {"hook_token": "9f2c"}, CONTEXT)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from([*SUCCESS, "timestamp", "journeyId", "oaId"])


@given(st.dictionaries(names, json_values) | st.dictionaries(names, json_values).map(lambda more: FAILED | more))
def test_no_report_makes_it_raise(fields: dict[str, Any]) -> None:
    assert isinstance(read(fields).kind, EventKind)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    assert len(NXCLOUD.read_events(hook(body), SECRETS, CONTEXT)) == 1
