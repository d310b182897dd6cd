"""A quota that is changed holds at once, for what waits too."""

import pytest
from django.conf import settings

from messaging.dispatch.claiming import claim
from messaging.models import Due, Lane, Template
from messaging.quotas.setting import clear_quotas, set_quota
from messaging.quotas.standing import standings
from messaging.states import Phase
from tests.messaging.world import World

VALID = {"amount": 40, "timeUnit": "HOURS"}


def send(world: World, count: int) -> None:
    world.send(*[f"8498765{n:04d}" for n in range(count)], template="order", validityPeriod=VALID)


def take() -> int:
    found = claim(Lane.objects.get().pk, 100, settings.LEASE)
    return len(found.messages) if found else 0


@pytest.mark.parametrize("limit", [3, None])
def test_a_held_lane_goes_on_as_soon_as_its_quota_is_raised_or_cleared(world: World, limit: int | None):
    send(world, 5)
    set_quota(world.tenant, 2)
    assert [take(), take()] == [2, 0]
    if limit is None:
        clear_quotas(world.tenant)
    else:
        set_quota(world.tenant, limit)
    assert take() == (limit or 5) - 2


def test_messages_that_a_template_quota_put_off_go_on_when_it_is_raised(world: World):
    template = Template.objects.get(code="order")
    send(world, 5)
    set_quota(world.tenant, 2, template=template)
    assert [take(), take()] == [2, 0]
    set_quota(world.tenant, 4, template=template)
    assert [take(), take()] == [2, 0]
    assert Due.objects.filter(phase=Phase.SENDING).count() == 4


def test_standings_tell_what_is_used_and_of_what(world: World):
    send(world, 3)
    set_quota(world.tenant, 10)
    set_quota(world.tenant, 6, period="month", channel=world.channel, on_limit="divert")
    set_quota(world.tenant, 4, template=Template.objects.get(code="order"))
    take()
    found = [(s.scope, s.name, s.period, s.limit, s.on_limit, s.used, s.percent) for s in standings(world.tenant)]
    assert found == [
        ("tenant", "", "day", 10, "hold", 3, 30),
        ("channel", "zns", "month", 6, "divert", 3, 50),
        ("template", "order", "day", 4, "hold", 3, 75),
    ]
