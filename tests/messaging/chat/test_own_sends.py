"""Our own messages stand in the conversation once, whichever came first: the answer or the echo."""

import pytest

from messaging.chat.own_sends import OwnSend, note_own_sends
from messaging.chat.profiles import Said
from messaging.models import ChatLine
from tenants.clock import now
from tests.messaging.chat.talking import Chat


def answered(chat: Chat, message_id) -> None:
    note_own_sends([OwnSend(message_id, chat.account.pk, "z1", now())])


def echoed(chat: Chat) -> None:
    chat.tell("oa_send_text", message={"text": "Chào bạn", "msg_id": "z1"})


@pytest.mark.parametrize("echo_first", [True, False])
def test_an_echo_and_an_answer_make_one_line(chat: Chat, echo_first: bool):
    message_id = chat.send(text="Chào bạn")
    if echo_first:
        echoed(chat)
    for _ in range(2):
        answered(chat, message_id)
    echoed(chat)
    line = ChatLine.objects.get()
    assert (line.message_id, line.inbound, line.provider_message_id) == (message_id, False, "z1")
    assert chat.lines() == [(False, "text", Said("Chào bạn"))]


def test_writing_to_somebody_opens_no_window(chat: Chat):
    answered(chat, chat.send())
    contact = chat.contact()
    assert contact is not None
    assert (contact.last_interaction_at, contact.follows) == (None, False)
