"""Quotas: exactly the limit leaves, whatever the number of workers; what was refused is given back."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from messaging.dispatch.claiming import Claim, claim
from messaging.dispatch.decide import Rules
from messaging.dispatch.settle import Result, settle
from messaging.ids import leg_id
from messaging.models import Due, Lane, LaneHold, Message, Template
from messaging.states import MessageClass, Phase, State
from providers.contract import ErrorClass, ErrorRow, Outcome, Verdict
from tenants.models import Quota, QuotaUsage
from tests.messaging.clock import moved
from tests.messaging.world import World

RULES = Rules(deadline=timedelta(seconds=15), unknown_wait=timedelta(seconds=20))
VALID = {"amount": 40, "timeUnit": "HOURS"}


def send(world: World, count: int) -> None:
    world.send(*[f"8498765{n:04d}" for n in range(count)], template="order", validityPeriod=VALID)


def quota(world: World, limit: int, **more: object) -> Quota:
    return Quota.objects.create(tenant=world.tenant, limit=limit, **more)


def take(limit: int = 100) -> Claim | None:
    return claim(Lane.objects.order_by("id")[0].pk, limit, settings.LEASE)


def in_flight() -> int:
    return Due.objects.filter(phase=Phase.SENDING).count()


def test_many_workers_take_exactly_the_limit(world: World):
    send(world, 400)
    quota(world, 137)

    def work() -> None:
        try:
            while (found := take(9)) is not None and found.messages:
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (in_flight(), QuotaUsage.objects.get().used) == (137, 137)


def test_at_the_limit_the_lane_is_held_until_the_day_ends_in_the_tenants_zone(world: World):
    send(world, 5)
    quota(world, 2)
    take()
    take()
    hold = LaneHold.objects.get()
    assert hold.reason == "QUOTA_EXCEEDED"
    assert hold.until is not None
    assert hold.detail["limit"] == 2
    assert Lane.objects.get().hold_reason == "QUOTA_EXCEEDED"
    with moved(timedelta(days=1)):
        found = take()
        assert found is not None
        assert len(found.messages) == 2


def test_a_quota_that_rejects_ends_what_is_over_it(world: World):
    send(world, 5)
    quota(world, 2, on_limit=Quota.OnLimit.REJECT)
    take()
    found = take()
    assert found is not None
    assert found.moved == 3
    ended = Message.objects.filter(state=State.REJECTED)
    assert {message.reason for message in ended} == {"QUOTA_EXCEEDED"}
    assert (ended.count(), Due.objects.count()) == (3, 2)


@pytest.mark.parametrize(
    ("verdict", "used"), [(Verdict.ACCEPTED, 2), (Verdict.REFUSED, 0), (Verdict.NOT_SENT, 0), (Verdict.UNKNOWN, 2)]
)
def test_what_was_refused_or_never_left_is_given_back(world: World, verdict: Verdict, used: int):
    send(world, 2)
    quota(world, 10)
    found = take()
    assert found is not None
    row = ErrorRow(code="-118", meaning="m", error_class=ErrorClass.RECIPIENT) if verdict is Verdict.REFUSED else None
    settle(
        [
            Result(one, found.channel_id, Outcome(leg_id=leg_id(one.message_id, 1), verdict=verdict, error=row), RULES)
            for one in found.messages
        ]
    )
    assert QuotaUsage.objects.get().used == used


def test_what_left_before_a_quota_was_set_is_not_given_back_to_it(world: World):
    send(world, 4)
    quota(world, 10, channel=world.channel)
    found = take(2)
    assert found is not None
    whole = quota(world, 3)
    take(2)
    row = ErrorRow(code="-118", meaning="m", error_class=ErrorClass.RECIPIENT)
    settle(
        [
            Result(
                one,
                found.channel_id,
                Outcome(leg_id=leg_id(one.message_id, 1), verdict=Verdict.REFUSED, error=row),
                RULES,
            )
            for one in found.messages
        ]
    )
    assert QuotaUsage.objects.get(quota=whole).used == 2


def test_a_template_quota_holds_only_its_template(world: World):
    send(world, 4)
    world.send(template="order", validityPeriod=VALID)
    template = Template.objects.get(code="order")
    quota(world, 3, template_id=template.pk)
    found = take()
    assert found is not None
    assert len(found.messages) == 3
    waiting = Due.objects.filter(phase=Phase.READY)
    assert waiting.count() == 2
    assert Message.objects.filter(events=1, state=State.QUEUED).count() == 2


def test_messages_of_a_test_key_use_no_quota(world: World):
    send(world, 2)
    Lane.objects.update(test=True)
    quota(world, 1)
    found = take()
    assert found is not None
    assert len(found.messages) == 2
    assert not QuotaUsage.objects.exists()


def test_otp_and_orders_share_the_tenants_quota(world: World):
    send(world, 3)
    world.send()
    quota(world, 2)
    take()
    otp = Lane.objects.get(message_class=MessageClass.OTP)
    found = claim(otp.pk, 10, settings.LEASE)
    assert found is not None
    assert found.messages == []
