"""A user of a Mini App withdraws: nothing more goes out, what is stored goes, and a tombstone tells that it did."""

import json
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from messaging.content import open_person
from messaging.dispatch.claiming import App, claim
from messaging.mini_apps.withdrawing import carry_out_withdrawals, withdraw
from messaging.models import Lane, Message, MiniAppEvent, MiniAppMessage, MiniAppPerson, RecipientMark
from messaging.recipients.erasing import erase_person
from messaging.recipients.marks import hash_of
from messaging.states import State
from messaging.tasks import reconcile
from providers.mini_app.signature import event_signature
from providers.sandbox.mini_app.owners import FIRST
from tenants import hooks
from tenants.data_keys import content_key_by_id
from tenants.models import Channel
from tests.factories import TenantFactory, provider_account
from tests.messaging.carriers import forget, route
from tests.messaging.mini_apps.conftest import HOST, OTHER, USER, send
from tests.messaging.world import World
from tests.providers.sandbox.running import eventually

MINI_APP = FIRST.mini_apps[0]
PHONE = "84987654321"


def event(**changed: Any) -> dict[str, Any]:
    now = int(time.time() * 1000)
    return {"event": "user.revoke.consent", "appId": MINI_APP, "userId": USER, "timestamp": now, **changed}


def post(client: Client, channel: Channel, said: dict[str, Any], key: str = FIRST.api_key, signature: str = "") -> int:
    token = channel.account.provider_account.hook_token
    answer = client.post(
        f"/hooks/mini_app/{token}",
        json.dumps(said).encode(),
        content_type="application/json",
        headers={"X-ZEvent-Signature": signature or event_signature(said, key)},
    )
    return answer.status_code


def taken(channel: Channel) -> list[UUID]:
    lane = Lane.objects.get(channel=channel, bulk=None)
    found = claim(lane.pk, 100, timedelta(seconds=30), App("1"))
    return [one.message_id for one in found.messages] if found else []


def test_what_waits_is_stopped_and_what_is_stored_is_erased(world: World, notified: Channel, client: Client) -> None:
    mine, theirs = send(world, {"miniAppUserId": USER, "optedIn": True}, {"miniAppUserId": OTHER})
    assert post(client, notified, event()) == 200
    assert carry_out_withdrawals() == 1
    message = Message.objects.get(id=mine)
    assert (message.recipient, message.recipient_hash, message.content) == (None, None, None)
    assert (world.state(mine), world.events(mine)) == (State.CANCELLED, [("erased", "ERASED")])
    assert not MiniAppPerson.objects.exists()
    assert [row.message_id for row in MiniAppMessage.objects.all()] == [theirs]
    assert taken(notified) == [theirs]


def test_the_proof_holds_figures_and_no_user(world: World, notified: Channel, client: Client) -> None:
    send(world, {"miniAppUserId": USER}, {"phone": PHONE, "miniAppUserId": USER})
    assert post(client, notified, event()) == 200
    kept = MiniAppEvent.objects.get()
    assert USER.encode() not in bytes(kept.sealed)
    assert (kept.applied_at, bool(kept.sealed)) == (None, True)
    carry_out_withdrawals()
    kept.refresh_from_db()
    assert (bytes(kept.sealed), kept.stopped, kept.erased) == (b"", 1, 2)
    assert kept.applied_at is not None
    mark = RecipientMark.objects.get()
    assert (mark.reason, bytes(mark.recipient), mark.channel_kind) == ("CONSENT_WITHDRAWN", b"", "mini_app")
    assert (mark.account_id, mark.expires_at) == (notified.account_id, None)


def test_a_message_that_knows_the_phone_too_forgets_the_user_and_goes_on(
    world: World, notified: Channel, dispatchers: Any, client: Client
) -> None:
    Channel.objects.filter(pk=notified.pk).update(state="stopped")
    forget()
    (message_id,) = send(world, {"phone": PHONE, "miniAppUserId": USER})
    post(client, notified, event())
    carry_out_withdrawals()
    message = Message.objects.get(id=message_id)
    assert message.recipient is not None
    person = open_person(content_key_by_id(message.data_key_id), message_id, bytes(message.recipient))
    assert (person.phone, person.mini_app_user_id) == (PHONE, "")
    assert (world.state(message_id), message.content is not None) == (State.QUEUED, True)
    route(world, notified, world.channel)
    Channel.objects.filter(pk=notified.pk).update(state="active")
    forget()
    assert eventually(lambda: ("failover", "RECIPIENT") in world.events(message_id))


@pytest.mark.parametrize("person", [{"miniAppUserId": USER}, {"phone": PHONE, "miniAppUserId": USER}])
def test_what_is_sent_to_them_later_is_refused_without_a_call(
    world: World, notified: Channel, client: Client, person: dict[str, str]
) -> None:
    post(client, notified, event())
    carry_out_withdrawals()
    (message_id,) = send(world, person)
    assert taken(notified) == []
    assert world.events(message_id) == [("rejected", "SUPPRESSED")]


def test_a_replay_does_nothing_even_after_the_person_came_back(world: World, notified: Channel, client: Client) -> None:
    said = event()
    assert post(client, notified, said) == 200
    carry_out_withdrawals()
    RecipientMark.objects.all().delete()
    (message_id,) = send(world, {"miniAppUserId": USER})
    assert post(client, notified, said) == 200
    assert (carry_out_withdrawals(), MiniAppEvent.objects.count()) == (0, 1)
    assert taken(notified) == [message_id]


def test_carrying_out_twice_changes_nothing_more(world: World, notified: Channel, client: Client) -> None:
    send(world, {"miniAppUserId": USER})
    post(client, notified, event())
    assert (carry_out_withdrawals(), carry_out_withdrawals()) == (1, 0)
    assert (MiniAppEvent.objects.get().erased, RecipientMark.objects.count()) == (1, 1)


def test_a_ring_that_was_lost_is_repaired_by_the_upkeep(world: World, notified: Channel, client: Client) -> None:
    post(client, notified, event())
    reconcile()
    assert MiniAppEvent.objects.get().applied_at is not None


def test_what_is_not_signed_as_it_stands_is_refused_and_not_kept(notified: Channel, client: Client) -> None:
    said = event()
    good = event_signature(said, FIRST.api_key)
    slid = said | {"userId": USER[1:], "timestamp": int(f"{said['timestamp']}{USER[0]}")}
    assert event_signature(slid, FIRST.api_key) == good
    assert post(client, notified, slid, signature=good) == 403
    assert post(client, notified, said | {"userId": OTHER}, signature=good) == 403
    assert post(client, notified, event(timestamp=said["timestamp"] - 25 * 3_600_000)) == 403
    assert post(client, notified, said, key="another") == 403
    assert post(client, notified, event(appId="1200000000000000999")) == 403
    assert not MiniAppEvent.objects.exists()


def test_the_key_before_the_last_still_signs(world: World, notified: Channel, client: Client) -> None:
    held = notified.account.provider_account
    held.put(held.values() | {"api_key": "new", "previous_api_key": FIRST.api_key})
    held.save()
    hooks.forget()
    assert post(client, notified, event()) == 200


def test_one_address_serves_every_mini_app_of_the_zalo_app(world: World, notified: Channel, client: Client) -> None:
    held = provider_account(
        world.tenant, "mini_app", api_key=FIRST.api_key, zalo_app_id=FIRST.zalo_app_id, mini_app_id=FIRST.mini_apps[1]
    )
    second = Channel.objects.create(
        tenant=world.tenant, name="second", kind="mini_app", account=held.account, night_rules=False
    )
    hooks.forget()
    (mine,) = send(world, {"miniAppUserId": USER})
    assert post(client, notified, event(appId=FIRST.mini_apps[1])) == 200
    route(world, notified)
    made = world.tenant.routes.create(name="second")
    made.steps.create(channel=second, position=1)
    carry_out_withdrawals()
    assert RecipientMark.objects.get().account_id == second.account_id
    assert world.state(mine) is State.QUEUED
    assert MiniAppMessage.objects.get().message_id == mine


def test_another_tenant_with_the_same_user_is_left_alone(world: World, notified: Channel, client: Client) -> None:
    other = TenantFactory.create(slug="florist")
    MiniAppPerson.objects.create(
        tenant_id=other.pk, person=hash_of(other.pk, f"mini:{USER}"), opted_in=True, told_at=world.tenant.created_at
    )
    post(client, notified, event())
    carry_out_withdrawals()
    assert MiniAppPerson.objects.count() == 1
    assert not RecipientMark.objects.filter(tenant=other).exists()


def test_a_lent_account_withdraws_from_every_borrower(world: World, notified: Channel) -> None:
    account = notified.account
    account.tenant = None
    account.save()
    other = TenantFactory.create(slug="florist")
    account.lent_to.add(world.tenant, other)
    held = account.provider_account
    held.put({"api_key": FIRST.api_key, "mini_app_id": MINI_APP})
    held.save()
    hooks.forget()
    client = Client()
    assert post(client, Channel.objects.get(pk=notified.pk), event()) == 200
    carry_out_withdrawals()
    assert set(RecipientMark.objects.values_list("tenant", flat=True)) == {world.tenant.pk, other.pk}


def test_a_finished_review_is_recorded_and_an_unknown_event_kept(notified: Channel, client: Client) -> None:
    now = int(time.time() * 1000)
    reviewed = {
        "event": "versions.review.done", "appId": MINI_APP, "versionId": 7, "status": -1,
        "description": "Thiếu mô tả", "timestamp": now,
    }  # fmt: skip
    assert post(client, notified, reviewed) == 200
    assert post(client, notified, {"event": "user.other", "appId": MINI_APP, "timestamp": now}) == 200
    review, other = MiniAppEvent.objects.order_by("id")
    assert (review.kind, review.version_id, review.approved) == ("version_reviewed", 7, False)
    assert (review.reason, other.kind, other.name) == ("Thiếu mô tả", "unrecognised", "user.other")
    assert carry_out_withdrawals() == 0


def test_whether_the_address_answers_can_be_looked_at(notified: Channel, client: Client) -> None:
    assert client.get(f"/hooks/mini_app/{notified.account.provider_account.hook_token}").status_code == 200
    assert not MiniAppEvent.objects.exists()


def test_erasing_a_phone_forgets_the_user_that_its_messages_named(world: World, notified: Channel) -> None:
    send(world, {"phone": PHONE, "miniAppUserId": USER, "optedIn": True})
    erase_person(world.tenant.pk, PHONE)
    assert not MiniAppMessage.objects.exists()
    assert not MiniAppPerson.objects.exists()


def test_withdrawing_a_stranger_marks_them_all_the_same(world: World, notified: Channel) -> None:
    assert withdraw(world.tenant.pk, notified.account, USER).messages == 0
    assert RecipientMark.objects.count() == 1


def test_a_withdrawal_at_zalo_reaches_the_engine(world: World, reported: Channel) -> None:
    (message_id,) = send(world, {"miniAppUserId": USER})
    told = {"host": HOST, "oaId": FIRST.zalo_app_id, "event": event()}
    assert world.sandbox.call("POST", "/_/events", told).status == 202
    assert eventually(lambda: MiniAppEvent.objects.exists())
    assert carry_out_withdrawals() == 1
    assert world.state(message_id) is State.CANCELLED
