"""Equal channels share by weight; a failing one gets less, and its share again when it works."""

import random
from collections import Counter

import pytest

from messaging import routing
from messaging.dispatch import bell, mappings
from messaging.health import counting, weights
from messaging.health.counting import Tally
from messaging.intake import resolve
from messaging.models import Due, Lane
from tenants.models import Channel, RouteStep
from tenants.runtime import stop_channel
from tests.factories import ChannelFactory, TemplateMappingFactory
from tests.messaging.world import World

DRAWS = 20_000


@pytest.fixture
def second(world: World) -> Channel:
    """A second channel beside the first at the same position, with three times its weight."""
    channel: Channel = ChannelFactory.create(tenant=world.tenant, name="zns-2", account=world.channel.account)
    RouteStep.objects.create(route=world.tenant.routes.get(), position=1, channel=channel, weight=3)
    for template in world.tenant.templates.all():
        code = template.mappings.get(channel=world.channel).provider_template_id
        TemplateMappingFactory.create(template=template, channel=channel, provider_template_id=code)
    bell.connection().flushdb()
    for room in (routing, mappings, resolve, weights):
        room.forget()
    random.seed(20261121)
    return channel


def drawn(world: World, *channels: Channel) -> float:
    """Return which part of many draws fell to the first channel."""
    ids = {world.channel.pk, *(channel.pk for channel in channels)}
    route = world.tenant.routes.get()
    found = Counter(routing.share(route.pk, 1, ids) for _ in range(DRAWS))
    assert set(found) <= ids
    return found[world.channel.pk] / DRAWS


def near(share: float) -> object:
    """Five standard deviations of a share of DRAWS draws."""
    return pytest.approx(share, abs=5 * (share * (1 - share) / DRAWS) ** 0.5)


def test_draws_are_in_proportion_to_the_weights(world: World, second: Channel):
    assert drawn(world, second) == near(1 / 4)


@pytest.mark.parametrize(
    ("tally", "factor"), [(Tally(50, 50), 0.5), (Tally(0, 200), 0.05), (Tally(200, 0), 1.0), (Tally(0, 4), 1.0)]
)
def test_a_failing_channel_gets_less_of_its_share(world: World, second: Channel, tally: Tally, factor: float):
    counting.count(second.pk, tally)
    assert weights.factor(second.pk) == factor
    assert drawn(world, second) == near(1 / (1 + 3 * factor))


def test_the_share_comes_back_with_success(world: World, second: Channel):
    counting.count(second.pk, Tally(0, 10))
    assert weights.factor(second.pk) == 0.05
    counting.count(second.pk, Tally(990, 0))
    weights.forget()
    assert weights.factor(second.pk) == 0.99


def test_a_stopped_channel_gets_nothing_while_its_equal_runs(world: World, second: Channel):
    stop_channel(second.pk, "-120", "no permission")
    routing.forget()
    assert drawn(world, second) == 1.0


def test_intake_shares_messages_among_the_channels_of_the_first_position(world: World, second: Channel):
    world.send(*[f"8498765{n:04d}" for n in range(400)], template="order")
    lanes = dict(Lane.objects.values_list("pk", "channel_id"))
    found = Counter(lanes[lane] for lane in Due.objects.values_list("lane_id", flat=True))
    assert set(found) == {world.channel.pk, second.pk}
    assert found.total() == 400
    assert 65 <= found[world.channel.pk] <= 135


def test_a_route_may_begin_at_any_position(world: World):
    RouteStep.objects.update(position=4)
    for room in (routing, resolve):
        room.forget()
    world.send(template="order")
    assert Due.objects.get().step == 4
