"""What a benchmark holds stays where it is, for as long as the benchmark wants, and then leaves."""

from datetime import timedelta

from django.conf import settings

from benchmarks import holding
from messaging.dispatch.claiming import claim
from messaging.dispatch.tick import tick
from messaging.models import Lane
from messaging.states import MessageClass
from tests.messaging.clock import moved
from tests.messaging.conftest import nothing_kept, sandbox, shared_sandbox, world
from tests.messaging.world import World

__all__ = ["nothing_kept", "sandbox", "shared_sandbox", "world"]
LATER = timedelta(seconds=holding.SLEEP_SECONDS - 1)


def taken(lane: int) -> int:
    found = claim(lane, 100, settings.LEASE)
    return len(found.messages) if found else 0


def rung() -> list[int]:
    found = tick(MessageClass.OTP)
    return [lane for lane, _ in found.lanes] if found else []


def test_a_held_lane_gives_nothing_and_no_tick_rings_it(world: World):
    world.send("84987650001")
    lane = Lane.objects.get().pk
    holding.hold([lane])
    with moved(LATER):
        assert (rung(), taken(lane)) == ([], 0)
    holding.let_go([lane])


def test_a_held_lane_is_held_on_by_renewing(world: World):
    world.send("84987650001")
    lane = Lane.objects.get().pk
    holding.hold([lane])
    with moved(LATER):
        holding.renew()
    with moved(LATER + LATER):
        assert taken(lane) == 0
    holding.let_go([lane])


def test_what_is_let_go_leaves_at_once_and_is_not_put_to_sleep_again(world: World):
    world.send("84987650001")
    lane = Lane.objects.get().pk
    holding.hold([lane])
    holding.let_go([lane])
    holding.renew()
    assert rung() == [lane]
    assert taken(lane) == 1
