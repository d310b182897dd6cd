"""Timelines tell the holds of the lanes in which a message waited, and `waitingFor` what it waits for now."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from messaging.dispatch.claiming import claim, paced
from messaging.explain.waiting import waiting_for
from messaging.models import Bulk, Due, Lane, LaneHold
from messaging.queries.messages import MessageView, read_message
from messaging.queries.timeline import timeline_of
from tenants import clock
from tenants.models import Channel, Quota
from tests.messaging.clock import moved
from tests.messaging.world import World

VALID = {"amount": 40, "timeUnit": "HOURS"}


@pytest.fixture(autouse=True)
def nothing_noted():
    """Start each test without the paces this process has noted."""
    paced.forget()


def look() -> int:
    found = claim(Lane.objects.get().pk, 10, settings.LEASE)
    return len(found.messages) if found else 0


def view(world: World, message_id: UUID) -> MessageView:
    message = read_message(world.tenant.pk, message_id)
    assert message is not None
    return message


def told(world: World, message_id: UUID) -> list[tuple[str, str]]:
    return [(event.type, event.reason) for event in timeline_of(view(world, message_id))]


def waits(world: World, message_id: UUID) -> Any:
    return waiting_for(view(world, message_id))


def stop(world: World) -> None:
    world.channel.state = Channel.State.STOPPED
    world.channel.stop_code, world.channel.stop_reason = "-124", "The token is no good."
    world.channel.save()


def go_on(world: World) -> None:
    Channel.objects.filter(pk=world.channel.pk).update(state=Channel.State.ACTIVE)
    Lane.objects.update(next_at=datetime(2000, 1, 1, tzinfo=UTC))


def test_a_message_tells_the_hold_under_which_it_waits(world: World):
    (message_id,) = world.send(template="order")
    stop(world)
    assert look() == 0
    assert told(world, message_id) == [("accepted", ""), ("held", "CHANNEL_STOPPED")]
    assert waits(world, message_id).reason == "CHANNEL_STOPPED"


def test_a_message_that_came_after_a_hold_ended_does_not_tell_it(world: World):
    world.send(template="order")
    stop(world)
    look()
    go_on(world)
    assert look() == 1
    (later,) = world.send(template="order")
    assert told(world, later) == [("accepted", "")]
    assert LaneHold.objects.get().ended_at is not None


def test_a_message_that_came_under_a_hold_tells_it_from_its_own_start(world: World):
    world.send(template="order")
    stop(world)
    look()
    (later,) = world.send(template="order")
    accepted, held = timeline_of(view(world, later))
    assert (held.reason, held.at) == ("CHANNEL_STOPPED", accepted.at)


def test_a_second_hold_ends_the_first(world: World):
    (message_id,) = world.send(template="order")
    stop(world)
    look()
    go_on(world)
    Quota.objects.create(tenant=world.tenant, limit=0, on_limit=Quota.OnLimit.HOLD)
    look()
    assert told(world, message_id) == [("accepted", ""), ("held", "CHANNEL_STOPPED"), ("held", "QUOTA_EXCEEDED")]
    first, second = LaneHold.objects.order_by("at")
    assert first.ended_at == second.at
    assert second.ended_at is None


def test_a_hold_tells_its_numbers_and_its_end(world: World):
    Quota.objects.create(tenant=world.tenant, limit=0, on_limit=Quota.OnLimit.HOLD)
    (message_id,) = world.send(template="order", validityPeriod=VALID)
    look()
    waiting = waits(world, message_id)
    assert (waiting.reason, waiting.detail["limit"], waiting.detail["used"]) == ("QUOTA_EXCEEDED", 0, 0)
    event = timeline_of(view(world, message_id))[-1]
    assert event.detail is not None
    assert event.detail["until"] == waiting.until.isoformat()


def test_quiet_hours_are_told_with_their_opening(world: World):
    at = clock.now()
    world.tenant.time_zone = "UTC"
    world.tenant.quiet_from = (at - timedelta(hours=1)).time()
    world.tenant.quiet_until = (at + timedelta(hours=1)).time()
    (message_id,) = world.send(template="order", validityPeriod=VALID)
    world.tenant.save()
    assert look() == 0
    waiting = waits(world, message_id)
    assert waiting.reason == "QUIET_HOURS"
    assert waiting.until is not None
    assert abs(waiting.until - at - timedelta(hours=1)) < timedelta(seconds=1)
    assert told(world, message_id)[-1] == ("held", "QUIET_HOURS")
    with moved(timedelta(hours=2)):
        assert look() == 1


def test_a_paced_lane_is_told_once_and_each_message_knows_its_turn(world: World):
    ids = world.send(*[f"8498700000{n}" for n in range(5)], template="order", validityPeriod=VALID,
                     sendingSpeedLimit={"amount": 60, "timeUnit": "HOUR"})  # fmt: skip
    assert look() == 1
    assert look() == 0
    hold = LaneHold.objects.get()
    assert (hold.reason, hold.detail) == ("PACE", {"amount": 60, "timeUnit": "HOUR", "of": "bulk"})
    waiting = waits(world, ids[3])
    assert (waiting.reason, waiting.detail["ahead"]) == ("PACE", 2)
    # The next slot is a minute after the first, and two go before this one.
    assert abs(waiting.until - hold.at - timedelta(minutes=3)) < timedelta(seconds=2)


def test_only_who_waited_a_while_tells_the_pace(world: World):
    ids = world.send("84987000001", "84987000002", template="order", validityPeriod=VALID,
                     sendingSpeedLimit={"amount": 60, "timeUnit": "HOUR"})  # fmt: skip
    look()
    assert told(world, ids[1]) == [("accepted", "")]
    with moved(timedelta(seconds=30)):
        assert told(world, ids[1]) == [("accepted", ""), ("held", "PACE")]


def test_another_pace_is_another_line(world: World):
    world.send(*[f"8498700000{n}" for n in range(5)], template="order", validityPeriod=VALID,
               sendingSpeedLimit={"amount": 60, "timeUnit": "HOUR"})  # fmt: skip
    look()
    Bulk.objects.update(speed_amount=30)
    with moved(timedelta(minutes=5)):
        look()
    old, new = LaneHold.objects.order_by("at")
    assert old.ended_at == new.at
    assert new.detail["amount"] == 30


def test_a_message_for_later_waits_for_its_time(world: World):
    at = (clock.now() + timedelta(hours=1)).replace(microsecond=0)
    (message_id,) = world.send(template="order", sendAt=at.isoformat())
    assert waits(world, message_id) == ("SEND_AT", at, {})


def test_a_message_in_its_turn_tells_how_many_are_before_it(world: World):
    ids = world.send("84987000001", "84987000002", template="order")
    assert waits(world, ids[1]) == ("TURN", None, {"ahead": 1})


def test_a_call_under_way_and_a_receipt_are_waited_for(world: World):
    (message_id,) = world.send(template="order")
    look()
    assert waits(world, message_id).reason == "ANSWER"
    Due.objects.update(phase=2)
    assert waits(world, message_id).reason == "RECEIPT"


def test_an_ended_message_waits_for_nothing(world: World):
    (message_id,) = world.send(template="order")
    Due.objects.all().delete()
    assert waits(world, message_id) is None
