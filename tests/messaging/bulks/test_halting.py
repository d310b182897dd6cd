"""A bulk with too many failures pauses itself; what the bounds count, and how it goes on."""

from datetime import timedelta

import pytest
from django.conf import settings

from messaging.bulks.progress import count_by_state
from messaging.bulks.reading import BulkView, read_bulk
from messaging.bulks.status import set_status
from messaging.dispatch.claiming import Claim, claim
from messaging.dispatch.decide import Rules
from messaging.dispatch.settle import Result, settle
from messaging.ids import leg_id
from messaging.models import Bulk, BulkCount, Lane
from messaging.states import State
from providers.contract import ErrorClass, ErrorRow, Outcome, Verdict
from tenants.models import Alert
from tests.messaging.world import World

RULES = Rules(deadline=timedelta(seconds=15), unknown_wait=timedelta(seconds=20))
BLOCKED = ErrorRow(code="-141", meaning="blocked", error_class=ErrorClass.MESSAGE)
VALID = {"amount": 40, "timeUnit": "HOURS"}


def start(world: World, count: int, failures: int, percent: int) -> BulkView:
    numbers = [f"8498765{n:04d}" for n in range(count)]
    halt = {"failures": failures, "percent": percent}
    world.send(*numbers, template="order", validityPeriod=VALID, haltOn=halt)
    return reread(Bulk.objects.get())


def reread(bulk: Bulk | BulkView) -> BulkView:
    found = read_bulk(bulk.tenant_id, bulk.id)
    assert found is not None
    return found


def take(count: int) -> Claim | None:
    return claim(Lane.objects.get().pk, count, settings.LEASE)


def send(good: int, bad: int) -> None:
    """Let so many messages be accepted and so many refused, in one settle."""
    found = take(good + bad)
    assert found is not None
    outcomes = [
        Outcome(
            leg_id=leg_id(one.message_id, 1),
            verdict=Verdict.ACCEPTED if n < good else Verdict.REFUSED,
            error=None if n < good else BLOCKED,
        )
        for n, one in enumerate(found.messages)
    ]
    results = [Result(o, found.channel_id, outcome, RULES) for o, outcome in zip(found.messages, outcomes, strict=True)]
    assert settle(results) == good + bad


def test_both_bounds_must_be_passed(world: World):
    bulk = start(world, 40, failures=4, percent=20)
    send(good=0, bad=3)  # all of them, but too few
    assert reread(bulk).state is Bulk.Progress.PROCESSING
    send(good=20, bad=2)  # five, a fifth and no more
    assert reread(bulk).state is Bulk.Progress.PROCESSING
    send(good=0, bad=2)
    halted = reread(bulk)
    assert (halted.state, halted.state_reason) == (Bulk.Progress.PAUSED, "AUTO_HALTED")
    assert halted.state_detail == {"failures": 7, "left": 27, "percent": 25.9}


def test_a_halted_bulk_is_held_with_its_numbers(world: World):
    start(world, 10, failures=2, percent=0)
    send(good=0, bad=2)
    assert take(10) is None
    hold = Lane.objects.get().holds.get()
    assert (hold.reason, hold.until, hold.detail) == ("AUTO_HALTED", None, {"failures": 2, "left": 2, "percent": 100.0})


def test_people_are_told_once_until_somebody_lets_it_go_on(world: World):
    bulk = start(world, 10, failures=1, percent=0)
    send(good=1, bad=1)
    alert = Alert.objects.get()
    assert (alert.kind, alert.tenant_id, alert.about) == (Alert.Kind.BULK_HALTED, bulk.tenant_id, bulk.id.hex)
    assert alert.detail == {"percent": 50}
    assert alert.ended_at is None
    set_status(bulk.tenant_id, bulk.id, Bulk.Progress.PROCESSING, "somebody")
    assert Alert.objects.get().ended_at is not None


def test_a_person_lets_it_go_on_and_failures_count_anew(world: World):
    bulk = start(world, 20, failures=3, percent=0)
    send(good=1, bad=3)
    set_status(bulk.tenant_id, bulk.id, Bulk.Progress.PROCESSING, "somebody")
    assert (reread(bulk).state_reason, reread(bulk).state_detail) == ("", None)
    send(good=1, bad=2)
    assert reread(bulk).state is Bulk.Progress.PROCESSING
    send(good=0, bad=1)
    assert reread(bulk).state_detail == {"failures": 3, "left": 4, "percent": 75.0}


def test_a_bulk_without_bounds_does_not_halt(world: World):
    world.send(*["84987654321"] * 4, template="order", validityPeriod=VALID, sendingSpeedLimit={"amount": 1_000_000})
    send(good=0, bad=4)
    assert Bulk.objects.get().state == Bulk.Progress.PROCESSING


@pytest.mark.parametrize("status", [Bulk.Progress.CANCELED, Bulk.Progress.PAUSED])
def test_what_a_person_did_stays(world: World, status: Bulk.Progress):
    bulk = start(world, 10, failures=1, percent=0)
    found = take(2)
    assert found is not None
    set_status(bulk.tenant_id, bulk.id, status, "somebody")
    refused = [
        Outcome(leg_id=leg_id(one.message_id, 1), verdict=Verdict.REFUSED, error=BLOCKED) for one in found.messages
    ]
    settle([Result(one, found.channel_id, out, RULES) for one, out in zip(found.messages, refused, strict=True)])
    assert (reread(bulk).state, reread(bulk).state_reason) == (status, "")


def test_the_counters_add_up_on_the_way(world: World):
    bulk = start(world, 12, failures=100, percent=0)
    send(good=3, bad=2)
    take(4)
    assert count_by_state(reread(bulk)) == {
        State.QUEUED: 3, State.SENDING: 4, State.SENT: 3, State.REJECTED: 2
    }  # fmt: skip
    assert sum(BulkCount.objects.values_list("count", flat=True)) == 12
