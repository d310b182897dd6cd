"""Followers become contacts, page by page: the sync goes on where it was left and may be run twice."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from messaging.chat import followers
from messaging.chat.followers import Report, sync_followers
from messaging.chat.profiles import profile_of
from messaging.models import Contact, FollowerSync, RecipientMark
from messaging.recipients.erasing import erase_person
from tenants.clock import now
from tests.messaging.chat.talking import Chat
from tests.providers.sandbox.running import OA


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(followers, "PAGE", 10)


def sync(chat: Chat, pages: int = 20) -> Report:
    return sync_followers(chat.channels["oa"].pk, pages)


def asked(chat: Chat) -> int:
    count: int = chat.world.sandbox.call("GET", f"/_/requests/count?host={OA}&path=/v3.0/oa/user/detail").json()[
        "count"
    ]
    return count


def total(chat: Chat) -> int:
    return len(chat.world.sandbox.call("GET", "/_/accounts").json()[OA]["officialAccounts"][0]["followers"])


def test_every_follower_becomes_a_contact_with_their_details(chat: Chat):
    report = sync(chat)
    assert report == Report(total(chat), done=True)
    rows = Contact.objects.filter(account=chat.account)
    assert {row.tenant_id for row in rows} == {chat.tenant.pk}
    assert len(rows) == report.found
    assert all(row.follows and (found := profile_of(row)) and found.name for row in rows)
    assert all(row.last_interaction_at is not None and row.last_interaction_at <= now() for row in rows)


def test_it_goes_on_at_the_page_where_it_was_left(chat: Chat, small_pages):
    assert sync(chat, pages=1) == Report(10)
    assert Contact.objects.count() == 10
    assert sync(chat) == Report(total(chat), done=True)
    assert asked(chat) == total(chat)


def test_a_second_sync_asks_for_no_details_again(chat: Chat):
    sync(chat)
    count = asked(chat)
    assert sync(chat).done
    assert (asked(chat), Contact.objects.count()) == (count, count)


def test_two_at_once_do_not_read_the_same_account(chat: Chat):
    FollowerSync.objects.create(account=chat.account, leased_until=now() + timedelta(minutes=1))
    assert sync(chat) == Report(error="another process is reading the followers")
    assert not Contact.objects.exists()


def test_a_refusal_stops_it_and_is_told(chat: Chat):
    fault = {"host": OA, "path": "/v3.0/oa/user/getlist", "fault": "error", "code": -32, "message": "limit", "times": 1}
    assert chat.world.sandbox.call("POST", "/_/faults", fault).status == 201
    report = sync(chat)
    assert (report.done, report.error.split(":")[0]) == (False, "-32")
    assert FollowerSync.objects.get().error == report.error
    assert sync(chat).done


def test_who_is_listed_no_more_follows_no_more_and_gets_no_promotions(chat: Chat):
    chat.act(name="Lê Thị Hoa")
    sync(chat)
    chat.act(follows=False)
    assert sync(chat).done
    contact = next(row for row in Contact.objects.all() if not row.follows)
    profile = profile_of(contact)
    assert profile is not None
    assert profile.user_id == chat.user()
    assert [mark.reason for mark in RecipientMark.objects.all()] == ["UNFOLLOWED"]


def test_who_was_erased_does_not_come_back_by_a_sync(chat: Chat):
    sync(chat)
    user = next(found.user_id for row in Contact.objects.all() if (found := profile_of(row)))
    erase_person(chat.tenant.pk, f"oa:{user}")
    FollowerSync.objects.update(finished_at=now())
    sync(chat)
    assert chat.contact(user) is None


def test_the_command_reads_to_the_end_and_names_what_is_wrong(chat: Chat, capsys, small_pages):
    call_command("sync_followers", tenant=chat.tenant.slug)
    assert capsys.readouterr().out == f"oa: {total(chat)} followers\n"
    with pytest.raises(CommandError, match="no such channel"):
        call_command("sync_followers", tenant=chat.tenant.slug, channel="zns")
