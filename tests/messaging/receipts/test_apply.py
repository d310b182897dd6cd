"""Receipts: applied in any order, once each, never across tenants, never against settle."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from messaging.dispatch.claiming import claim
from messaging.dispatch.decide import Rules
from messaging.dispatch.settle import Result, settle
from messaging.dispatch.tick import drain_receipts
from messaging.ids import leg_id
from messaging.models import Due, Message, Receipt
from messaging.receipts.store import store
from messaging.states import MessageClass, State
from providers.contract import Event, EventKind, Outcome, Verdict
from tests.factories import TenantFactory
from tests.messaging.world import World

RULES = Rules(deadline=timedelta(seconds=15), unknown_wait=timedelta(seconds=20))
AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def told(message_id: UUID, kind: EventKind = EventKind.DELIVERED) -> Event:
    return Event(kind=kind, name="user_received_message", key="k", at=AT, leg_id=leg_id(message_id, 1))


def claim_all() -> list[Result]:
    found = claim(Due.objects.values_list("lane_id", flat=True)[0], 1000, settings.LEASE)
    assert found is not None
    return [
        Result(
            one,
            found.channel_id,
            Outcome(leg_id=leg_id(one.message_id, 1), verdict=Verdict.ACCEPTED, provider_message_id="m1"),
            RULES,
        )
        for one in found.messages
    ]


def report(world: World, *events: Event) -> None:
    store(world.tenant.pk, "zalo", b"{}", events)
    assert drain_receipts(MessageClass.OTP)


def test_a_delivered_receipt_ends_the_message_and_erases_the_content_of_an_otp(world: World):
    (message_id,) = world.send()
    settle(claim_all())
    report(world, told(message_id))
    message = Message.objects.get(id=message_id)
    assert (message.state, message.content, message.ended_at is None) == (State.DELIVERED, None, False)
    assert world.events(message_id) == [("sent", ""), ("delivered", "")]
    assert world.leg(message_id).delivered_at == AT
    assert world.due(message_id) is None


def test_a_repeated_receipt_adds_nothing(world: World):
    (message_id,) = world.send()
    settle(claim_all())
    report(world, told(message_id), told(message_id))
    report(world, told(message_id))
    assert world.events(message_id) == [("sent", ""), ("delivered", "")]


def test_a_receipt_before_the_answer_wins_and_the_answer_still_tells_the_provider_id(world: World):
    (message_id,) = world.send()
    results = claim_all()
    report(world, told(message_id))
    assert world.state(message_id) is State.DELIVERED
    settle(results)
    assert world.state(message_id) is State.DELIVERED
    assert world.leg(message_id).provider_message_id == "m1"
    assert world.due(message_id) is None


@pytest.mark.parametrize("order", [(EventKind.DELIVERED, EventKind.SEEN), (EventKind.SEEN, EventKind.DELIVERED)])
def test_seen_and_delivered_end_seen_in_either_order(world: World, order: tuple[EventKind, EventKind]):
    (message_id,) = world.send()
    settle(claim_all())
    report(world, *(told(message_id, kind) for kind in order))
    assert world.state(message_id) is State.SEEN


def test_a_late_receipt_lifts_an_expired_message(world: World):
    (message_id,) = world.send()
    settle(claim_all())
    Message.objects.filter(id=message_id).update(state=State.EXPIRED, ended_at=AT)
    Due.objects.all().delete()
    report(world, told(message_id))
    assert world.state(message_id) is State.DELIVERED


def test_a_rejected_message_stays_rejected(world: World):
    (message_id,) = world.send()
    Message.objects.filter(id=message_id).update(state=State.REJECTED, ended_at=AT)
    Due.objects.all().delete()
    report(world, told(message_id))
    assert world.state(message_id) is State.REJECTED
    assert world.events(message_id) == []


def test_a_receipt_of_another_tenants_app_changes_nothing(world: World):
    (message_id,) = world.send()
    settle(claim_all())
    stranger = TenantFactory.create(slug="stranger")
    store(stranger.pk, "zalo", b"{}", [told(message_id)])
    assert drain_receipts(MessageClass.OTP)
    assert world.state(message_id) is State.SENT
    assert [receipt.state for receipt in Receipt.objects.all()] == [Receipt.State.UNMATCHED]


def test_opposite_batches_of_settle_and_receipts_never_deadlock(world: World):
    ids = world.send(*[f"8498765{n:04d}" for n in range(300)])
    results = claim_all()
    failures: list[Exception] = []

    def guarded(work) -> None:
        try:
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    def settle_backwards() -> None:
        for start in range(0, 300, 30):
            settle(list(reversed(results[start : start + 30])))

    def report_forwards() -> None:
        for message_id in ids:
            store(world.tenant.pk, "zalo", b"{}", [told(message_id), told(message_id, EventKind.SEEN)])
            drain_receipts(MessageClass.OTP)

    def report_backwards() -> None:
        for start in range(0, 300, 30):
            store(world.tenant.pk, "zalo", b"{}", [told(one) for one in reversed(ids[start : start + 30])])
            drain_receipts(MessageClass.OTP)

    threads = [
        threading.Thread(target=guarded, args=(work,))
        for work in (settle_backwards, report_forwards, report_backwards, report_backwards)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert drain_receipts(MessageClass.OTP)
    assert set(world.ends(*ids, bound=1)) == {State.SEEN}
    assert not Due.objects.exists()


def test_a_call_without_an_answer_adds_no_doubt_once_its_receipt_is_here(world: World):
    (message_id,) = world.send()
    (result,) = claim_all()
    report(world, told(message_id))
    unknown = Outcome(leg_id=leg_id(message_id, 1), verdict=Verdict.UNKNOWN)
    settle([Result(result.claimed, result.channel_id, unknown, RULES)])
    assert world.events(message_id) == [("delivered", "")]
    assert world.due(message_id) is None
