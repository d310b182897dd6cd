"""Reports that were lost are asked for from the provider's records."""

from datetime import timedelta

import pytest

from messaging.models import Leg
from messaging.receipts.missing import ask_for_missing
from messaging.states import State
from tests.messaging.carriers import add_infobip, add_nxcloud, route
from tests.messaging.world import World
from tests.providers.sandbox.running import eventually


@pytest.mark.parametrize("kind", ["nxcloud_sms", "infobip", "infobip_sms"])
def test_a_lost_report_is_found_in_the_records(world: World, settings, dispatchers, kind):
    settings.PUBLIC_URL = "http://127.0.0.1:9"
    channels = add_nxcloud(world) if kind.startswith("nxcloud") else add_infobip(world)
    route(world, channels[kind])
    (message_id,) = world.send(template="order")
    assert eventually(lambda: Leg.objects.filter(message_id=message_id, state=State.SENT).exists())
    assert eventually(lambda: ask_for_missing(timedelta(0)) == 1)
    assert world.ends(message_id) == [State.DELIVERED]


def test_a_leg_that_has_not_waited_long_is_not_asked_about(world: World, settings, dispatchers):
    settings.PUBLIC_URL = "http://127.0.0.1:9"
    route(world, add_nxcloud(world)["nxcloud_sms"])
    (message_id,) = world.send(template="order")
    assert eventually(lambda: Leg.objects.filter(message_id=message_id, state=State.SENT).exists())
    assert ask_for_missing() == 0
