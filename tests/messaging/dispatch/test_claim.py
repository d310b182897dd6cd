"""Claims: what is due and only that, never the same message twice."""

import threading
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from messaging.dispatch.claiming import claim
from messaging.dispatch.deadlines import expire
from messaging.models import Due, Lane
from messaging.states import MessageClass, Phase, State
from tenants.clock import now
from tenants.runtime import stop_channel
from tests.messaging.clock import moved
from tests.messaging.world import World


def taken(lane_id: int, limit: int = 100) -> list[UUID]:
    found = claim(lane_id, limit, settings.LEASE)
    return [message.message_id for message in found.messages] if found else []


def lane() -> int:
    return Lane.objects.get().pk


def test_concurrent_claims_take_disjoint_messages_and_all_of_them(world: World):
    ids = world.send(*[f"8498765{n:04d}" for n in range(400)])
    found: list[list[UUID]] = []

    def work() -> None:
        try:
            while batch := taken(lane(), 25):
                found.append(batch)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(message_id for batch in found for message_id in batch) == sorted(ids)


def test_messages_leave_in_the_order_they_became_due(world: World):
    ids = world.send(*[f"8498765{n:04d}" for n in range(30)])
    assert taken(lane(), 10) == ids[:10]


def test_a_message_is_not_taken_before_its_time(world: World):
    later = now() + timedelta(hours=1)
    world.send(sendAt=later.isoformat())
    assert taken(lane()) == []
    with moved(timedelta(hours=1, seconds=1)):
        assert len(taken(lane())) == 1


def test_a_message_past_its_validity_is_not_taken_but_ended(world: World):
    (message_id,) = world.send(validityPeriod={"amount": 30, "timeUnit": "SECONDS"})
    with moved(timedelta(seconds=31)):
        assert taken(lane()) == []
        assert expire(MessageClass.OTP) == 1
    assert world.state(message_id) is State.EXPIRED
    assert world.events(message_id) == [("expired", "VALIDITY_ENDED")]
    assert world.due(message_id) is None


def test_a_lane_of_a_stopped_channel_gives_nothing(world: World):
    world.send()
    stop_channel(world.channel.pk, "-135", "The official account may not send.")
    assert taken(lane()) == []
    assert Due.objects.get().phase == Phase.READY


def test_a_held_lane_gives_nothing_until_its_time(world: World):
    world.send()
    Lane.objects.update(next_at=now() + timedelta(seconds=10), hold_reason="test")
    assert taken(lane()) == []
    with moved(timedelta(seconds=11)):
        assert len(taken(lane())) == 1
