"""Forgetting a person: what waits stops, the rest keeps its way, and only a tombstone stays."""

from django.conf import settings

from messaging.dispatch.claiming import claim
from messaging.models import Due, Lane, Leg, Message, PromotionCount, Receipt, RecipientMark, TimelineEvent
from messaging.recipients.erasing import BATCH, count_person, erase_person
from messaging.recipients.marks import phone_of, suppress
from messaging.states import Phase, State
from tests.messaging.world import ORDINARY, World
from tests.providers.sandbox.running import eventually


def test_a_message_under_way_keeps_its_lease_and_loses_its_content(world: World):
    (message_id,) = world.send(template="order")
    claim(Lane.objects.get().pk, 1, settings.LEASE)
    assert erase_person(world.tenant.pk, ORDINARY).stopped == 0
    assert Due.objects.get().phase == Phase.SENDING
    assert Message.objects.get(id=message_id).content is None
    assert world.events(message_id) == [("erased", "")]


def test_a_delivered_message_stays_delivered_and_its_receipts_are_emptied(hooked: World, dispatchers):
    (message_id,) = hooked.send(template="order")
    assert hooked.ends(message_id) == [State.DELIVERED]
    erase_person(hooked.tenant.pk, ORDINARY)
    assert hooked.state(message_id) is State.DELIVERED
    assert hooked.leg(message_id).state == State.DELIVERED
    assert {bytes(body) for body in Receipt.objects.values_list("body", flat=True)} == {b""}


def test_a_message_that_waits_for_its_receipt_goes_on_waiting(world: World, dispatchers):
    (message_id,) = world.send(template="order")
    assert eventually(lambda: world.state(message_id) is State.SENT)
    erase_person(world.tenant.pk, ORDINARY)
    assert world.state(message_id) is State.SENT
    assert Due.objects.get().phase == Phase.AWAITING


def test_an_ended_message_gets_a_line_and_no_leg(world: World):
    suppress(world.tenant.pk, [ORDINARY])
    (message_id,) = world.send(template="order")
    claim(Lane.objects.get().pk, 1, settings.LEASE)
    legs = Leg.objects.count()
    erase_person(world.tenant.pk, ORDINARY)
    assert Leg.objects.count() == legs
    assert TimelineEvent.objects.filter(message_id=message_id).latest("n").type == "erased"


def test_opt_outs_stay_without_the_number_and_what_else_is_kept_of_the_person_goes(world: World):
    suppress(world.tenant.pk, [ORDINARY], note="called us")
    mark = RecipientMark.objects.get()
    PromotionCount.objects.create(
        tenant_id=world.tenant.pk, account_id=world.channel.account_id, recipient_hash=mark.recipient_hash,
        day="2026-11-21", count=1,
    )  # fmt: skip
    RecipientMark.objects.create(
        tenant=world.tenant, recipient_hash=mark.recipient_hash, recipient=b"", data_key_id=0, kind="memory",
        reason="blocked", created_at=mark.created_at,
    )  # fmt: skip
    erase_person(world.tenant.pk, ORDINARY)
    mark = RecipientMark.objects.get()
    assert (mark.kind, phone_of(mark), mark.note) == ("suppression", "", "")
    assert not PromotionCount.objects.exists()


def test_the_person_stays_suppressed_after_erasure(world: World):
    suppress(world.tenant.pk, [ORDINARY])
    erase_person(world.tenant.pk, ORDINARY)
    (message_id,) = world.send(template="order")
    claim(Lane.objects.get().pk, 1, settings.LEASE)
    assert world.events(message_id) == [("rejected", "SUPPRESSED")]


def test_more_messages_than_a_batch_are_erased_and_a_dry_run_counts_them(world: World):
    world.send(*[ORDINARY] * (BATCH + 3), template="order")
    counted = count_person(world.tenant.pk, ORDINARY)
    assert (counted.stopped, counted.messages) == (BATCH + 3, BATCH + 3)
    assert erase_person(world.tenant.pk, ORDINARY) == counted
    assert not Due.objects.exists()
    assert count_person(world.tenant.pk, ORDINARY).messages == 0
