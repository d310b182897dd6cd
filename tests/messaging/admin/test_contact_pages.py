"""Contacts and conversations: hidden unless revealed, answerable within the window, never another tenant's."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils.html import escape

from messaging.content import open_content, open_person
from messaging.dispatch import bell
from messaging.dispatch.tick import drain_receipts
from messaging.models import ChatLine, Contact, Message
from messaging.receipts.store import store
from messaging.states import MessageClass
from providers.zalo.chat_events import read_again
from tenants import data_keys
from tenants.clock import now
from tenants.models import Account, Channel, OfficialAccount, Route, RouteStep, Tenant
from tests.messaging.admin.conftest import browser

LIST = "/admin/messaging/contact/"
USER, PHONE, WORDS = "6750001184912345678", "84912345678", "Cho tôi hỏi giá"


def told(tenant: Tenant, name: str, **fields: Any) -> None:
    """Take in an event of a person at the tenant's official account."""
    oa = OfficialAccount.objects.select_related("app").get(account__tenant=tenant)
    at = int(now().timestamp() * 1000)
    sides = {"sender": {"id": USER}, "recipient": {"id": oa.oa_id}}
    body = json.dumps({"app_id": oa.app.app_id, "event_name": name, "timestamp": str(at), **sides, **fields}).encode()
    store(tenant.pk, "zalo", body, read_again(body, now())[1])
    assert drain_receipts(MessageClass.TRANSACTIONAL)


def chatting(tenant: Tenant) -> Contact:
    """Return a contact of the tenant who wrote and gave their details; a route `oa` leads to them."""
    account = Account.objects.get(tenant=tenant)
    channel = Channel.objects.create(tenant=tenant, name="oa", kind="oa", account=account, night_rules=False)
    RouteStep.objects.create(route=Route.objects.create(tenant=tenant, name="oa"), channel=channel, position=1)
    told(tenant, "user_send_text", message={"text": WORDS, "msg_id": "m1"})
    told(tenant, "user_submit_info", info={"name": "Trần Văn Bình", "phone": PHONE})
    return Contact.objects.get(tenant=tenant)


@pytest.fixture
def contact(tenant: Tenant) -> Contact:
    return chatting(tenant)


def asked() -> list[tuple[str, str]]:
    """Return name and arguments of the tasks that wait for workers of the upkeep."""
    waiting = [json.loads(one)["headers"] for one in bell.connection().lrange("upkeep", 0, -1)]
    return [(task["task"], task["argsrepr"]) for task in waiting]


def page_of(contact: Contact) -> str:
    return f"{LIST}{contact.pk}/change/"


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def answered(client: Client, contact: Contact, **form: str) -> Any:
    return client.post(f"{LIST}{contact.pk}/answer/", {"text": "Dạ 100.000đ", "route": "oa"} | form)


def test_the_list_hides_names_and_is_searched_by_number_and_id(viewer, contact):
    page = text_of(viewer, LIST)
    assert "T. V. B." in page
    assert "Trần" not in page
    for words in (PHONE, "0912345678", USER):
        assert "T. V. B." in text_of(viewer, f"{LIST}?q={words}")
    assert "T. V. B." not in text_of(viewer, f"{LIST}?q=0987000000")


def test_a_conversation_is_hidden(operator, contact):
    page = text_of(operator, page_of(contact))
    assert not any(word in page for word in (WORDS, "Trần", PHONE, USER))
    assert "free of charge" in page


def test_who_may_reveal_reads_it_and_the_look_is_noted(revealer, contact):
    page = revealer.post(f"{LIST}{contact.pk}/reveal/").content.decode()
    assert all(word in page for word in (WORDS, "Trần Văn Bình", PHONE, USER))
    assert [entry.object_id for entry in LogEntry.objects.all()] == [str(contact.pk)]


def test_nobody_else_reveals(operator, contact):
    assert operator.post(f"{LIST}{contact.pk}/reveal/").status_code == 403
    assert not LogEntry.objects.exists()


def test_what_a_person_writes_is_shown_as_text_and_not_as_markup(revealer, tenant, contact):
    told(tenant, "user_send_text", message={"text": "<b>x</b>", "msg_id": "m2"})
    page = revealer.post(f"{LIST}{contact.pk}/reveal/").content.decode()
    assert "<b>x</b>" not in page
    assert escape("<b>x</b>") in page


def test_an_answer_is_an_ordinary_message(operator, contact, tenant):
    answer = answered(operator, contact)
    message = Message.objects.get()
    assert answer.headers["Location"] == f"/admin/messaging/message/{message.pk.hex}/change/"
    assert (message.tenant, message.message_class, message.test) == (tenant, MessageClass.TRANSACTIONAL, False)
    key = data_keys.content_key_by_id(message.data_key_id)
    assert open_person(key, message.pk, bytes(message.recipient or b"")).oa_user_id == USER
    content = open_content(key, message.pk, bytes(message.content or b""))
    assert (content.kind, content.text) == ("TEXT", "Dạ 100.000đ")


def test_what_was_answered_is_hidden_on_the_messages_page_unless_revealed(operator, tenant, contact):
    assert answered(operator, contact).status_code == 302
    path = f"/admin/messaging/message/{Message.objects.get().pk}"
    assert "100.000" not in text_of(operator, f"{path}/change/")
    revealer = browser("revealer", tenant, "operator", may_reveal=True)
    assert "Dạ 100.000đ" in revealer.post(f"{path}/reveal/").content.decode()


def test_a_closed_window_is_told_at_the_text_and_nothing_is_sent(operator, contact):
    Contact.objects.update(last_interaction_at=now() - timedelta(days=8))
    page = answered(operator, contact)
    assert list(page.context["form"].errors) == ["text"]
    assert "The window is closed" in page.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("text", ""), ("text", "   "), ("text", "x" * 2001), ("route", "default")]
)
def test_what_is_wrong_names_its_field(operator, contact, field: str, value: str):
    page = answered(operator, contact, **{field: value})
    assert list(page.context["form"].errors) == [field]
    assert not Message.objects.exists()


def test_without_a_route_over_the_chat_the_page_says_so(operator, contact):
    Route.objects.filter(name="oa").delete()
    assert "No route begins with a channel over the chat" in text_of(operator, page_of(contact))


def test_a_viewer_neither_answers_nor_erases(viewer, contact):
    assert answered(viewer, contact).status_code == 403
    assert viewer.post(f"{LIST}{contact.pk}/erase/").status_code == 403
    assert 'name="text"' not in text_of(viewer, page_of(contact))


def test_an_owner_erases_the_person(tenant, contact):
    owner = browser("owner", tenant, "owner")
    assert owner.post(f"{LIST}{contact.pk}/erase/").status_code == 302
    assert not ChatLine.objects.exists()
    page = text_of(owner, page_of(contact))
    assert "erased" in page
    assert 'name="text"' not in page


@pytest.mark.parametrize("button", ["reveal", "answer", "erase"])
def test_another_tenants_contact_does_not_exist(tenant, other_tenant, button: str):
    theirs = chatting(other_tenant)
    owner = browser("owner", tenant, "owner", may_reveal=True)
    assert owner.get(page_of(theirs)).status_code == 302
    assert owner.post(f"{LIST}{theirs.pk}/{button}/", {"text": "x", "route": "oa"}).status_code == 404
    assert "T. V. B." not in text_of(owner, LIST)
    assert "T. V. B." not in text_of(owner, f"{LIST}?q={PHONE}")


def test_an_operator_has_the_followers_read_after_saying_so(operator, viewer, contact):
    bell.connection().delete("upkeep")
    assert "Each official account is asked" in text_of(operator, f"{LIST}sync/")
    assert asked() == []
    assert operator.post(f"{LIST}sync/").status_code == 302
    channel = Channel.objects.get(kind="oa")
    assert asked() == [("messaging.sync_followers", f"({channel.pk},)")]
    assert viewer.post(f"{LIST}sync/").status_code == 403


def test_contacts_are_made_by_events_alone(platform, contact):
    assert platform.get(f"{LIST}add/").status_code == 403
