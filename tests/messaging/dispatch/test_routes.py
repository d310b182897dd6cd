"""Routes: one message over several legs; when it goes on, when it waits, and that it is delivered once."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from django.conf import settings

from messaging import routing
from messaging.dispatch import mappings
from messaging.dispatch.claiming import claim
from messaging.dispatch.deadlines import pass_deadlines
from messaging.intake import resolve
from messaging.models import Due, Lane, Leg
from messaging.states import MessageClass, State
from tenants.clock import now
from tenants.models import Channel, RouteStep
from tenants.runtime import forget, resume_channel, stop_channel
from tests.factories import ChannelFactory, TemplateMappingFactory
from tests.messaging.clock import moved
from tests.messaging.world import ORDINARY, World

LONG = {"amount": 10, "timeUnit": "MINUTES"}


@pytest.fixture
def second(hooked: World) -> Channel:
    """A second channel of the tenant behind the first on its route, over the same account."""
    channel: Channel = ChannelFactory.create(tenant=hooked.tenant, name="zns-2", account=hooked.channel.account)
    route = hooked.tenant.routes.get()
    RouteStep.objects.create(route=route, position=2, channel=channel)
    for template in hooked.tenant.templates.all():
        mapped = template.mappings.get(channel=hooked.channel)
        TemplateMappingFactory.create(
            template=template, channel=channel, provider_template_id=mapped.provider_template_id
        )
    for room in (routing, mappings, resolve):
        room.forget()
    return channel


def fault(world: World, **fields: Any) -> None:
    reply = world.sandbox.call("POST", "/_/faults", {"host": "business.openapi.zalo.me", **fields})
    assert reply.status == 201


def legs(world: World) -> list[tuple[int, int, State]]:
    return [(leg.n, leg.channel_id, State(leg.state)) for leg in Leg.objects.order_by("n")]


def test_a_refused_person_is_reached_over_the_next_channel_once(hooked: World, second: Channel, dispatchers):
    fault(hooked, to=ORDINARY, fault="error", code=-114, status=200, times=1)
    (message_id,) = hooked.send(template="order")
    assert hooked.ends(message_id) == [State.DELIVERED]
    assert legs(hooked) == [(1, hooked.channel.pk, State.REJECTED), (2, second.pk, State.DELIVERED)]
    assert [kind for kind, _ in hooked.events(message_id)] == ["failover", "sent", "delivered"]
    assert len(hooked.sends()) == 2


def test_silence_goes_on_at_the_deadline(hooked: World, second: Channel, dispatchers):
    step = RouteStep.objects.get(position=1)
    step.deadline = 1
    step.save()
    routing.forget()
    never = next(number for number, name in hooked.sandbox.accounts()["magic"].items() if name == "never_delivered")
    (message_id,) = hooked.send(never, template="order")
    found = hooked.ends(message_id, bound=28)
    assert found == [State.EXPIRED]
    assert legs(hooked)[0][2] is State.EXPIRED
    assert legs(hooked)[1][:2] == (2, second.pk)


def test_a_stopped_channel_moves_its_traffic_on(hooked: World, second: Channel, dispatchers):
    stop_channel(hooked.channel.pk, "-135", "The official account may not send.")
    (message_id,) = hooked.send(template="order")
    assert hooked.ends(message_id) == [State.DELIVERED]
    assert legs(hooked) == [(1, hooked.channel.pk, State.REJECTED), (2, second.pk, State.DELIVERED)]
    assert hooked.events(message_id)[0] == ("failover", "CHANNEL_STOPPED")


def test_a_step_that_waits_for_a_stopped_channel_keeps_its_messages(hooked: World, second: Channel):
    RouteStep.objects.filter(position=1).update(when_stopped=RouteStep.Choice.WAIT)
    routing.forget()
    stop_channel(hooked.channel.pk, "-135", "The official account may not send.")
    hooked.send(template="order")
    lane = Lane.objects.get()
    assert claim(lane.pk, 10, settings.LEASE) is None
    assert Due.objects.get().lane_id == lane.pk
    resume_channel(hooked.channel.pk)
    forget()
    found = claim(lane.pk, 10, settings.LEASE)
    assert found is not None
    assert len(found.messages) == 1


def test_the_last_step_waits_for_its_stopped_channel(hooked: World):
    stop_channel(hooked.channel.pk, "-135", "The official account may not send.")
    hooked.send(template="order")
    assert claim(Lane.objects.get().pk, 10, settings.LEASE) is None
    assert Lane.objects.get().hold_reason == "CHANNEL_STOPPED"


def test_an_unknown_outcome_goes_on_after_its_wait(hooked: World, second: Channel):
    hooked.send(template="order", validityPeriod=LONG)
    lane = Lane.objects.get()
    assert claim(lane.pk, 10, settings.LEASE) is not None
    for seconds in (settings.LEASE, settings.LEASE + settings.UNKNOWN_WAIT + timedelta(seconds=1)):
        with moved(seconds + timedelta(seconds=1)):
            pass_deadlines(MessageClass.TRANSACTIONAL, unknown_wait=settings.UNKNOWN_WAIT, lease=settings.LEASE)
    due = Due.objects.get()
    assert (due.leg, due.step) == (2, 2)
    assert Lane.objects.get(pk=due.lane_id).channel_id == second.pk


def test_messages_are_held_within_the_tenants_quiet_hours(hooked: World):
    hooked.send(template="order")
    local = now().astimezone(UTC)
    hooked.tenant.quiet_from = (local - timedelta(minutes=5)).time()
    hooked.tenant.quiet_until = (local + timedelta(minutes=5)).time()
    hooked.tenant.time_zone = "UTC"
    hooked.tenant.save()
    assert claim(Lane.objects.get().pk, 10, settings.LEASE) is None
    assert Lane.objects.get().hold_reason == "QUIET_HOURS"
