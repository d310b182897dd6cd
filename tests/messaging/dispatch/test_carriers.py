"""Other providers than Zalo: many messages a call, failures in reports, keys that are refused, ids that lack."""

import json
from typing import Any

import pytest

from messaging.intake.accept import accept
from messaging.models import Leg, Message, RecipientMark
from messaging.states import State
from tenants.models import Channel, ProviderAccount
from tests.factories import RouteFactory, TenantFactory, provider_account
from tests.messaging.carriers import add_infobip, add_nxcloud, forget, legs, route
from tests.messaging.world import World
from tests.providers.sandbox.running import eventually

LONG = {"amount": 5, "timeUnit": "MINUTES"}
ZALO = "/zalo/2/messages"


@pytest.fixture
def reported(hooked: World, live_server, settings) -> World:
    """The world with hooks for every account."""
    settings.PUBLIC_URL = live_server.url
    return hooked


def calls(world: World, path: str) -> list[dict[str, Any]]:
    return [json.loads(call["body"]) for call in world.sandbox.record(path=path)]


def test_many_messages_share_a_call_and_each_has_its_end(reported: World, dispatchers):
    route(reported, add_infobip(reported)["infobip"])
    people = [f"8498765{n:04d}" for n in range(20)]
    ids = reported.send(*people, template="order")
    assert reported.ends(*ids) == [State.DELIVERED] * 20
    sent = calls(reported, ZALO)
    assert len(sent) < 5
    assert sorted(one["destinations"][0]["to"] for call in sent for one in call["messages"]) == people
    assert str(Leg.objects.get(message_id=ids[0]).cost) != "None"


def test_a_failure_in_a_report_goes_on_and_is_remembered(reported: World, dispatchers):
    channels = add_infobip(reported)
    route(reported, channels["infobip"], channels["infobip_sms"])
    numbers = reported.sandbox.call("GET", "/_/accounts").json()["api.infobip.com"]["magic"]
    blocked = next(number for number, outcome in numbers.items() if outcome == "blocked")
    (message_id,) = reported.send(blocked, template="order")
    assert reported.ends(message_id) == [State.DELIVERED], reported.events(message_id)
    assert [state for _, _, state in legs(message_id)] == [State.UNDELIVERABLE, State.DELIVERED]
    assert eventually(lambda: RecipientMark.objects.filter(tenant=reported.tenant, kind="memory").exists())


def test_a_refused_key_stops_the_channel_and_its_traffic_goes_on(reported: World, dispatchers):
    held = provider_account(reported.tenant, "infobip", api_key="wrong", sender="1")
    channel = add_infobip(reported)["infobip"]
    Channel.objects.filter(pk=channel.pk).update(account=held.account)
    route(reported, channel, reported.channel)
    (message_id,) = reported.send(template="order")
    assert reported.ends(message_id) == [State.DELIVERED]
    assert [state for _, _, state in legs(message_id)] == [State.REJECTED, State.DELIVERED]
    assert eventually(lambda: Channel.objects.get(pk=channel.pk).state == Channel.State.STOPPED)


def test_a_step_that_needs_an_id_the_message_lacks_is_skipped_with_a_reason(reported: World, dispatchers):
    oa = Channel.objects.create(
        tenant=reported.tenant, name="oa", kind="oa", account=reported.channel.account, night_rules=False
    )
    route(reported, oa, add_nxcloud(reported)["nxcloud_sms"])
    said = {"to": {"phone": "0987654321"}, "content": {"type": "TEXT", "text": "Chao ban"}}
    options = {"smsFailover": {"text": "Chao ban"}}
    body = json.dumps({"messages": [said], "options": options}).encode()
    accepted = accept(reported.tenant.pk, body, test=False)
    message = Message.objects.get(bulk_id=accepted.bulk_id)
    assert reported.ends(message.id) == [State.DELIVERED]
    assert Leg.objects.get(message_id=message.id, n=1).error_code == "RECIPIENT_ID_MISSING"


@pytest.fixture
def few_places(settings) -> int:
    """So few places for the dispatchers that a provider that hangs could take them all."""
    settings.DISPATCH_PLACES = 32
    return 32


def test_while_one_tenants_provider_hangs_anothers_passwords_all_leave(few_places: int, reported: World, dispatchers):
    other = TenantFactory.create(slug="clinic")
    RouteFactory.create(tenant=other)
    otp = reported.tenant.templates.get(code="otp")
    otp.pk, otp.tenant = None, other
    otp.save()
    clinic = World.__new__(World)
    clinic.tenant, clinic.sandbox = other, reported.sandbox
    route(clinic, add_infobip(clinic)["infobip_sms"])
    route(reported, add_nxcloud(reported)["nxcloud"])
    slow = {"host": "api.nxcloud.com", "fault": "delay", "delayMs": 60_000}
    assert reported.sandbox.call("POST", "/_/faults", slow).status == 201
    hanging = reported.send(*[f"8498765{n:04d}" for n in range(50)], validityPeriod=LONG)
    assert eventually(lambda: len(reported.sandbox.record(host="api.nxcloud.com")) == few_places // 2)
    going = clinic.send(*[f"8498764{n:04d}" for n in range(50)])
    assert eventually(lambda: Leg.objects.filter(message_id__in=going, sent_at__isnull=False).count() == 50)
    assert Leg.objects.filter(message_id__in=hanging).count() == 0
    assert clinic.ends(*going) == [State.DELIVERED] * 50


def test_an_unknown_address_and_a_wrong_token_are_refused(reported: World, client):
    add_nxcloud(reported)
    held = ProviderAccount.objects.get(account__tenant=reported.tenant)
    forget()
    assert client.post("/hooks/nxcloud/none", b"{}", content_type="application/json").status_code == 404
    assert client.post(f"/hooks/infobip/{held.hook_token}", b"{}", content_type="application/json").status_code == 404
    known = client.post(f"/hooks/nxcloud/{held.hook_token}", b"{}", content_type="application/json")
    assert (known.status_code, known.content) == (200, b"success")
