"""A worker that stalls past its lease, or comes back after others went on, changes nothing."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from messaging.dispatch.claiming import Claim, claim
from messaging.dispatch.deadlines import pass_deadlines
from messaging.dispatch.decide import Rules
from messaging.dispatch.settle import Result, settle
from messaging.ids import leg_id
from messaging.models import Due, TimelineEvent
from messaging.states import MessageClass, Phase, State
from providers.contract import Outcome, Verdict
from tenants.clock import now
from tests.messaging.clock import moved
from tests.messaging.world import World

RULES = Rules(deadline=timedelta(seconds=15), unknown_wait=timedelta(seconds=20))


def claimed(world: World, message_id: UUID) -> Claim:
    lane = Due.objects.get(message_id=message_id).lane_id
    found = claim(lane, 10, settings.LEASE)
    assert found is not None
    return found


def accepted(taken: Claim) -> list[Result]:
    return [
        Result(
            one,
            taken.channel_id,
            Outcome(leg_id=leg_id(one.message_id, 1), verdict=Verdict.ACCEPTED, provider_message_id="m1"),
            RULES,
        )
        for one in taken.messages
    ]


def sweep() -> None:
    pass_deadlines(MessageClass.OTP, unknown_wait=settings.UNKNOWN_WAIT, lease=settings.LEASE)


def test_a_lost_lease_becomes_an_unknown_outcome_that_waits_for_a_receipt(world: World):
    (message_id,) = world.send(validityPeriod={"amount": 5, "timeUnit": "MINUTES"})
    claimed(world, message_id)
    with moved(settings.LEASE + timedelta(seconds=1)):
        sweep()
    assert world.state(message_id) is State.UNKNOWN
    assert world.events(message_id) == [("unknown", "WORKER_LOST")]
    due = world.due(message_id)
    assert due is not None
    assert due.phase == Phase.UNKNOWN


def test_a_stalled_worker_that_settles_after_its_lease_was_taken_changes_nothing(world: World):
    (message_id,) = world.send(validityPeriod={"amount": 5, "timeUnit": "MINUTES"})
    stalled = claimed(world, message_id)
    with moved(settings.LEASE + timedelta(seconds=1)):
        sweep()
    before = (world.state(message_id), world.events(message_id), Due.objects.values().get())
    assert settle(accepted(stalled)) == 0
    assert (world.state(message_id), world.events(message_id), Due.objects.values().get()) == before


def test_a_stalled_worker_does_not_settle_the_attempt_of_another(world: World):
    (message_id,) = world.send()
    stalled = claimed(world, message_id)
    Due.objects.filter(message_id=message_id).update(phase=Phase.READY, due_at=now())
    current = claimed(world, message_id)
    assert settle(accepted(stalled)) == 0
    assert TimelineEvent.objects.count() == 0
    assert settle(accepted(current)) == 1
    assert world.state(message_id) is State.SENT


def test_settling_twice_writes_once(world: World):
    (message_id,) = world.send()
    taken = claimed(world, message_id)
    assert [settle(accepted(taken)), settle(accepted(taken))] == [1, 0]
    assert world.events(message_id) == [("sent", "")]


def test_an_unknown_outcome_without_a_receipt_ends_undeliverable_and_is_not_sent_again(world: World):
    (message_id,) = world.send(validityPeriod={"amount": 5, "timeUnit": "MINUTES"})
    claimed(world, message_id)
    with moved(settings.LEASE + timedelta(seconds=1)):
        sweep()
    with moved(settings.LEASE + settings.UNKNOWN_WAIT + timedelta(seconds=2)):
        sweep()
    assert world.state(message_id) is State.UNDELIVERABLE
    assert world.events(message_id)[-1] == ("failed", "OUTCOME_UNKNOWN")
    assert world.due(message_id) is None
    assert world.sends() == []


def test_a_tenant_that_chose_to_resend_gets_its_lost_message_sent_again(world: World):
    world.tenant.when_unknown = "resend"
    world.tenant.save()
    (message_id,) = world.send(validityPeriod={"amount": 5, "timeUnit": "MINUTES"})
    claimed(world, message_id)
    with moved(settings.LEASE + timedelta(seconds=1)):
        sweep()
    assert world.events(message_id) == [("resend", "WORKER_LOST")]
    due = world.due(message_id)
    assert due is not None
    assert due.phase == Phase.READY
