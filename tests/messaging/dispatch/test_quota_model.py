"""Quotas against a simple model: days that pass, claims of any size, refusals that give back."""

from datetime import timedelta

import pytest
from django.conf import settings as configured
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.dispatch.claiming import Claim, claim
from messaging.dispatch.decide import Rules
from messaging.dispatch.settle import Result, settle
from messaging.ids import leg_id
from messaging.models import Bulk, Due, Lane, Message
from providers.contract import ErrorClass, ErrorRow, Outcome, Verdict
from tenants.models import Quota, QuotaUsage
from tests.messaging.clock import moved
from tests.messaging.world import World

RULES = Rules(deadline=timedelta(seconds=15), unknown_wait=timedelta(seconds=20))
REFUSED = ErrorRow(code="-119", meaning="m", error_class=ErrorClass.RECIPIENT)
MESSAGES = 30
steps = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.integers(1, 12)),
        st.tuples(st.just("accept"), st.just(0)),
        st.tuples(st.just("refuse"), st.just(0)),
        st.tuples(st.just("midnight"), st.just(0)),
    ),
    max_size=12,
)


class Model:
    """What should have been counted: by day, and how many wait or are in flight."""

    def __init__(self, limit: int) -> None:
        self.limit, self.day, self.waiting = limit, 0, MESSAGES
        self.used: dict[int, int] = {}
        self.flying: list[int] = []

    def claim(self, count: int) -> int:
        taken = min(count, self.waiting, self.limit - self.used.get(self.day, 0))
        self.used[self.day] = self.used.get(self.day, 0) + taken
        self.waiting -= taken
        self.flying += [self.day] * taken
        return taken

    def refuse(self) -> None:
        for day in self.flying:
            self.used[day] -= 1
        self.flying = []


def outcomes(taken: list[Claim], verdict: Verdict) -> list[Result]:
    error = REFUSED if verdict is Verdict.REFUSED else None
    return [
        Result(one, found.channel_id, Outcome(leg_id=leg_id(one.message_id, 1), verdict=verdict, error=error), RULES)
        for found in taken
        for one in found.messages
    ]


def fresh(world: World) -> int:
    """Return a lane of waiting messages, with nothing left of earlier examples."""
    for model in (Due, Message, Bulk, Quota):
        model.objects.all().delete()
    numbers = [f"8498765{n:04d}" for n in range(MESSAGES)]
    world.send(*numbers, template="order", validityPeriod={"amount": 48, "timeUnit": "HOURS"})
    Due.objects.update(expires_at=Due.objects.all()[0].expires_at + timedelta(days=30))
    Lane.objects.update(next_at="2000-01-01T00:00:00Z", hold_reason="")
    return Lane.objects.get().pk


def look(lane: int, count: int) -> Claim | None:
    Lane.objects.update(next_at="2000-01-01T00:00:00Z")
    return claim(lane, count, configured.LEASE)


@pytest.mark.django_db(transaction=True)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 20), taken_steps=steps)
def test_any_course_of_days_claims_and_refusals_counts_as_the_model_does(world: World, limit: int, taken_steps):
    lane, model, flying = fresh(world), Model(limit), list[Claim]()
    Quota.objects.create(tenant=world.tenant, limit=limit)
    for step, count in taken_steps:
        with moved(timedelta(days=model.day)):
            if step == "claim":
                found = look(lane, count)
                assert (len(found.messages) if found else 0) == model.claim(count)
                flying += [found] if found else []
            elif step == "midnight":
                model.day += 1
            elif flying:
                settle(outcomes(flying, Verdict.ACCEPTED if step == "accept" else Verdict.REFUSED))
                if step == "refuse":
                    model.refuse()
                model.flying, flying = [], []
    used = sorted(QuotaUsage.objects.filter(used__gt=0).values_list("used", flat=True))
    assert used == sorted(count for count in model.used.values() if count)
