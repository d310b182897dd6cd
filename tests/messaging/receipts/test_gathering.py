"""A bell's look begins a moment later, and until then nobody rings again."""

from collections.abc import Iterator

import pytest

from messaging.dispatch import bell
from messaging.dispatch.settle import settle
from messaging.models import Receipt
from messaging.receipts.gathering import Gatherer
from messaging.receipts.store import store
from messaging.states import MessageClass, State
from tests.messaging.receipts.test_apply import claim_all, told
from tests.messaging.world import World
from tests.providers.sandbox.running import eventually


@pytest.fixture
def flags(settings) -> Iterator[list[str]]:
    """The flags of each class, in a database of Valkey that nothing else uses."""
    settings.REDIS_URL = settings.REDIS_URL.rpartition("/")[0] + "/9"
    bell.connection.cache_clear()
    names = [f"gateway:receipts:{int(message_class)}" for message_class in MessageClass]
    bell.connection().delete(*names)
    yield names
    bell.connection.cache_clear()


@pytest.fixture
def gatherer() -> Iterator[Gatherer]:
    running = Gatherer(MessageClass.OTP)
    yield running
    running.stop()


def lower(flags: list[str]) -> None:
    bell.connection().delete(*flags)


def up(flags: list[str]) -> list[bool]:
    return [bool(bell.connection().exists(flag)) for flag in flags]


def test_a_process_rings_once_for_what_its_look_will_find(flags: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bell, "GATHER", {**bell.GATHER, MessageClass.TRANSACTIONAL: 3600.0})
    bell.ring_receipts(MessageClass)
    assert up(flags) == [True, True, True]
    lower(flags)
    bell.ring_receipts([MessageClass.OTP, MessageClass.TRANSACTIONAL])
    assert up(flags) == [True, False, False]


def test_a_process_rings_again_once_the_look_may_have_begun(flags: list[str]):
    bell.ring_receipts([MessageClass.PROMOTIONAL])

    def rings() -> bool:
        lower(flags)
        bell.ring_receipts([MessageClass.PROMOTIONAL])
        return up(flags)[2]

    assert eventually(rings)


def test_a_flag_that_another_process_put_up_covers_nothing_once_it_is_down(flags: list[str]):
    bell.connection().set(flags[1], 1)
    bell.ring_receipts([MessageClass.TRANSACTIONAL])
    lower(flags)
    bell.ring_receipts([MessageClass.TRANSACTIONAL])
    assert up(flags) == [False, True, False]


def test_a_look_lowers_the_flag_and_applies_what_has_gathered(world: World, flags: list[str], gatherer: Gatherer):
    ids = world.send("84987654321", "84987654322")
    settle(claim_all())
    for message_id in ids:
        bell.ring_receipts(store(world.tenant.pk, "zalo", b"{}", [told(message_id)]))
    assert up(flags) == [True, False, False]
    gatherer.look()
    assert world.ends(*ids) == [State.DELIVERED, State.DELIVERED]
    assert up(flags) == [False, False, False]


def test_what_comes_in_after_a_look_is_applied_by_the_next_one(world: World, flags: list[str], gatherer: Gatherer):
    first, second = world.send("84987654321", "84987654322")
    settle(claim_all())
    store(world.tenant.pk, "zalo", b"{}", [told(first)])
    gatherer.look()
    assert world.ends(first) == [State.DELIVERED]
    store(world.tenant.pk, "zalo", b"{}", [told(second)])
    gatherer.look()
    assert world.ends(second) == [State.DELIVERED]
    assert set(Receipt.objects.values_list("state", flat=True)) == {Receipt.State.APPLIED}
