"""Forgetting a person: what waits stops, the rest keeps its way, and only a tombstone stays."""

import msgspec
from django.conf import settings

from messaging.dispatch.claiming import claim
from messaging.ids import leg_id
from messaging.models import Due, Lane, Leg, Message, PromotionCount, Receipt, RecipientMark, TimelineEvent
from messaging.receipts.store import store
from messaging.recipients.erasing import BATCH, count_person, erase_person
from messaging.recipients.marks import phone_of, suppress
from messaging.states import Phase, State
from providers.contract import Context, Event, EventKind, Hook
from providers.infobip.adapter import INFOBIP
from tenants.clock import now
from tenants.data_keys import content_key_by_id
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


def test_of_a_push_about_several_persons_one_can_be_erased(world: World):
    other = "84987000001"
    (mine,), (theirs,) = world.send(ORDINARY, template="order"), world.send(other, template="order")
    reports = [
        {"messageId": leg_id(id, 1), "to": to, "status": {"name": "DELIVERED_TO_HANDSET"}}
        for id, to in ((mine, ORDINARY), (theirs, other))
    ]
    body = msgspec.json.encode({"results": reports})
    hook = Hook(method="POST", path="/hooks/infobip/t", headers={}, body=body)
    events = INFOBIP.read_events(hook, {"hook_token": "t"}, Context(now=now()))
    store(world.tenant.pk, "infobip", body, events)
    kept = {row.leg_id: raw(row) for row in Receipt.objects.all()}
    assert ORDINARY in kept[leg_id(mine, 1)]
    assert ORDINARY not in kept[leg_id(theirs, 1)]
    erase_person(world.tenant.pk, ORDINARY)
    assert {row.leg_id: bool(row.body) for row in Receipt.objects.all()} == {
        leg_id(mine, 1): False,
        leg_id(theirs, 1): True,
    }
    assert other in raw(Receipt.objects.get(leg_id=leg_id(theirs, 1)))


def test_a_receipt_that_names_the_providers_id_alone_is_emptied_too(world: World):
    (mine,), (theirs,) = world.send(template="order"), world.send("84987000001", template="order")
    for id, provided in ((mine, "p-mine"), (theirs, "p-theirs")):
        Leg.objects.create(
            message_id=id, n=1, tenant_id=world.tenant.pk, channel_id=world.channel.pk, state=State.SENT,
            provider_message_id=provided,
        )  # fmt: skip
        event = Event(kind=EventKind.SEEN, name="seen", key=provided, at=now(), provider_message_id=provided)
        store(world.tenant.pk, "zalo", b"{}", [event])
    erase_person(world.tenant.pk, ORDINARY)
    kept = {row.provider_message_id: bool(row.body) for row in Receipt.objects.all()}
    assert kept == {"p-mine": False, "p-theirs": True}


def raw(receipt: Receipt) -> str:
    key = content_key_by_id(receipt.data_key_id)
    return key.open(bytes(receipt.body), receipt.id.bytes + b"receipt").decode()
