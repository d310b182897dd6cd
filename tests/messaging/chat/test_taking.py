"""Events of people: in any order, once each, only for accounts of whose app they were told."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from messaging.chat.profiles import Said, profile_of
from messaging.models import ChatLine, Contact, Receipt, RecipientMark
from messaging.recipients.marks import Reach, suppress
from messaging.states import MessageClass
from providers.contract import EventKind
from tenants.clock import now
from tests.factories import AccountFactory, OfficialAccountFactory, TenantFactory, ZaloAppFactory
from tests.messaging.chat.talking import Chat

START = int(datetime(2026, 11, 20, 3, 0, tzinfo=UTC).timestamp() * 1000)
MINUTE = 60_000
FOLLOW, UNFOLLOW = ("follow", START), ("unfollow", START + MINUTE)
WROTE = ("user_send_text", START + 2 * MINUTE)


def at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def tell(chat: Chat, name: str, when: int) -> None:
    message = {"message": {"text": "Chào", "msg_id": f"m{when}"}} if name.startswith("user_send") else {}
    chat.tell(name, at=when, **message)


def contact(chat: Chat) -> Contact:
    found = chat.contact()
    assert found is not None
    return found


def marks(chat: Chat) -> list[tuple[str, int | None, int | None]]:
    rows = RecipientMark.objects.filter(tenant=chat.tenant)
    return [(mark.reason, mark.message_class, mark.account_id) for mark in rows.order_by("reason")]


@pytest.mark.parametrize("order", list(itertools.permutations([FOLLOW, UNFOLLOW, WROTE])))
def test_what_is_known_does_not_depend_on_the_order(chat: Chat, order: Any):
    for name, when in order:
        tell(chat, name, when)
    known = contact(chat)
    assert (known.followed_at, known.unfollowed_at) == (at(START), at(START + MINUTE))
    assert known.last_interaction_at == at(START + 2 * MINUTE)
    assert not known.follows
    assert marks(chat) == [("UNFOLLOWED", MessageClass.PROMOTIONAL, chat.account.pk)]


def test_a_repeated_event_adds_nothing(chat: Chat):
    for _ in range(2):
        tell(chat, *WROTE)
    assert Contact.objects.count() == 1
    assert chat.lines() == [(True, "text", Said("Chào"))]
    assert contact(chat).last_interaction_at == at(WROTE[1])


def test_whoever_follows_again_gets_promotions_again_and_other_opt_outs_stay(chat: Chat):
    suppress(chat.tenant.pk, [f"oa:{chat.user()}"], Reach())
    tell(chat, *UNFOLLOW)
    tell(chat, "follow", UNFOLLOW[1] + MINUTE)
    assert contact(chat).follows
    assert marks(chat) == [("OPT_OUT", None, None)]


def test_what_was_written_in_zalos_console_is_told_from_ours(chat: Chat):
    message = {"message": {"text": "Dạ", "msg_id": "m1"}}
    chat.tell("oa_send_text", admin_id="9", **message)
    line = ChatLine.objects.get()
    assert (line.inbound, line.by_person, line.message_id) == (False, True, None)
    assert contact(chat).last_interaction_at is None


def test_the_raw_receipt_loses_its_body_once_it_is_taken_in(chat: Chat):
    tell(chat, *WROTE)
    (receipt,) = chat.receipts(EventKind.INBOUND)
    assert (receipt.state, bytes(receipt.body)) == (Receipt.State.APPLIED, b"")


def test_an_event_of_an_unknown_account_is_kept_as_unmatched(chat: Chat):
    chat.tell("user_send_text", oa_id="999", message={"text": "x", "msg_id": "m"})
    (receipt,) = chat.receipts(EventKind.INBOUND)
    assert (receipt.state, receipt.account) == (Receipt.State.UNMATCHED, "999")
    assert bytes(receipt.body) != b""
    assert not Contact.objects.exists()


def test_an_event_without_a_person_is_kept_as_unmatched(chat: Chat):
    chat.tell("user_send_text", user="", message={"text": "x", "msg_id": "m"})
    assert [receipt.state for receipt in chat.receipts(EventKind.INBOUND)] == [Receipt.State.UNMATCHED]


def test_a_tenants_app_tells_nothing_of_another_tenants_account(chat: Chat):
    stranger = TenantFactory.create(slug="stranger")
    chat.tell("user_send_text", tenant=stranger.pk, message={"text": "x", "msg_id": "m"})
    assert [receipt.state for receipt in chat.receipts(EventKind.INBOUND)] == [Receipt.State.UNMATCHED]
    assert not Contact.objects.exists()


def test_an_account_under_the_platforms_app_belongs_to_its_tenant(chat: Chat):
    app = ZaloAppFactory.create(tenant=None, app_id="77")
    account = AccountFactory.create(tenant=TenantFactory.create(slug="clinic"))
    OfficialAccountFactory.create(account=account, app=app, oa_id="888")
    chat.tell("follow", oa_id="888", app_id="77", tenant=None)
    assert [(row.tenant, row.account) for row in Contact.objects.all()] == [(account.tenant, account)]


def test_the_same_id_at_two_accounts_is_two_contacts(chat: Chat):
    account = AccountFactory.create(tenant=chat.tenant)
    OfficialAccountFactory.create(account=account, app=chat.world.app, oa_id="888")
    chat.tell("follow")
    chat.tell("follow", oa_id="888")
    assert {row.account for row in Contact.objects.all()} == {chat.account, account}


def test_a_withdrawal_erases_what_is_stored_and_opts_out_of_the_account(chat: Chat):
    tell(chat, *WROTE)
    message_id = chat.send()
    chat.tell("user_withdraw")
    row = Contact.objects.get()
    assert (profile_of(row), row.last_interaction_at, row.withdrawn) == (None, None, True)
    assert not ChatLine.objects.exists()
    assert marks(chat) == [("CONSENT_WITHDRAWN", None, chat.account.pk)]
    assert chat.world.events(message_id) == [("erased", "ERASED")]
    assert bytes(RecipientMark.objects.get().recipient) == b""


def test_a_late_repetition_does_not_bring_back_what_was_erased(chat: Chat):
    tell(chat, *WROTE)
    chat.tell("user_withdraw")
    tell(chat, *WROTE)
    assert (chat.contact(), chat.lines()) == (None, [])


def test_whoever_writes_after_a_withdrawal_may_be_answered_again(chat: Chat):
    chat.tell("user_withdraw", at=START)
    later = int((now() + timedelta(seconds=5)).timestamp() * 1000)
    tell(chat, "user_send_text", later)
    assert not contact(chat).withdrawn
    assert marks(chat) == []
    assert chat.lines() == [(True, "text", Said("Chào"))]


def test_receipts_of_messages_in_the_same_batch_are_applied_too(chat: Chat):
    tell(chat, *WROTE)
    chat.tell("user_seen_message", message={"msg_ids": ["never-sent"]})
    assert [receipt.state for receipt in chat.receipts(EventKind.SEEN)] == [Receipt.State.WAITING]
