"""What the provider still allows is mirrored, and sending stops before it does."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings as live
from django.db import connection

from messaging.dispatch.claiming import claim
from messaging.dispatch.mirroring import mirror_quotas
from messaging.models import Due, Lane, LaneHold
from messaging.quotas.rereading import reread_provider_quotas
from messaging.states import Phase, State
from providers.contract import Outcome, Quota, Verdict
from tenants.clock import Now
from tenants.models import Alert, OfficialAccount
from tests.messaging.clock import moved
from tests.messaging.world import World
from tests.providers.sandbox.running import eventually

VALID = {"amount": 40, "timeUnit": "HOURS"}


@pytest.fixture(autouse=True)
def reserve(settings) -> None:
    settings.PROVIDER_QUOTA_RESERVE = 5


def send(world: World, count: int) -> None:
    world.send(*[f"8498765{n:04d}" for n in range(count)], template="order", validityPeriod=VALID)


def left(world: World, remaining: int | None) -> None:
    OfficialAccount.objects.filter(pk=world.oa.pk).update(daily_quota=500, remaining_quota=remaining, quota_at=Now())


def take(limit: int = 100) -> int:
    found = claim(Lane.objects.get().pk, limit, live.LEASE)
    return len(found.messages) if found else 0


def told(world: World, remaining: int, daily: int = 500) -> tuple[int, Outcome]:
    quota = Quota(daily=daily, remaining=remaining)
    return world.oa.pk, Outcome(leg_id=uuid4().hex, verdict=Verdict.ACCEPTED, quota=quota)


def mirrored(world: World) -> int | None:
    return OfficialAccount.objects.get(pk=world.oa.pk).remaining_quota


def test_what_is_in_flight_counts_against_what_the_provider_allows(world: World):
    send(world, 40)
    left(world, 25)
    assert [take(12), take(12), take(12)] == [12, 8, 0]


def test_many_workers_never_take_more_than_the_provider_allows(world: World):
    send(world, 300)
    left(world, 105)

    def work() -> None:
        try:
            while take(7):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Due.objects.filter(phase=Phase.SENDING).count() == 100


def test_at_the_reserve_the_lane_is_held_until_midnight_in_viet_nam_and_people_are_told(world: World):
    send(world, 3)
    left(world, 5)
    assert take() == 0
    hold = LaneHold.objects.get()
    assert hold.reason == "PROVIDER_QUOTA"
    assert hold.until is not None
    assert (hold.until + timedelta(hours=7)).strftime("%H:%M") == "00:00"
    assert Alert.objects.get().kind == Alert.Kind.PROVIDER_QUOTA
    with moved(timedelta(days=1)):
        assert take() == 3


@pytest.mark.parametrize("remaining", [None, 100_000])
def test_an_unknown_or_large_remainder_binds_nothing(world: World, remaining: int | None):
    send(world, 3)
    left(world, remaining)
    assert take() == 3


def test_of_answers_that_overtake_each_other_the_lowest_counts(world: World):
    left(world, 400)
    mirror_quotas([told(world, 399), told(world, 397), told(world, 398)])
    assert mirrored(world) == 397
    mirror_quotas([told(world, 398)])
    assert mirrored(world) == 397


def test_a_new_daily_quota_or_a_new_day_begins_anew(world: World):
    left(world, 3)
    mirror_quotas([told(world, 900, daily=1000)])
    assert mirrored(world) == 900
    with moved(timedelta(days=1)):
        mirror_quotas([told(world, 999, daily=1000)])
    assert mirrored(world) == 999


def test_a_quota_that_the_provider_raised_lets_the_lane_go_on_at_once(world: World):
    send(world, 3)
    left(world, 5)
    assert take() == 0
    assert reread_provider_quotas() == 1  # the sandbox allows plenty
    assert Alert.objects.get().ended_at is not None
    assert take() == 3


def test_answers_of_real_sends_are_mirrored(world: World, dispatchers):
    (message_id,) = world.send(template="order")
    assert eventually(lambda: world.state(message_id) in (State.SENT, State.DELIVERED), 10)
    assert mirrored(world) is not None
