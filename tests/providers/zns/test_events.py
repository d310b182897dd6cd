"""What Zalo's webhook bodies mean, each signed by hand as section 6.1 says."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import BadSignature, Context, Event, EventKind, Hook
from providers.registry import provider

ZNS = provider("zns")
SECRETS = {"app_id": "2074100000000000001", "oa_secret_key": "oask"}
CONTEXT = Context(now=datetime(2026, 11, 21, 5, tzinfo=UTC))
AT = datetime(2025, 10, 9, 8, 53, 25, 50000, tzinfo=UTC)
STAMP = "1760000005050"
OA = "2893300000000000001"


def hook(body: bytes, stamp: str = STAMP, **headers: str) -> Hook:
    mac = hashlib.sha256(b"2074100000000000001" + body + stamp.encode() + b"oask").hexdigest()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Hook(method="POST", path="/hooks/zalo", headers={"x-zevent-signature": f"mac={mac}"} | named, body=body)


def read(fields: dict[str, Any], **headers: str) -> Event:
    body = msgspec.json.encode({"timestamp": STAMP} | fields)
    (event,) = ZNS.read_events(hook(body, **headers), SECRETS, CONTEXT)
    return event


RECEIPT = {
    "sender": {"id": OA},
    "recipient": {"id": "84900000001"},
    "event_name": "user_received_message",
    "message": {"delivery_time": "1760000005000", "msg_id": "15a0cc0bbb13bd4ce403", "tracking_id": "a" * 32},
    "app_id": "2074100000000000001",
}


def test_a_delivery_receipt() -> None:
    event = read(RECEIPT, x_zevent_server="ZNS")
    assert (event.kind, event.name) == (EventKind.DELIVERED, "user_received_message")
    assert event.at == datetime(2025, 10, 9, 8, 53, 25, tzinfo=UTC)
    assert (event.account_id, event.leg_id, event.provider_message_id) == (OA, "a" * 32, "15a0cc0bbb13bd4ce403")


def test_a_receipt_is_known_by_its_delivery_time_alone() -> None:
    assert read(RECEIPT).kind is EventKind.DELIVERED


def test_a_receipt_is_known_by_its_header_alone() -> None:
    event = read(RECEIPT | {"message": {"msg_id": "15a0"}}, x_zevent_server="ZNS")
    assert (event.kind, event.at, event.provider_message_id) == (EventKind.DELIVERED, AT, "15a0")


def test_the_chat_receipt_of_the_same_name_names_no_leg() -> None:
    event = read(RECEIPT | {"message": {"msg_id": "15a0"}}, x_zevent_server="OA OpenAPI")
    assert (event.kind, event.leg_id, event.provider_message_id) == (EventKind.DELIVERED, "", "15a0")


def test_a_receipt_holds_no_recipient() -> None:
    assert b"84900000001" not in msgspec.json.encode(read(RECEIPT))


READ: dict[str, tuple[dict[str, Any], tuple[Any, ...], dict[str, Any]]] = {
    "feedback": (
        {
            "event_name": "user_feedback",
            "oa_id": OA,
            "message": {
                "rating_type": "csat",
                "option": "five_emotions",
                "note": "Rất tốt",
                "rate": "5",
                "submit_time": "1760000005000",
                "msg_id": "m1",
                "feedbacks": ["Nhanh", 2],
                "tracking_id": "t1",
            },
        },
        (EventKind.FEEDBACK, OA, "t1", "m1"),
        {
            "rate": 5,
            "note": "Rất tốt",
            "feedbacks": ["Nhanh", "2"],
            "rating_type": "csat",
            "option": "five_emotions",
        },
    ),
    "button": (
        {
            "event_name": "user_click_response_button",
            "oa_id": OA,
            "msg_id": "m1",
            "message": {
                "submit_time": "1760000005000",
                "button_type": "response",
                "data": "Đồng ý",
                "tracking_id": "t1",
            },
        },
        (EventKind.BUTTON, OA, "t1", "m1"),
        {"label": "Đồng ý", "button_type": "response"},
    ),
    "template status": (
        {
            "event_name": "change_template_status",
            "oa_id": OA,
            "template_id": 205644,
            "status": {"prev_status": "PENDING_REVIEW", "new_status": "REJECT"},
            "reason": "Sai mục đích",
        },
        (EventKind.TEMPLATE_STATUS, OA, "", ""),
        {"template_id": "205644", "previous": "PENDING_REVIEW", "status": "REJECT", "reason": "Sai mục đích"},
    ),
    "template quality": (
        {"event_name": "change_template_quality", "oa_id": OA, "template_id": "205644", "quality": "LOW"},
        (EventKind.TEMPLATE_QUALITY, OA, "", ""),
        {"template_id": "205644", "quality": "LOW"},
    ),
    "daily quota": (
        {"event_name": "change_oa_daily_quota", "oaId": OA, "quota": {"prev_value": "500", "new_value": 2000}},
        (EventKind.QUOTA_CHANGED, OA, "", ""),
        {"previous": 500, "daily": 2000},
    ),
    "journey acknowledged": (
        {"event_name": "event_journey_acknowledged", "oa_id": OA, "journey_id": "123"},
        (EventKind.JOURNEY, OA, "", ""),
        {"journey_id": "123", "state": "acknowledged"},
    ),
    "journey timed out": (
        {"event_name": "event_journey_time_out", "oaId": OA, "journeyId": 123},
        (EventKind.JOURNEY, OA, "", ""),
        {"journey_id": "123", "state": "timed_out"},
    ),
    "tags, of unknown shape": (
        {"event_name": "change_oa_template_tags", "oa_id": OA},
        (EventKind.UNRECOGNISED, OA, "", ""),
        {},
    ),
    "template quota, of unknown shape": (
        {"event_name": "change_template_quota", "oa_id": OA},
        (EventKind.UNRECOGNISED, OA, "", ""),
        {},
    ),
    "no name": ({"oa_id": OA}, (EventKind.UNRECOGNISED, OA, "", ""), {}),
}


@pytest.mark.parametrize(("fields", "head", "data"), READ.values(), ids=READ.keys())
def test_an_event_is_read(fields: dict[str, Any], head: tuple[Any, ...], data: dict[str, Any]) -> None:
    event = read(fields, x_zevent_server="ZNS")
    assert (event.kind, event.account_id, event.leg_id, event.provider_message_id) == head
    assert event.data == data
    assert event.name == fields.get("event_name", "")


@pytest.mark.parametrize("name", ["user_feedback", "user_click_response_button"])
def test_an_answer_of_the_person_is_dated_by_them(name: str) -> None:
    event = read({"event_name": name, "message": {"submit_time": "1760000005000"}})
    assert event.at == datetime(2025, 10, 9, 8, 53, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["user_reacted_message", "oa_reacted_message", "user_click_chatnow", "add_user_to_tag"]
)
def test_what_concerns_no_message_is_ignored(name: str) -> None:
    event = read({"event_name": name, "sender": {"id": "1"}, "message": {"msg_id": "m"}})
    assert (event.kind, event.at, event.data) == (EventKind.IGNORED, AT, {})


def test_the_consoles_test_is_ignored() -> None:
    message = {"text": "This is testing message", "msg_id": "This is message id"}
    assert read({"event_name": "user_send_text", "sender": {"id": "1"}, "message": message}).kind is EventKind.IGNORED


def test_an_event_without_a_time_is_dated_by_its_arrival() -> None:
    (event,) = ZNS.read_events(hook(b'{"event_name":"follow"}', ""), SECRETS, CONTEXT)
    assert event.at == CONTEXT.now


def test_a_repeated_event_has_the_same_key() -> None:
    assert read(RECEIPT, num_retry="1").key == read(RECEIPT).key


@pytest.mark.parametrize(
    "changed", [{"event_name": "user_feedback"}, {"timestamp": "1760000005051"}, {"message": {"msg_id": "other"}}]
)
def test_another_event_has_another_key(changed: dict[str, Any]) -> None:
    body = msgspec.json.encode({"timestamp": STAMP} | RECEIPT | changed)
    (event,) = ZNS.read_events(hook(body, changed.get("timestamp", STAMP)), SECRETS, CONTEXT)
    assert event.key != read(RECEIPT).key


def test_events_without_a_message_id_are_told_apart_by_their_bodies() -> None:
    status = {"event_name": "change_template_status", "oa_id": OA, "template_id": "1"}
    assert read(status).key == read(status).key
    assert read(status).key != read(status | {"template_id": "2"}).key


def test_a_number_for_a_timestamp_is_verified_as_written() -> None:
    body = b'{"event_name":"follow","timestamp":1760000005050}'
    (event,) = ZNS.read_events(hook(body), SECRETS, CONTEXT)
    assert event.at == AT


def test_a_changed_body_is_refused() -> None:
    signed = hook(msgspec.json.encode({"timestamp": STAMP} | RECEIPT))
    with pytest.raises(BadSignature):
        ZNS.read_events(msgspec.structs.replace(signed, body=signed.body + b" "), SECRETS, CONTEXT)


def test_an_unsigned_event_is_refused() -> None:
    with pytest.raises(BadSignature):
        ZNS.read_events(Hook(method="POST", path="/", headers={}, body=b'{"timestamp":"1"}'), SECRETS, CONTEXT)


@pytest.mark.parametrize("secrets", [{}, {"app_id": "2074100000000000001"}, {"oa_secret_key": "oask"}])
def test_without_its_secrets_nothing_is_believed(secrets: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        ZNS.read_events(hook(b'{"timestamp":"1760000005050"}'), secrets, CONTEXT)


@pytest.mark.parametrize("body", [b"", b"hello", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_object_cannot_be_verified(body: bytes) -> None:
    with pytest.raises(BadSignature):
        ZNS.read_events(hook(body), SECRETS, CONTEXT)


SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "msg_id", "delivery_time", "status", "rate", "feedbacks"]), inner)
    ),
    max_leaves=4,
)


@given(
    st.sampled_from(["user_received_message", *(fields.get("event_name", "") for fields, _, _ in READ.values())]),
    st.dictionaries(st.sampled_from(["sender", "message", "status", "quota", "oa_id", "template_id"]), SHAPES),
)
def test_no_signed_shape_makes_it_raise(name: Any, fields: dict[str, Any]) -> None:
    assert isinstance(read(fields | {"event_name": name}).kind, EventKind)
