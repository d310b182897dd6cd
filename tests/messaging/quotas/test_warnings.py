"""Warnings at 80 and 100 percent, once each a period."""

from datetime import timedelta

import pytest
from django.conf import settings

from messaging.dispatch.claiming import claim
from messaging.models import Lane
from messaging.quotas.setting import clear_quotas, set_quota
from messaging.quotas.warnings import end_what_is_over, level
from tenants.models import Alert
from tests.messaging.clock import moved
from tests.messaging.world import World

VALID = {"amount": 40, "timeUnit": "HOURS"}


def send(world: World, count: int) -> None:
    world.send(*[f"8498765{n:04d}" for n in range(count)], template="order", validityPeriod=VALID)


def take(limit: int) -> None:
    claim(Lane.objects.get().pk, limit, settings.LEASE)


def warned() -> list[tuple[int, str, bool]]:
    rows = Alert.objects.order_by("pk")
    return [(alert.detail["percent"], alert.level, alert.ended_at is None) for alert in rows]


@pytest.mark.parametrize(("used", "expected"), [(0, 0), (79, 0), (80, 80), (99, 80), (100, 100), (120, 100)])
def test_the_level_of_a_warning(used: int, expected: int):
    assert level(100, used) == expected


def test_eighty_and_a_hundred_percent_are_warned_of_once_each(world: World):
    send(world, 20)
    set_quota(world.tenant, 10)
    take(7)
    assert warned() == []
    take(1)
    assert warned() == [(80, "warning", True)]
    take(1)
    take(5)
    take(5)
    assert warned() == [(80, "warning", True), (100, "error", True)]
    newest = Alert.objects.first()
    assert newest is not None
    assert newest.detail["used"] == 10


def test_one_claim_that_takes_everything_warns_of_the_end_only(world: World):
    send(world, 20)
    set_quota(world.tenant, 10)
    take(100)
    assert warned() == [(100, "error", True)]


def test_a_raised_limit_takes_its_warnings_back_and_warns_anew(world: World):
    send(world, 30)
    set_quota(world.tenant, 10)
    take(100)
    set_quota(world.tenant, 20)
    assert warned() == [(100, "error", False)]
    take(100)
    assert warned() == [(100, "error", False), (100, "error", True)]


def test_a_cleared_quota_leaves_no_open_warning(world: World):
    send(world, 20)
    set_quota(world.tenant, 10)
    take(100)
    clear_quotas(world.tenant)
    assert warned() == [(100, "error", False)]


def test_warnings_end_with_their_period(world: World):
    send(world, 20)
    set_quota(world.tenant, 10)
    take(100)
    assert end_what_is_over() == 0
    with moved(timedelta(days=1)):
        assert end_what_is_over() == 1
