"""Paces and limits of calls at once: exact over any number of workers, fair on a lent account, steady over jumps of the
clock."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import msgspec
import pytest
from django.conf import settings
from django.db import connection

from messaging.dispatch.claiming import Claim, claim
from messaging.dispatch.claiming.meters import AHEAD
from messaging.dispatch.decide import Rules
from messaging.dispatch.settle import Result, settle
from messaging.ids import leg_id
from messaging.intake.accept import accept
from messaging.models import Due, Lane, PaceClock
from messaging.states import MessageClass, Phase
from providers.contract import Outcome, Verdict
from tenants.models import Account, Channel, RateUnit
from tests.factories import AccountFactory, sending_tenant
from tests.messaging.clock import moved
from tests.messaging.world import World

RULES = Rules(deadline=timedelta(seconds=15), unknown_wait=timedelta(seconds=20))
VALID = {"amount": 40, "timeUnit": "HOURS"}
HOUR = timedelta(hours=1)


def send(world: World, count: int, **options: object) -> None:
    world.send(*[f"8498765{n:04d}" for n in range(count)], template="order", validityPeriod=VALID, **options)


def take(limit: int = 1000) -> list[datetime]:
    """Claim from the only lane and return when each of the messages taken is released."""
    found = claim(Lane.objects.get().pk, limit, settings.LEASE)
    return releases(found)


def releases(found: Claim | None) -> list[datetime]:
    return [one.release_at or found.at for one in found.messages] if found else []


def in_flight() -> int:
    return Due.objects.filter(phase=Phase.SENDING).count()


def at_once(works: Sequence[Callable[[], object]]) -> None:
    """Do all of this at the same time."""

    def guarded(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


@pytest.mark.parametrize("scope", ["bulk", "channel", "account"])
def test_many_workers_share_one_pace(world: World, scope: str):
    if scope == "channel":
        Channel.objects.update(rate_amount=6000, rate_unit=RateUnit.MINUTE)
    if scope == "account":
        Account.objects.update(rate_amount=6000, rate_unit=RateUnit.MINUTE)
    send(world, 400, **({"sendingSpeedLimit": {"amount": 6000}} if scope == "bulk" else {}))
    found: list[datetime] = []

    def work() -> None:
        for _ in range(12):
            found.extend(take(7))

    at_once([work] * 5)
    assert len(found) > 100
    assert all(later - earlier >= timedelta(milliseconds=10) for earlier, later in pairwise(sorted(found)))


def test_no_slot_is_given_far_ahead(world: World):
    send(world, 50, sendingSpeedLimit={"amount": 600})
    found = take()
    assert 11 <= len(found) <= 13
    assert found[-1] - found[0] < AHEAD
    assert len(take()) <= 1


def test_limits_of_calls_at_once_hold_over_many_workers(world: World):
    Channel.objects.update(max_in_flight=30)
    Account.objects.update(max_in_flight=23)
    send(world, 200)
    at_once([lambda: [take(5) for _ in range(10)]] * 6)
    assert in_flight() == 23


def test_a_place_is_free_again_once_its_call_is_over(world: World):
    Channel.objects.update(max_in_flight=3)
    send(world, 10)
    found = claim(Lane.objects.get().pk, 10, settings.LEASE)
    assert found is not None
    assert (len(found.messages), take()) == (3, [])
    outcomes = [Outcome(leg_id=leg_id(one.message_id, 1), verdict=Verdict.ACCEPTED) for one in found.messages]
    settle([Result(one, found.channel_id, o, RULES) for one, o in zip(found.messages[:2], outcomes, strict=False)])
    assert len(take()) == 2


def test_a_message_that_never_left_takes_a_slot_of_its_bulk_again(world: World):
    send(world, 3, sendingSpeedLimit={"amount": 1, "timeUnit": "HOUR"})
    found = claim(Lane.objects.get().pk, 10, settings.LEASE)
    assert found is not None
    (one,) = found.messages
    outcome = Outcome(leg_id=leg_id(one.message_id, 1), verdict=Verdict.NOT_SENT)
    settle([Result(one, found.channel_id, outcome, RULES)])
    with moved(timedelta(minutes=59)):
        assert take() == []


def test_a_retry_takes_no_slot_of_its_bulk(world: World):
    send(world, 1, sendingSpeedLimit={"amount": 1, "timeUnit": "HOUR"})
    assert len(take()) == 1
    Due.objects.update(phase=Phase.READY, due_at="2026-01-01T00:00:00Z")
    assert len(take()) == 1


def borrowers(account: Account, *slugs: str) -> list[Lane]:
    """Return the lanes of tenants that send over one lent account; each has 400 messages waiting."""
    body = {"messages": [{"to": "0987654321", "templateId": "bill", "templateData": {"customer": "An"}}] * 400}
    for slug in slugs:
        tenant = sending_tenant(slug, message_class=MessageClass.TRANSACTIONAL)
        account.lent_to.add(tenant)
        Channel.objects.filter(tenant=tenant).update(account=account)
        accept(tenant.pk, msgspec.json.encode(body), test=False)
    return list(Lane.objects.order_by("id"))


@pytest.mark.django_db(transaction=True)
def test_two_tenants_on_a_lent_account_get_equal_shares_of_its_pace():
    account = AccountFactory.create(tenant=None, rate_amount=6000, rate_unit=RateUnit.MINUTE)
    found: dict[int, list[datetime]] = {}

    def work(lane: Lane) -> None:
        mine = found.setdefault(lane.tenant_id, [])
        for _ in range(20):
            mine += releases(claim(lane.pk, 100, settings.LEASE))
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.05)")

    at_once([partial(work, lane) for lane in borrowers(account, "bakery", "pharmacy")])
    one, other = (len(slots) for slots in found.values())
    assert abs(one - other) <= 0.1 * (one + other)
    both = sorted(slot for slots in found.values() for slot in slots)
    assert all(later - earlier >= timedelta(milliseconds=10) for earlier, later in pairwise(both))
    assert len(both) >= 0.98 * (both[-1] - both[0]) / timedelta(milliseconds=10)


@pytest.mark.django_db(transaction=True)
def test_two_tenants_on_a_lent_account_get_equal_shares_of_its_calls_at_once():
    account = AccountFactory.create(tenant=None, max_in_flight=30)
    lanes = borrowers(account, "bakery", "pharmacy")
    at_once([partial(claim, lane.pk, 4, settings.LEASE) for lane in lanes for _ in range(6)])
    counts = Counter(Due.objects.filter(phase=Phase.SENDING).values_list("lane_id", flat=True))
    assert counts == {lane.pk: 15 for lane in lanes}


@pytest.mark.django_db(transaction=True)
def test_a_tenant_alone_on_a_lent_account_has_all_of_it():
    account = AccountFactory.create(tenant=None, max_in_flight=30)
    (lane,) = borrowers(account, "bakery")
    found = claim(lane.pk, 100, settings.LEASE)
    assert found is not None
    assert len(found.messages) == 30


@pytest.mark.parametrize("by", [-HOUR, HOUR], ids=["back", "forward"])
def test_a_jump_of_the_clock_neither_stops_a_pace_nor_lets_it_burst(world: World, by: timedelta):
    send(world, 50, sendingSpeedLimit={"amount": 60})
    Due.objects.update(due_at="2026-01-01T00:00:00Z")
    before = take()
    with moved(by):
        after = take()
        for _ in range(20):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.1)")
            after += take()
        assert 2 <= len(after) <= 5
        assert all(later - earlier >= timedelta(seconds=1) for earlier, later in pairwise(after))
        if by < timedelta(0):
            assert after[0] - by - before[-1] >= timedelta(seconds=1)


def test_a_lane_held_before_the_clock_went_back_is_looked_at_again(world: World):
    send(world, 1, haltOn={"failures": 1})
    lane = Lane.objects.get()
    with moved(HOUR):
        Lane.objects.update(next_at="2026-01-01T00:00:00Z")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE lane SET next_at = gateway_now() + interval '60 s'")
        assert claim(lane.pk, 1, settings.LEASE) is None
    found = claim(lane.pk, 1, settings.LEASE)
    assert found is not None
    assert len(found.messages) == 1


def test_a_pace_made_faster_does_not_wait_for_the_old_one(world: World):
    Channel.objects.update(rate_amount=1, rate_unit=RateUnit.DAY)
    send(world, 10)
    assert len(take()) == 1
    Channel.objects.update(rate_amount=6000, rate_unit=RateUnit.MINUTE)
    take()
    assert (PaceClock.objects.get(scope="channel").next_slot - take_clock()).total_seconds() < 2


def take_clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT gateway_now()")
        found: datetime = cursor.fetchone()[0]
    return found
