"""People are forgotten with their conversations, and conversations end by themselves."""

from datetime import timedelta

from django.core.management import call_command

from messaging.models import ChatLine, Contact, Message
from messaging.recipients.erasing import count_person, erase_person
from messaging.upkeep.retention import let_go
from tests.messaging.chat.talking import Chat
from tests.messaging.clock import moved


def wrote(chat: Chat, user: str = "", text: str = "Chào") -> None:
    chat.tell("user_send_text", user=user or chat.user(), message={"text": text, "msg_id": f"m-{user}-{text}"})


def test_whoever_gave_their_number_is_forgotten_by_it(chat: Chat):
    wrote(chat)
    chat.tell("user_submit_info", info={"name": "Bình", "phone": chat.phone})
    message_id = chat.send()
    assert count_person(chat.tenant.pk, chat.phone).messages == 1
    erased = erase_person(chat.tenant.pk, chat.phone)
    assert (erased.stopped, erased.messages) == (1, 1)
    assert (chat.contact(), ChatLine.objects.count()) == (None, 0)
    assert Message.objects.get(id=message_id).recipient is None
    assert Contact.objects.get().phone_hash is None


def test_only_that_person_is_forgotten(chat: Chat):
    other = chat.user("84981234567")
    wrote(chat)
    wrote(chat, other)
    erase_person(chat.tenant.pk, f"oa:{chat.user()}")
    assert chat.contact() is None
    assert chat.contact(other) is not None
    assert ChatLine.objects.count() == 1


def test_conversations_end_after_the_days_that_they_are_kept(chat: Chat, settings):
    settings.CHATS_KEPT = timedelta(days=90)
    wrote(chat)
    with moved(timedelta(days=89)):
        assert let_go().chat_lines == 0
    with moved(timedelta(days=91)):
        assert let_go().chat_lines == 1
    assert not ChatLine.objects.exists()
    assert not Contact.objects.exists()


def test_followers_stay_when_their_conversation_ends(chat: Chat):
    wrote(chat)
    chat.tell("follow")
    with moved(timedelta(days=91)):
        let_go()
    assert chat.contact() is not None
    assert not ChatLine.objects.exists()


def test_a_withdrawal_whose_erasure_was_lost_is_made_up_for(chat: Chat):
    wrote(chat)
    row = chat.contact()
    assert row is not None
    row.withdrawn_at = row.consent_at
    row.save()
    let_go()
    assert chat.contact() is None
    assert not ChatLine.objects.exists()


def test_the_command_forgets_a_person_by_their_user_id(chat: Chat, capsys):
    wrote(chat)
    chat.send()
    call_command("erase_person", "--tenant", chat.tenant.slug, "--oa-user-id", chat.user())
    assert capsys.readouterr().out == "stopped 1 and erased 1 messages\n"
    assert (chat.contact(), ChatLine.objects.count()) == (None, 0)
