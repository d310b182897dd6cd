"""The settler writes what can be written, whatever else came in with it."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from messaging.dispatch.claiming import claim
from messaging.dispatch.decide import Rules
from messaging.dispatch.loading import Loaded
from messaging.dispatch.settling import Settler
from messaging.ids import leg_id
from messaging.models import Due
from messaging.states import Phase, State
from providers.contract import Outcome, Quota, Verdict
from tenants.runtime import channel_runtime
from tests.messaging.world import World

RULES = Rules(deadline=timedelta(seconds=15), unknown_wait=timedelta(seconds=20))
NUL = "b\0ad"
UNLIKELY = [Quota(daily=500, remaining=-1), Quota(daily=2**40, remaining=1)]


def settled(world: World, outcomes: Sequence[dict[str, Any]]) -> list[State]:
    """Send a message for each outcome, settle all in one batch, and return their states."""
    ids = world.send(*[f"8498765432{n}" for n in range(len(outcomes))])
    taken = claim(Due.objects.filter(message_id=ids[0]).values_list("lane_id", flat=True).get(), 10, settings.LEASE)
    assert taken is not None
    told = dict(zip(ids, outcomes, strict=True))
    runtime = channel_runtime(taken.channel_id, False)

    def work_and_close(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connection.close()

    async def run() -> None:
        settler = Settler(lambda work: asyncio.to_thread(work_and_close, work), lambda: None)
        for one in taken.messages:
            outcome = Outcome(leg_id=leg_id(one.message_id, 1), verdict=Verdict.ACCEPTED, **told[one.message_id])
            settler.add(Loaded(one, RULES, None), outcome, runtime)
        settler.close()
        await asyncio.wait_for(settler.run(), 10)
        assert settler.backlog == 0

    asyncio.run(run())
    assert len(taken.messages) == len(outcomes)
    return [world.state(message_id) for message_id in ids]


def test_an_outcome_that_cannot_be_written_keeps_no_other_from_being_written(world: World):
    ids = [{"provider_message_id": name} for name in ("m0", "m1", NUL, "m3", "m4")]
    queued, sent = State.QUEUED, State.SENT
    assert settled(world, ids) == [sent, sent, queued, sent, sent]
    assert Due.objects.get(phase=Phase.SENDING).leg == 1


@pytest.mark.parametrize("quota", UNLIKELY, ids=["negative", "too large"])
def test_a_quota_that_cannot_be_is_passed_over_and_its_message_is_settled(world: World, quota: Quota):
    assert settled(world, [{"provider_message_id": "m0", "quota": quota}]) == [State.SENT]
    world.oa.refresh_from_db()
    assert (world.oa.daily_quota, world.oa.remaining_quota) == (None, None)
