"""Opt-outs and remembered refusals: skipped without a call, with a reason, in the end state of the refusal."""

from datetime import timedelta

import pytest
from django.conf import settings

from messaging.dispatch.claiming import Claim, claim
from messaging.models import Due, Lane, Message, RecipientMark
from messaging.recipients.erasing import erase_person
from messaging.recipients.marks import Reach, lift, phone_of, suppress
from messaging.states import MessageClass, State
from tenants.models import Tenant
from tests.messaging.clock import moved
from tests.messaging.world import ORDINARY, World
from tests.providers.sandbox.running import eventually

OTHER = "84987000001"
VALID = {"amount": 40, "timeUnit": "HOURS"}


def take() -> Claim | None:
    return claim(Lane.objects.order_by("id")[0].pk, 100, settings.LEASE)


def taken() -> int:
    found = take()
    return len(found.messages) if found else 0


def test_a_person_who_opted_out_is_not_sent_to(world: World):
    suppress(world.tenant.pk, [ORDINARY])
    stopped, free = world.send(ORDINARY, OTHER, template="order")
    assert taken() == 1
    assert world.state(stopped) is State.REJECTED
    assert world.events(stopped) == [("rejected", "SUPPRESSED")]
    assert world.events(free) == []


def test_an_opt_out_from_promotions_leaves_orders_alone(world: World):
    suppress(world.tenant.pk, [ORDINARY], Reach(message_class=MessageClass.PROMOTIONAL))
    world.send(ORDINARY, template="order")
    assert taken() == 1


def test_an_opt_out_of_another_tenant_changes_nothing(world: World):
    suppress(Tenant.objects.create(slug="other", name="Other").pk, [ORDINARY])
    world.send(ORDINARY, template="order")
    assert taken() == 1


def test_a_lifted_opt_out_lets_the_next_message_go(world: World):
    suppress(world.tenant.pk, [ORDINARY])
    assert lift(world.tenant.pk, ORDINARY) == 1
    world.send(ORDINARY, template="order")
    assert taken() == 1


def test_an_opt_out_that_came_after_acceptance_still_holds(world: World):
    (message_id,) = world.send(ORDINARY, template="order")
    suppress(world.tenant.pk, [ORDINARY])
    assert taken() == 0
    assert world.state(message_id) is State.REJECTED


def test_repeating_an_opt_out_keeps_one_mark_that_tells_its_number(world: World):
    suppress(world.tenant.pk, [ORDINARY, ORDINARY])
    suppress(world.tenant.pk, [ORDINARY], note="by phone")
    mark = RecipientMark.objects.get()
    assert (phone_of(mark), mark.note) == (ORDINARY, "by phone")


def test_a_number_without_zalo_is_remembered_and_skipped_until_it_expires(hooked: World, dispatchers):
    magic = next(number for number, name in hooked.sandbox.accounts()["magic"].items() if name == "not_on_zalo")
    (first,) = hooked.send(magic, template="order")
    assert hooked.ends(first) == [State.REJECTED]
    assert eventually(lambda: RecipientMark.objects.exists())
    mark = RecipientMark.objects.get()
    assert (mark.code, mark.channel_kind, phone_of(mark)) == ("-118", "zns", magic)
    (second,) = hooked.send(magic, template="order")
    assert hooked.ends(second) == [State.REJECTED]
    assert hooked.events(second) == [("rejected", "RECIPIENT_REMEMBERED")]
    assert len(hooked.sends()) == 1


def test_a_memory_ends_by_itself(world: World):
    suppress(world.tenant.pk, [ORDINARY])
    RecipientMark.objects.update(kind=RecipientMark.Kind.MEMORY, expires_at=RecipientMark.objects.get().created_at)
    world.send(ORDINARY, template="order")
    assert taken() == 1


@pytest.fixture
def promotions(world: World) -> World:
    world.tenant.templates.filter(code="order").update(message_class=MessageClass.PROMOTIONAL)
    world.channel.night_rules = False
    world.channel.save()
    return world


def test_a_person_has_one_promotion_a_day_and_the_next_waits(promotions: World):
    ids = promotions.send(ORDINARY, ORDINARY, OTHER, template="order", validityPeriod=VALID)
    assert taken() == 2
    waiting = Due.objects.get(phase=0)
    assert waiting.message_id in ids
    assert promotions.events(waiting.message_id) == [("held", "PROMOTION_CAP")]
    with moved(timedelta(days=1)):
        assert taken() == 1


def test_a_tenant_without_caps_sends_all(promotions: World):
    Tenant.objects.update(promotions_a_day=None, promotions_a_month=None)
    promotions.send(ORDINARY, ORDINARY, template="order")
    assert taken() == 2


def test_erasing_a_person_stops_what_waits_and_leaves_a_tombstone(world: World):
    waiting, other = world.send(ORDINARY, OTHER, template="order")
    erased = erase_person(world.tenant.pk, ORDINARY)
    assert (erased.stopped, erased.messages) == (1, 1)
    message = Message.objects.get(id=waiting)
    assert (message.recipient, message.recipient_hash, message.content) == (None, None, None)
    assert message.state == State.CANCELLED
    assert world.events(waiting) == [("erased", "ERASED")]
    assert world.state(other) is State.QUEUED
    assert erase_person(world.tenant.pk, ORDINARY).messages == 0
