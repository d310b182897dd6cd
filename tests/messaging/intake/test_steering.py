"""A bulk's own window, speed and halt: what is stored, and what is refused with the computed times."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from messaging.intake.accept import accept
from messaging.intake.errors import Refused
from messaging.models import Bulk, BulkCount, Due, Lane
from messaging.states import State
from tenants.clock import now
from tenants.models import Channel, Tenant
from tests.messaging.clock import at
from tests.messaging.intake.conftest import message

NOON = "2026-11-25 12:00:00+00"  # a Wednesday
MORNING = {"from": {"hour": 8, "minute": 30}, "to": {"hour": 10}}


@pytest.fixture(autouse=True)
def at_noon(tenant: Tenant):
    with at(NOON):
        yield


def send(tenant: Tenant, count: int = 1, **options: Any) -> Bulk:
    body = {"messages": [message()] * count, "options": options}
    return Bulk.objects.get(id=accept(tenant.pk, msgspec.json.encode(body), test=False).bulk_id)


def refusals(tenant: Tenant, count: int = 1, **options: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(Refused) as refused:
        send(tenant, count, **options)
    assert not Due.objects.exists()
    return [(error.field, error.code, error.message) for error in refused.value.errors]


def test_window_speed_and_halt_are_stored_as_they_came(tenant):
    bulk = send(
        tenant,
        deliveryTimeWindow={"days": ["SUNDAY", "THURSDAY", "THURSDAY"], **MORNING},
        sendingSpeedLimit={"amount": 90, "timeUnit": "HOUR"},
        haltOn={"failures": 20, "percent": 5},
    )
    assert bulk.window == {
        "days": ["THURSDAY", "SUNDAY"], "from": {"hour": 8, "minute": 30}, "to": {"hour": 10, "minute": 0}
    }  # fmt: skip
    assert (bulk.speed_amount, bulk.speed_unit) == (90, "HOUR")
    assert (bulk.halt_after_failures, bulk.halt_above_percent) == (20, 5)


@pytest.mark.parametrize(
    "options",
    [
        {"deliveryTimeWindow": MORNING},
        {"sendingSpeedLimit": {"amount": 90}},
        {"haltOn": {"failures": 1}},
    ],
)
def test_a_bulk_that_is_steered_has_its_own_lane_and_counters(tenant, options):
    bulk = send(tenant, 3, **options)
    lane = Lane.objects.get(bulk=bulk)
    assert set(Due.objects.values_list("lane_id", flat=True)) == {lane.pk}
    assert bulk.counted
    assert list(BulkCount.objects.values_list("bulk_id", "state", "count")) == [(bulk.pk, State.QUEUED, 3)]


def test_a_small_bulk_without_wishes_shares_a_lane_and_has_no_counters(tenant):
    bulk = send(tenant, 3)
    assert not bulk.counted
    assert Lane.objects.get().bulk_id is None
    assert not BulkCount.objects.exists()


@pytest.mark.parametrize(
    ("window", "field", "code"),
    [
        ({"from": {"hour": 8}, "to": {"hour": 8}}, "options.deliveryTimeWindow", "empty"),
        (
            {"from": {"hour": 23, "minute": 30}, "to": {"hour": 0, "minute": 29}},
            "options.deliveryTimeWindow",
            "too_short",
        ),
        ({"from": {"hour": 8}}, "options.deliveryTimeWindow.to", "required"),
        ({"from": {"hour": 24}, "to": {"hour": 8}}, "options.deliveryTimeWindow.from.hour", "out_of_range"),
        ({"days": ["FUNDAY"], **MORNING}, "options.deliveryTimeWindow.days", "invalid"),
        ({"days": [], **MORNING}, "options.deliveryTimeWindow.days", "too_short"),
    ],
)
def test_a_window_that_is_none_is_refused(tenant, window, field, code):
    assert [(found[0], found[1]) for found in refusals(tenant, deliveryTimeWindow=window)] == [(field, code)]


def test_an_hour_past_midnight_is_a_window(tenant):
    send(tenant, deliveryTimeWindow={"from": {"hour": 23, "minute": 30}, "to": {"hour": 0, "minute": 30}})


@pytest.mark.parametrize("speed", [{"amount": 0}, {"amount": 1, "timeUnit": "SECOND"}, {"timeUnit": "DAY"}])
def test_a_speed_that_is_none_is_refused(tenant, speed):
    assert refusals(tenant, sendingSpeedLimit=speed)[0][0].startswith("options.sendingSpeedLimit.")


def test_a_window_that_opens_too_late_is_refused_with_both_times(tenant):
    validity = {"amount": 20, "timeUnit": "HOURS"}
    (field, code, words), *rest = refusals(tenant, deliveryTimeWindow=MORNING, validityPeriod=validity)
    assert (field, code, rest) == ("options.deliveryTimeWindow", "cannot_be_met", [])
    assert "2026-11-26T08:30:00+00:00" in words
    assert "2026-11-26T08:00:0" in words


def test_a_speed_that_takes_too_long_is_refused_with_the_computed_end(tenant):
    ((field, code, words),) = refusals(tenant, 25, sendingSpeedLimit={"amount": 12, "timeUnit": "DAY"})
    assert (field, code) == ("options.sendingSpeedLimit", "cannot_be_met")
    assert "2026-11-27T12:28:4" in words


def test_the_speed_is_reckoned_inside_the_window(tenant):
    # an opening of 90 minutes has 15 slots at 10 an hour, and there are two within 48 hours
    send(tenant, 18, deliveryTimeWindow=MORNING, sendingSpeedLimit={"amount": 10, "timeUnit": "HOUR"})
    Due.objects.all().delete()
    found = refusals(tenant, 40, deliveryTimeWindow=MORNING, sendingSpeedLimit={"amount": 10, "timeUnit": "HOUR"})
    assert found[0][0] == "options.sendingSpeedLimit"
    assert "2026-11-28T" in found[0][2]


def test_quiet_hours_that_outlast_the_validity_are_refused(tenant):
    Tenant.objects.filter(pk=tenant.pk).update(quiet_from="18:00", quiet_until="23:00")  # it is 19:00 in Viet Nam
    ((field, code, words),) = refusals(tenant, validityPeriod={"amount": 2, "timeUnit": "HOURS"})
    assert (field, code) == ("options.validityPeriod", "cannot_be_met")
    assert "2026-11-25T16:00:00+00:00" in words


def test_hours_of_the_provider_bind_promotions_where_the_channel_keeps_them(tenant):
    Channel.objects.update(night_rules=True)
    wanted: dict[str, Any] = {"class": "promotional", "validityPeriod": {"amount": 2, "timeUnit": "HOURS"}}
    send(tenant, **wanted)
    Due.objects.all().delete()
    evening = (now() + timedelta(hours=4)).isoformat()  # 23:00 in Viet Nam
    ((field, _, words),) = refusals(tenant, sendAt=evening, **wanted)
    assert field == "options.validityPeriod"
    assert "2026-11-25T23:00:00+00:00" in words


def test_a_plan_is_reckoned_from_send_at(tenant):
    tomorrow = "2026-11-26T07:45:00Z"
    send(tenant, sendAt=tomorrow, deliveryTimeWindow=MORNING, validityPeriod={"amount": 1, "timeUnit": "HOURS"})
