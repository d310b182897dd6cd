"""Cancelling truly takes back what has not left, whoever dies on the way and whatever comes back."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from messaging.bulks import status
from messaging.bulks.cancelling import cancel_batch, cancel_waiting, left_in_cancelled
from messaging.bulks.progress import count_by_state
from messaging.bulks.reading import read_bulk
from messaging.dispatch.claiming import claim
from messaging.dispatch.decide import Rules
from messaging.dispatch.settle import Result, settle
from messaging.ids import leg_id
from messaging.models import Bulk, BulkCount, Due, Lane, Message
from messaging.sql import cursor
from messaging.states import MessageClass, Phase, State
from providers.contract import Outcome, Verdict
from tests.messaging.world import World

RULES = Rules(deadline=timedelta(seconds=15), unknown_wait=timedelta(seconds=20))
Progress = Bulk.Progress


def start(world: World, count: int, **options: object) -> Bulk:
    world.send(*[f"8498{n:07d}" for n in range(count)], template="order", **options)
    return Bulk.objects.get()


def counts(bulk: Bulk) -> dict[State, int]:
    view = read_bulk(bulk.tenant_id, bulk.pk)
    assert view is not None
    return count_by_state(view)


def left() -> list[object]:
    with cursor() as sql:
        return list(left_in_cancelled(sql, MessageClass.TRANSACTIONAL))


def test_a_large_bulk_is_taken_back_batch_by_batch_and_goes_on_after_a_kill(world: World):
    bulk = start(world, 1200)
    claim(Lane.objects.get().pk, 50, settings.LEASE)
    status.set_status(bulk.tenant_id, bulk.pk, Progress.CANCELED, "somebody")
    assert counts(bulk) == {State.QUEUED: 650, State.SENDING: 50, State.CANCELLED: 500}
    assert left() == [bulk.pk]
    assert cancel_waiting(bulk.pk) == 650
    assert counts(bulk) == {State.SENDING: 50, State.CANCELLED: 1150}
    assert left() == []


def test_two_who_cancel_at_once_end_each_message_once(world: World):
    bulk = start(world, 900)
    Bulk.objects.update(state=Progress.CANCELED)
    ended: list[int] = []

    def work() -> None:
        try:
            ended.append(cancel_waiting(bulk.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(ended) == 900
    assert dict(BulkCount.objects.filter(count__gt=0).values_list("state", "count")) == {State.CANCELLED: 900}
    assert set(Message.objects.values_list("events", flat=True)) == {1}


def test_what_comes_back_for_another_try_is_taken_back_too(world: World):
    bulk = start(world, 3)
    found = claim(Lane.objects.get().pk, 1, settings.LEASE)
    assert found is not None
    status.set_status(bulk.tenant_id, bulk.pk, Progress.CANCELED, "somebody")
    (one,) = found.messages
    outcome = Outcome(leg_id=leg_id(one.message_id, 1), verdict=Verdict.NOT_SENT)
    settle([Result(one, found.channel_id, outcome, RULES)])
    assert left() == [bulk.pk]
    cancel_batch(bulk.pk)
    assert set(Message.objects.values_list("state", flat=True)) == {State.CANCELLED}
    assert not Due.objects.exists()


def test_messages_planned_for_later_are_taken_back(world: World):
    bulk = start(world, 3, sendAt="2027-01-01T00:00:00Z")
    status.set_status(bulk.tenant_id, bulk.pk, Progress.CANCELED, "somebody")
    assert counts(bulk) == {State.CANCELLED: 3}


def test_nothing_leaves_a_cancelled_bulk(world: World):
    start(world, 3, haltOn={"failures": 1})
    Bulk.objects.update(state=Progress.CANCELED)
    lane = Lane.objects.get()
    assert claim(lane.pk, 10, settings.LEASE) is None
    assert Due.objects.filter(phase=Phase.READY).count() == 3


@pytest.mark.parametrize("wanted", [Progress.PAUSED, Progress.CANCELED])
def test_others_in_the_same_lane_go_on(world: World, wanted: Progress):
    bulk = start(world, 4)
    world.send(*["84987654321"] * 2, template="order")
    status.set_status(bulk.tenant_id, bulk.pk, wanted, "somebody")
    shared = claim(Lane.objects.get(bulk=None).pk, 10, settings.LEASE)
    assert shared is not None
    assert len(shared.messages) == 2


def test_pausing_amid_settles_never_ends_in_a_deadlock(world: World):
    bulk = start(world, 400, haltOn={"failures": 1000})
    lane = Lane.objects.get().pk
    failures: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    def sending() -> None:
        for _ in range(12):
            found = claim(lane, 10, settings.LEASE)
            if found is None:
                continue
            for one in found.messages:
                outcome = Outcome(leg_id=leg_id(one.message_id, 1), verdict=Verdict.ACCEPTED)
                settle([Result(one, found.channel_id, outcome, RULES)])

    def steering() -> None:
        for _ in range(15):
            for wanted in (Progress.PAUSED, Progress.PROCESSING):
                status.set_status(bulk.tenant_id, bulk.pk, wanted, "somebody")

    threads = [threading.Thread(target=guarded, args=(work,)) for work in (sending, sending, steering)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert sum(counts(bulk).values()) == 400
