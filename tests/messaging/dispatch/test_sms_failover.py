"""SMS failover: whoever Zalo does not reach gets exactly one SMS, under the same message id."""

import json
from datetime import timedelta
from typing import Any

import pytest

from messaging.dispatch.tick import drain_receipts
from messaging.ids import leg_id
from messaging.models import Leg, Message
from messaging.receipts.store import store
from messaging.states import MessageClass, State
from providers.contract import Event, EventKind
from tenants.clock import now
from tests.messaging.carriers import SMS_PATH, add_nxcloud, forget, legs, route
from tests.messaging.world import World
from tests.providers.sandbox.running import eventually

SHORT = {"amount": 6, "timeUnit": "SECONDS"}
FAILOVER = {"text": "Don {{order_code}} dang duoc giao", "sender": "SAOMAI"}


@pytest.fixture
def reported(hooked: World, live_server, settings) -> World:
    """The world with hooks for every account, and an SMS channel of the tenant's that no route names."""
    settings.PUBLIC_URL = live_server.url
    add_nxcloud(hooked)
    return hooked


def magic(world: World, wanted: str) -> str:
    numbers: dict[str, str] = world.sandbox.accounts()["magic"]
    return next(number for number, name in numbers.items() if name == wanted)


def texts(world: World) -> list[dict[str, Any]]:
    return [json.loads(call["body"]) for call in world.sandbox.record(path=SMS_PATH)]


@pytest.mark.parametrize(
    ("outcome", "first"),
    [("not_on_zalo", State.REJECTED), ("blocked", State.REJECTED), ("never_delivered", State.EXPIRED)],
)
def test_whoever_zalo_does_not_reach_gets_one_sms(reported: World, dispatchers, outcome, first):
    (message_id,) = reported.send(
        magic(reported, outcome), template="order", validityPeriod=SHORT, smsFailover=FAILOVER
    )
    assert reported.ends(message_id, bound=25) == [State.DELIVERED]
    sms = reported.tenant.channels.get(kind="nxcloud_sms")
    assert legs(message_id) == [(1, reported.channel.pk, first), (2, sms.pk, State.DELIVERED)]
    (text,) = texts(reported)
    assert (text["content"], text["sourceAddress"]) == ("Don 1 dang duoc giao", "SAOMAI")
    assert [kind for kind, _ in reported.events(message_id)][-3:] == ["failover", "sent", "delivered"]
    leg = Leg.objects.get(message_id=message_id, n=2)
    assert (str(leg.cost), leg.currency) == ("0.0300", "USD")


def test_whoever_zalo_reaches_gets_no_sms(reported: World, dispatchers):
    (message_id,) = reported.send(template="order", validityPeriod=SHORT, smsFailover=FAILOVER)
    assert reported.ends(message_id) == [State.DELIVERED]
    assert legs(message_id) == [(1, reported.channel.pk, State.DELIVERED)]
    assert texts(reported) == []


def test_the_sms_has_a_validity_of_its_own(reported: World, dispatchers):
    own = FAILOVER | {"validityPeriod": {"amount": 2, "timeUnit": "HOURS"}}
    never = "84900000029"
    fault = {"host": "business.openapi.zalo.me", "to": never, "fault": "error", "code": -118, "status": 200}
    assert reported.sandbox.call("POST", "/_/faults", fault).status == 201
    (message_id,) = reported.send(never, template="order", validityPeriod=SHORT, smsFailover=own)
    assert eventually(lambda: Leg.objects.filter(message_id=message_id, n=2, state=State.SENT).exists())
    assert reported.state(message_id) is State.SENT
    leg = Leg.objects.get(message_id=message_id, n=2)
    assert leg.deadline_at is not None
    assert leg.sent_at is not None
    assert round((leg.deadline_at - leg.sent_at).total_seconds(), -2) == 7200


def test_a_route_with_an_sms_step_takes_the_templates_text(reported: World, dispatchers):
    sms = reported.tenant.channels.get(kind="nxcloud_sms")
    route(reported, reported.channel, sms)
    (message_id,) = reported.send(magic(reported, "not_on_zalo"), template="order")
    assert reported.ends(message_id) == [State.DELIVERED]
    (text,) = texts(reported)
    assert text["content"] == "order"


def test_the_messages_own_text_replaces_that_of_the_routes_sms_step(reported: World, dispatchers):
    sms = reported.tenant.channels.get(kind="nxcloud_sms")
    route(reported, reported.channel, sms)
    (message_id,) = reported.send(magic(reported, "blocked"), template="order", smsFailover=FAILOVER)
    assert reported.ends(message_id) == [State.DELIVERED]
    assert [text["content"] for text in texts(reported)] == ["Don 1 dang duoc giao"]


def test_a_stopped_channel_moves_to_the_sms_that_is_on_no_route(reported: World, dispatchers):
    reported.channel.state = "stopped"
    reported.channel.save()
    (message_id,) = reported.send(template="order", smsFailover=FAILOVER)
    assert reported.ends(message_id) == [State.DELIVERED]
    assert len(texts(reported)) == 1


def test_all_three_providers_in_a_row(reported: World, dispatchers):
    channels = {channel.kind: channel for channel in reported.tenant.channels.all()}
    route(reported, channels["zns"], channels["nxcloud"], channels["nxcloud_sms"])
    (message_id,) = reported.send(magic(reported, "not_on_zalo"), template="order")
    assert reported.ends(message_id) == [State.DELIVERED]
    assert legs(message_id) == [
        (1, channels["zns"].pk, State.REJECTED),
        (2, channels["nxcloud"].pk, State.UNDELIVERABLE),
        (3, channels["nxcloud_sms"].pk, State.DELIVERED),
    ]
    assert Leg.objects.get(message_id=message_id, n=2).error_code == "-118"
    assert Message.objects.get(id=message_id).legs == 3


def test_an_sms_step_has_words_a_sender_and_a_validity_of_its_own(reported: World, dispatchers):
    sms = reported.tenant.channels.get(kind="nxcloud_sms")
    steps = route(reported, reported.channel, sms).steps.filter(channel=sms)
    steps.update(text="Đơn {{order_code}}", sender="SAOMAI", validity=3600, plain=True)
    forget()
    (message_id,) = reported.send(magic(reported, "not_on_zalo"), template="order", validityPeriod=SHORT)
    assert reported.ends(message_id) == [State.DELIVERED]
    (text,) = texts(reported)
    assert (text["content"], text["sourceAddress"]) == ("Don 1", "SAOMAI")
    leg = Leg.objects.get(message_id=message_id, n=2)
    assert leg.deadline_at is not None
    assert leg.sent_at is not None
    assert round((leg.deadline_at - leg.sent_at).total_seconds(), -2) == 3600


def test_a_failover_without_a_validity_takes_that_of_the_routes_sms_step(reported: World):
    sms = reported.tenant.channels.get(kind="nxcloud_sms")
    route(reported, reported.channel, sms).steps.filter(channel=sms).update(validity=3600)
    forget()
    (usual,) = reported.send(template="order", smsFailover=FAILOVER)
    own = FAILOVER | {"validityPeriod": {"amount": 2, "timeUnit": "HOURS"}}
    (given,) = reported.send(template="order", smsFailover=own)
    validities = Message.objects.in_bulk([usual, given])
    assert validities[usual].sms_validity == timedelta(hours=1)
    assert validities[given].sms_validity == timedelta(hours=2)


def test_marks_stay_in_a_clients_own_words_whatever_the_step_says(reported: World, dispatchers):
    sms = reported.tenant.channels.get(kind="nxcloud_sms")
    route(reported, reported.channel, sms).steps.filter(channel=sms).update(plain=True)
    forget()
    own = {"text": "Đơn {{order_code}}"}
    (message_id,) = reported.send(magic(reported, "not_on_zalo"), template="order", smsFailover=own)
    assert reported.ends(message_id) == [State.DELIVERED]
    assert [text["content"] for text in texts(reported)] == ["Đơn 1"]


def test_a_receipt_that_comes_after_the_sms_has_left_is_recorded_at_its_leg(reported: World, dispatchers):
    (message_id,) = reported.send(
        magic(reported, "never_delivered"), template="order", validityPeriod=SHORT, smsFailover=FAILOVER
    )
    assert reported.ends(message_id, bound=25) == [State.DELIVERED]
    late = Event(kind=EventKind.DELIVERED, name="late", key="late", at=now(), leg_id=leg_id(message_id, 1))
    store(reported.tenant.pk, "zalo", b"{}", [late])
    drain_receipts(MessageClass.TRANSACTIONAL)
    sms = reported.tenant.channels.get(kind="nxcloud_sms")
    assert legs(message_id) == [(1, reported.channel.pk, State.DELIVERED), (2, sms.pk, State.DELIVERED)]
    assert Leg.objects.get(message_id=message_id, n=1).delivered_at == late.at
    assert reported.state(message_id) is State.DELIVERED
    assert len(texts(reported)) == 1
