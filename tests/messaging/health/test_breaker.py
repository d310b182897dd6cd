"""Channel health over real dispatchers: storms stop a channel, one message probes it, success reopens it."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as live

from messaging.dispatch import bell
from messaging.dispatch.claiming import claim
from messaging.health import breaker, counting, weights
from messaging.health.counting import Tally
from messaging.models import Due, Lane, LaneHold
from messaging.states import Phase, State
from tenants.clock import now
from tenants.models import Alert, Channel
from tenants.runtime import resume_channel
from tests.messaging.clock import moved
from tests.messaging.world import ORDINARY, World
from tests.providers.sandbox.running import eventually

LONG = {"amount": 10, "timeUnit": "MINUTES"}


@pytest.fixture(autouse=True)
def nothing_counted(world: World) -> None:
    bell.connection().flushdb()
    weights.forget()


def fault(world: World, **fields: Any) -> None:
    assert world.sandbox.call("POST", "/_/faults", {"host": "business.openapi.zalo.me", **fields}).status == 201


def channel(world: World) -> Channel:
    return Channel.objects.get(pk=world.channel.pk)


def numbers(count: int) -> list[str]:
    return [f"8498765{n:04d}" for n in range(count)]


def take(limit: int = 100) -> int:
    found = claim(Lane.objects.get().pk, limit, live.LEASE)
    return len(found.messages) if found else 0


def test_a_storm_of_passing_errors_stops_the_channel_and_alerts(world: World):
    breaker.count(world.channel.pk, Tally(8, 11), "-32 busy")
    assert channel(world).state == Channel.State.ACTIVE
    breaker.count(world.channel.pk, Tally(2, 9), "-32 busy")
    stopped = channel(world)
    assert (stopped.state, stopped.stop_code) == (Channel.State.STOPPED, "BREAKER")
    assert stopped.stop_reason.startswith("20 of 30 calls of the last 30 s failed, the last one: -32 busy.")
    alert = Alert.objects.get()
    assert (alert.tenant_id, alert.kind, alert.about, alert.ended_at) == (
        world.tenant.pk,
        Alert.Kind.CHANNEL_STOPPED,
        "zns",
        None,
    )


@pytest.mark.parametrize(("good", "bad"), [(0, 19), (15, 15), (100, 30)])
def test_few_failures_or_no_more_than_half_stop_nothing(world: World, good: int, bad: int):
    breaker.count(world.channel.pk, Tally(good, bad), "x")
    assert channel(world).state == Channel.State.ACTIVE


def test_a_stopped_channel_lets_exactly_one_message_through_at_its_time(world: World):
    world.send(*numbers(5), template="order", validityPeriod=LONG)
    breaker.stop(world.channel.pk, "BREAKER", "storm")
    assert take() == 0
    hold = LaneHold.objects.get()
    assert (hold.reason, hold.detail["code"], hold.detail["reason"]) == ("CHANNEL_STOPPED", "BREAKER", "storm")
    with moved(live.PROBE_PAUSE + timedelta(seconds=1)):
        assert [take(), take(), take()] == [1, 0, 0]
    assert Due.objects.filter(phase=Phase.SENDING).count() == 1


def test_a_failed_probe_doubles_the_pause_up_to_five_minutes(world: World):
    breaker.stop(world.channel.pk, "BREAKER", "storm")
    pauses = []
    for _ in range(7):
        breaker.probed(world.channel.pk, works=False)
        pauses.append(breaker.probe_pause(channel(world).probes).total_seconds())
    assert pauses == [20, 40, 80, 160, 300, 300, 300]


def test_a_probe_that_works_reopens_the_channel_ends_the_alert_and_forgets_the_storm(world: World):
    breaker.count(world.channel.pk, Tally(0, 40), "x")
    breaker.probed(world.channel.pk, works=True)
    assert channel(world).state == Channel.State.ACTIVE
    assert Alert.objects.get().ended_at is not None
    assert counting.recent(world.channel.pk, 60) == Tally(0, 0)


def test_a_channel_stopped_by_hand_is_never_probed(world: World):
    world.send(*numbers(2), template="order", validityPeriod=LONG)
    Channel.objects.update(state=Channel.State.STOPPED, stop_code="stopped_by_hand")
    with moved(timedelta(minutes=5)):
        assert take() == 0


def test_a_configuration_error_stops_alerts_and_is_mended_by_a_probe(hooked: World, settings, dispatchers):
    settings.PROBE_PAUSE = timedelta(seconds=0.5)
    fault(hooked, to=ORDINARY, fault="error", code=-120, status=200, times=1)
    (message_id,) = hooked.send(template="order")
    assert eventually(lambda: Alert.objects.exists(), 5)
    alert = Alert.objects.get()
    assert (alert.detail["code"], alert.level) == ("-120", "error")
    assert "Ask Zalo to open the feature" in alert.body
    assert hooked.ends(message_id) == [State.DELIVERED]
    assert channel(hooked).state == Channel.State.ACTIVE
    assert Alert.objects.get().ended_at is not None


def test_what_waits_for_its_hours_on_a_stopped_channel_is_looked_at_at_once(world: World):
    world.send(*numbers(2), template="order", validityPeriod=LONG)
    lane = Lane.objects.get()
    Lane.objects.update(next_at=now() + timedelta(seconds=60), hold_reason="QUIET_HOURS")
    breaker.stop(world.channel.pk, "-120", "no permission")
    take()
    lane.refresh_from_db()
    assert lane.hold_reason == "CHANNEL_STOPPED"


def test_an_operator_who_resumes_ends_the_alert(world: World):
    breaker.stop(world.channel.pk, "-120", "no permission")
    resume_channel(world.channel.pk)
    assert Alert.objects.get().ended_at is not None
    assert channel(world).probe_at is None


def test_a_storm_at_the_provider_is_ridden_out(hooked: World, settings, dispatchers):
    settings.PROBE_PAUSE = timedelta(seconds=0.5)
    fault(hooked, fault="html502", times=30)
    ids = hooked.send(*numbers(30), template="order", validityPeriod=LONG)
    assert eventually(lambda: channel(hooked).stop_code == "BREAKER", 10)
    hooked.send("84987650999", template="order", validityPeriod=LONG)
    assert eventually(lambda: channel(hooked).state == Channel.State.ACTIVE, 15)
    assert len(ids) == 30
