"""Over sockets: people of the sandbox write and follow, the gateway hears them and answers."""

from datetime import timedelta

import pytest
from django.db.models import F

from messaging.chat.profiles import Said
from messaging.models import ChatLine, Contact, Leg, Receipt, TimelineEvent
from messaging.states import State
from providers.contract import EventKind
from tests.messaging.chat.talking import Chat
from tests.providers.sandbox.running import eventually


def test_what_a_person_writes_is_kept_sealed_and_opens_the_window(live: Chat):
    live.act(says="Cho tôi hỏi giá")
    assert live.heard() == [(True, "text", Said("Cho tôi hỏi giá"))]
    assert "giá".encode() not in bytes(ChatLine.objects.get().body)
    contact = live.contact()
    assert contact is not None
    assert contact.last_interaction_at is not None
    assert contact.tenant == live.tenant


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("image", {"url": "https://a.example/1.png"}),
        ("link", {"url": "https://a.example", "title": "A"}),
        ("sticker", {"id": "1", "url": "https://a.example/s.png"}),
        ("gif", {"url": "https://a.example/1.gif"}),
        ("file", {"name": "a.pdf", "url": "https://a.example/a.pdf"}),
        ("location", {"coordinates": {"latitude": "10.7", "longitude": "106.6"}}),
        ("audio", {"url": "https://a.example/1.mp3"}),
    ],
)
def test_every_kind_of_message_is_kept_with_its_attachment(live: Chat, kind: str, payload: dict[str, object]):
    live.act(sends={"type": kind, "payload": payload})
    ((inbound, found, said),) = live.heard()
    assert (inbound, found) == (True, kind)
    assert said is not None
    assert said.attachments[0]["type"] == kind
    assert len(said.attachments[0]) > 1


def test_a_text_of_ours_is_delivered_seen_and_stands_once_in_the_conversation(live: Chat, dispatchers):
    live.world.sandbox.settings(seenAfterMs=50)
    live.act(says="Xin chào")
    live.heard()
    message_id = live.send(text="Chào bạn")
    assert eventually(lambda: live.world.state(message_id) is State.SEEN)
    assert eventually(lambda: [receipt.state for receipt in live.receipts(EventKind.ECHO)] == [Receipt.State.APPLIED])
    assert live.heard(2) == [(True, "text", Said("Xin chào")), (False, "text", Said("Chào bạn"))]
    assert ChatLine.objects.get(inbound=False).message_id == message_id
    assert [call["message"] for call in live.calls()] == [{"text": "Chào bạn"}]


def test_a_template_by_user_id_is_delivered(live: Chat, dispatchers):
    message_id = live.send_template()
    assert live.world.ends(message_id) == [State.DELIVERED]
    (call,) = live.calls("/v3.0/oa/message/template")
    assert call["user_id"] == live.user()
    assert Leg.objects.get(message_id=message_id).channel_id == live.channels["zns_uid"].pk


def test_following_and_unfollowing_are_known(live: Chat):
    live.act(follows=False)
    assert eventually(lambda: live.heard(0) == [] and live.contact() is not None)
    live.act(follows=True)

    def follows() -> bool:
        live.heard(0)
        contact = live.contact()
        return contact is not None and contact.follows

    assert eventually(follows)


def test_details_that_a_person_gives_are_kept_and_found_by_their_number(live: Chat):
    live.act(submits={"name": "Trần Văn Bình", "phone": live.phone})
    assert eventually(lambda: live.heard(0) == [] and live.contact() is not None)
    contact = live.contact()
    assert contact is not None
    assert contact.phone_hash is not None


def test_after_seven_days_nothing_is_called_and_the_timeline_says_why(live: Chat, dispatchers):
    live.act(says="Xin chào")
    live.heard()
    Contact.objects.update(last_interaction_at=F("last_interaction_at") - timedelta(days=7, minutes=1))
    message_id = live.send()
    assert live.world.ends(message_id) == [State.REJECTED]
    line = TimelineEvent.objects.filter(message_id=message_id).order_by("-n").first()
    assert line is not None
    assert (line.type, line.detail["code"]) == ("rejected", "limit-window")
    assert live.calls() == []


def test_whom_nothing_is_known_of_is_left_to_the_provider(live: Chat, dispatchers):
    live.act(silentHours=24 * 8)
    message_id = live.send()
    assert live.world.ends(message_id) == [State.REJECTED]
    assert Leg.objects.get(message_id=message_id).error_code == "-230"
    assert len(live.calls()) == 1


def test_who_withdraws_is_erased_and_not_written_to_any_more(live: Chat, dispatchers):
    live.act(says="Xin chào")
    live.heard()
    live.act(withdraws=True)
    assert eventually(lambda: live.heard(0) == [])
    message_id = live.send_template()
    assert live.world.ends(message_id) == [State.REJECTED]
    assert live.world.events(message_id)[-1][0] == "rejected"
    assert live.calls("/v3.0/oa/message/template") == []
