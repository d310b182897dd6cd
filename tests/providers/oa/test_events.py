"""What the webhook bodies of a chat mean, each signed by hand as section 6.1 says."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import BadSignature, Context, Event, EventKind, Hook
from providers.oa.adapter import OA as PROVIDER
from providers.registry import provider

SECRETS = {"app_id": "2334700000000000001", "oa_secret_key": "oask"}
CONTEXT = Context(now=datetime(2026, 11, 21, 5, tzinfo=UTC))
STAMP = "1787209817225"
AT = datetime(2026, 8, 20, 7, 10, 17, 225000, tzinfo=UTC)
OA, USER = "3674000000000000001", "6750000000000000001"


def hook(body: bytes, stamp: str = STAMP, secret: bytes = b"oask") -> Hook:
    mac = hashlib.sha256(b"2334700000000000001" + body + stamp.encode() + secret).hexdigest()
    headers = {"x-zevent-signature": f"mac={mac}", "x-zevent-server": "OA OpenAPI"}
    return Hook(method="POST", path="/hooks/zalo", headers=headers, body=body)


def read_all(fields: dict[str, Any], **secrets: str) -> list[Event]:
    body = msgspec.json.encode({"app_id": "2334700000000000001", "timestamp": STAMP} | fields)
    return PROVIDER.read_events(hook(body), SECRETS | secrets, CONTEXT)


def read(fields: dict[str, Any], **secrets: str) -> Event:
    (event,) = read_all(fields, **secrets)
    return event


def by_user(name: str, **more: Any) -> dict[str, Any]:
    return {"event_name": name, "sender": {"id": USER}, "recipient": {"id": OA}, "user_id_by_app": "552", **more}


def by_oa(name: str, **more: Any) -> dict[str, Any]:
    return {"event_name": name, "sender": {"id": OA}, "recipient": {"id": USER}, "user_id_by_app": "552", **more}


TEXT = by_user("user_send_text", message={"text": "Xin chao", "msg_id": "b2db3895fe26797f2030"})


def test_a_text_of_a_person() -> None:
    event = read(TEXT)
    assert (event.kind, event.at, event.account_id, event.person) == (EventKind.INBOUND, AT, OA, USER)
    assert (event.provider_message_id, event.leg_id) == ("b2db3895fe26797f2030", "")
    assert event.data == {"type": "text", "text": "Xin chao", "attachments": [], "user_id_by_app": "552"}


@pytest.mark.parametrize(
    ("sort", "payload", "read_as"),
    [
        ("image", {"url": "https://a.example/1.jpg", "thumbnail": "https://a.example/t.jpg"}, None),
        ("link", {"url": "https://a.example", "description": "Giá"}, None),
        ("audio", {"url": "https://a.example/1.aac"}, None),
        ("video", {"url": "https://a.example/1.mp4"}, None),
        ("sticker", {"id": "s1", "url": "https://a.example/s"}, None),
        ("business_card", {"url": "https://a.example/c"}, None),
        (
            "file",
            {"name": "a.pdf", "url": "https://a.example/a", "type": "pdf", "size": 12, "checksum": "c"},
            {"name": "a.pdf", "url": "https://a.example/a", "size": "12", "checksum": "c"},
        ),
        (
            "location",
            {"coordinates": {"latitude": "10.77", "longitude": 106.69}},
            {"latitude": "10.77", "longitude": "106.69"},
        ),
    ],
)
def test_another_message_of_a_person(sort: str, payload: dict[str, Any], read_as: dict[str, str] | None) -> None:
    message = {"msg_id": "m", "attachments": [{"type": sort, "payload": payload}]}
    event = read(by_user(f"user_send_{sort}", message=message))
    assert (event.kind, event.data["type"], event.data["text"]) == (EventKind.INBOUND, sort, "")
    assert event.data["attachments"] == [{"type": sort, **(read_as or payload)}]


def test_an_answer_names_what_it_quotes() -> None:
    event = read(by_user("user_send_text", message={"text": "Vâng", "msg_id": "m", "quote_msg_id": "q"}))
    assert event.data["quoted"] == "q"


@pytest.mark.parametrize("sort", ["text", "image", "gif", "list", "file", "sticker", "template"])
def test_what_the_account_sent_comes_back_as_an_echo_and_not_as_inbound(sort: str) -> None:
    event = read(by_oa(f"oa_send_{sort}", message={"text": "Chào", "msg_id": "63ecf43f0df7dba892e6"}))
    assert (event.kind, event.account_id, event.person) == (EventKind.ECHO, OA, USER)
    assert event.provider_message_id == "63ecf43f0df7dba892e6"
    assert (event.data["type"], event.data["by_person"]) == (sort, False)


@pytest.mark.parametrize("where", [{"sender": {"id": OA, "admin_id": "1"}}, {"admin_id": "1"}])
def test_an_echo_tells_whether_a_person_wrote_it(where: dict[str, Any]) -> None:
    assert read(by_oa("oa_send_text", message={"text": "Chào", "msg_id": "m"}) | where).data["by_person"] is True


def test_the_chats_receipt_is_a_delivery_known_by_zalos_id() -> None:
    event = read(by_oa("user_received_message", message={"msg_id": "63ec"}))
    assert (event.kind, event.leg_id, event.provider_message_id) == (EventKind.DELIVERED, "", "63ec")
    assert (event.at, event.account_id, event.person) == (AT, OA, USER)


@pytest.mark.parametrize("fields", [by_oa("user_received_message"), by_user("user_received_message")])
def test_whichever_side_a_receipt_calls_the_sender_the_known_account_is_found(fields: dict[str, Any]) -> None:
    event = read(fields | {"message": {"msg_id": "63ec"}}, oa_ids=f"1, {OA}")
    assert (event.account_id, event.person) == (OA, USER)


def test_each_message_that_was_seen_is_an_event_with_a_key_of_its_own() -> None:
    seen = by_user("user_seen_message", message={"msg_ids": ["a", "b"]})
    events = read_all(seen)
    assert [(event.kind, event.provider_message_id) for event in events] == [
        (EventKind.SEEN, "a"),
        (EventKind.SEEN, "b"),
    ]
    assert {(event.account_id, event.person) for event in events} == {(OA, USER)}
    assert len({event.key for event in events}) == 2
    assert [event.key for event in read_all(seen)] == [event.key for event in events]


def test_a_seen_event_without_messages_is_ignored() -> None:
    assert read(by_user("user_seen_message", message={"msg_ids": []})).kind is EventKind.IGNORED


@pytest.mark.parametrize(("name", "kind"), [("follow", EventKind.FOLLOWED), ("unfollow", EventKind.UNFOLLOWED)])
def test_following(name: str, kind: EventKind) -> None:
    fields = {
        "oa_id": OA,
        "follower": {"id": USER},
        "user_id_by_app": "552",
        "event_name": name,
        "source": "oa_profile",
    }
    event = read(fields)
    assert (event.kind, event.account_id, event.person) == (kind, OA, USER)
    assert event.data == {"source": "oa_profile", "user_id_by_app": "552"}


def test_details_that_a_person_gave() -> None:
    info = {"name": "Bình", "phone": "84901234567", "gender": 1, "full_address": {"city": "Huế", "ward": None}}
    event = read(by_user("user_submit_info", info=info))
    assert (event.kind, event.account_id, event.person) == (EventKind.PERSON_INFO, OA, USER)
    assert event.data == {"name": "Bình", "phone": "84901234567", "gender": "1", "full_address": {"city": "Huế"}}


def test_details_in_the_older_flat_form() -> None:
    assert read(by_user("user_submit_info", info={"address": "12 Lê Lợi"})).data == {"address": "12 Lê Lợi"}


def test_a_person_who_withdraws() -> None:
    event = read(by_user("user_withdraw"))
    assert (event.kind, event.account_id, event.person) == (EventKind.WITHDRAWN, OA, USER)


def test_an_unknown_event_is_kept() -> None:
    assert read({"event_name": "user_sings"}).kind is EventKind.UNRECOGNISED


def test_a_repeated_event_has_the_same_key_and_another_one_another() -> None:
    assert read(TEXT).key == read(TEXT).key
    assert read(TEXT).key != read(by_user("user_send_text", message={"text": "Xin chao", "msg_id": "m2"})).key


@pytest.mark.parametrize("kind", ["oa", "zns", "zns_uid"])
def test_all_of_zalos_channels_read_the_same_address(kind: str) -> None:
    body = msgspec.json.encode({"timestamp": STAMP} | TEXT)
    (event,) = provider(kind).read_events(hook(body), SECRETS, CONTEXT)
    assert event.kind is EventKind.INBOUND


BODY = msgspec.json.encode({"timestamp": STAMP} | TEXT)


@pytest.mark.parametrize(
    "forged",
    [
        hook(BODY, secret=b"oasl"),
        hook(BODY, stamp="1787209817224"),
        msgspec.structs.replace(hook(BODY), body=BODY.replace(b"Xin", b"Xjn")),
        msgspec.structs.replace(hook(BODY), body=BODY.replace(STAMP.encode(), b"1687209817225")),
        msgspec.structs.replace(hook(BODY), headers={}),
    ],
    ids=["another secret", "another time", "a changed byte", "an older timestamp", "no signature"],
)
def test_a_forged_event_is_refused(forged: Hook) -> None:
    with pytest.raises(BadSignature):
        PROVIDER.read_events(forged, SECRETS, CONTEXT)


def test_the_published_vector_is_taken() -> None:
    mac = "mac=5262cb1f32c4896618d333ebb01d45531a8f1fbf303ef49370d4a912413f7cd0"
    told = Hook(method="POST", path="/", headers={"x-zevent-signature": mac}, body=b'{"app_id":"1","timestamp":"2"}')
    (event,) = PROVIDER.read_events(told, {"app_id": "1", "oa_secret_key": "s"}, CONTEXT)
    assert event.kind is EventKind.UNRECOGNISED


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "payload", "type"]), inner),
    max_leaves=6,
)
_NAMES = st.sampled_from(
    [
        "user_send_text",
        "user_send_location",
        "oa_send_text",
        "user_seen_message",
        "user_received_message",
        "user_submit_info",
        "user_withdraw",
        "follow",
    ]
)


@given(_NAMES, st.dictionaries(st.sampled_from(["sender", "recipient", "message", "info", "follower", "oa_id"]), _JSON))
def test_no_signed_shape_makes_it_raise(name: str, fields: dict[str, Any]) -> None:
    assert all(isinstance(event, Event) for event in read_all(fields | {"event_name": name}))
