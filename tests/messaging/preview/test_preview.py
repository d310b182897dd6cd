"""Previews say what a claim would do, by its own rules, and leave nothing behind."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from messaging import routing
from messaging.dispatch import mappings
from messaging.intake import resolve
from messaging.intake.decode import decode
from messaging.intake.errors import Findings, Refused
from messaging.models import Bulk, Lane, LaneHold, Message, PromotionCount
from messaging.policies.pace import Pace, TimeUnit
from messaging.preview.preview import Way, preview
from messaging.recipients.marks import Reach, hash_of, suppress
from messaging.states import MessageClass
from tenants import clock
from tenants.models import Account, Channel, Quota, QuotaUsage, RouteStep, Tenant
from tests import factories

PHONE = "84987654321"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Start each test without what an earlier one left in this process."""
    for room in (routing, mappings, resolve):
        room.forget()


@pytest.fixture
def tenant(db) -> Tenant:
    tenant = factories.sending_tenant("bakery", price="300", message_class=MessageClass.TRANSACTIONAL)
    tenant.channels.update(night_rules=False)
    return tenant


@pytest.fixture
def first(tenant: Tenant) -> Channel:
    return tenant.channels.get(name="zns")


@pytest.fixture
def second(tenant: Tenant, first: Channel) -> Channel:
    """A second channel behind the first, over another account."""
    channel: Channel = factories.ChannelFactory.create(tenant=tenant, name="zns-2", night_rules=False)
    RouteStep.objects.create(route=tenant.routes.get(), position=2, channel=channel)
    factories.TemplateMappingFactory.create(template=tenant.templates.get(), channel=channel)
    return channel


def look(tenant: Tenant, *to: str, **options: Any) -> list[Way]:
    messages = [
        {"to": phone, "templateId": "bill", "templateData": {"customer": "An"}} for phone in to or ("0987654321",)
    ]
    findings = Findings()
    request = decode(json.dumps({"messages": messages, "options": options}).encode(), findings)
    return preview(tenant.pk, request, test=False, findings=findings)


def fates(way: Way) -> list[tuple[str, str, str]]:
    return [(step.channel, step.fate, step.reason) for step in way.steps]


def stop(channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(state=Channel.State.STOPPED)


def test_a_message_that_nothing_stops_sends_now_at_its_price(tenant):
    (way,) = look(tenant)
    assert (way.to, way.fate, way.channel, way.cost) == (PHONE, "sends", "zns", Decimal(300))
    assert (way.message_class, way.class_from, way.route) == (MessageClass.TRANSACTIONAL, "template", "default")
    assert way.at is not None
    assert way.expires_at - way.at > timedelta(hours=47)


def test_nothing_is_stored(tenant, second):
    look(tenant, "0987654321", "0987000001")
    for model in (Message, Bulk, Lane, LaneHold, QuotaUsage, PromotionCount):
        assert not model.objects.exists()


def test_the_steps_behind_stand_by(tenant, second):
    (way,) = look(tenant)
    assert fates(way) == [("zns", "sends", ""), ("zns-2", "standby", "")]
    assert "recipient" in way.steps[0].after


def test_a_stopped_channel_is_passed_over_and_waited_for_where_it_is_the_last(tenant, first, second):
    stop(first)
    (way,) = look(tenant)
    assert fates(way) == [("zns", "goesOn", "CHANNEL_STOPPED"), ("zns-2", "sends", "")]
    stop(second)
    routing.forget()
    (way,) = look(tenant)
    assert (way.fate, way.reason) == ("waits", "CHANNEL_STOPPED")


def test_a_step_that_waits_for_its_channel_keeps_the_message(tenant, first, second):
    RouteStep.objects.filter(channel=first).update(when_stopped=RouteStep.Choice.WAIT)
    stop(first)
    (way,) = look(tenant)
    assert (way.fate, way.channel) == ("waits", "zns")


def test_who_opted_out_is_rejected_by_every_channel(tenant, second):
    suppress(tenant.pk, [PHONE])
    suppressed, free = look(tenant, PHONE, "84987000001")
    assert (suppressed.fate, suppressed.reason, suppressed.cost) == ("rejected", "SUPPRESSED", None)
    assert free.fate == "sends"


def test_a_refusal_remembered_for_one_account_goes_on(tenant, first, second):
    suppress(tenant.pk, [PHONE], Reach(account_id=first.account_id))
    (way,) = look(tenant)
    assert fates(way) == [("zns", "goesOn", "SUPPRESSED"), ("zns-2", "sends", "")]


@pytest.mark.parametrize(
    ("on_limit", "fate", "channel"),
    [("reject", "rejected", "zns"), ("hold", "waits", "zns"), ("divert", "sends", "zns-2")],
)
def test_a_quota_does_what_it_says(tenant, first, second, on_limit, fate, channel):
    Quota.objects.create(tenant=tenant, channel=first, limit=1, on_limit=on_limit)
    within, over = look(tenant, "84987000001", "84987000002")
    assert (within.fate, within.channel) == ("sends", "zns")
    assert (over.fate, over.channel) == (fate, channel)
    assert over.steps[0].reason == "QUOTA_EXCEEDED"
    assert over.steps[0].detail["limit"] == 1


def test_a_promotion_over_its_cap_waits_for_the_next_day(tenant, first):
    tenant.templates.update(message_class=MessageClass.PROMOTIONAL)
    PromotionCount.objects.create(
        tenant_id=tenant.pk, account_id=first.account_id, recipient_hash=hash_of(tenant.pk, PHONE),
        day=(clock.now() + timedelta(hours=7)).date(), count=1,
    )  # fmt: skip
    (way,) = look(tenant)
    assert (way.fate, way.reason) == ("waits", "PROMOTION_CAP")
    assert way.at is not None
    assert timedelta(0) < way.at - clock.now() <= timedelta(days=1)


def test_quiet_hours_are_waited_for_until_their_end(tenant):
    at = clock.now()
    tenant.time_zone = "UTC"
    tenant.quiet_from, tenant.quiet_until = (at - timedelta(hours=1)).time(), (at + timedelta(hours=1)).time()
    tenant.save()
    (way,) = look(tenant)
    assert (way.fate, way.reason) == ("waits", "QUIET_HOURS")
    assert way.at is not None
    assert abs(way.at - at - timedelta(hours=1)) < timedelta(seconds=1)


def test_a_pace_puts_one_behind_the_other(tenant):
    ways = look(tenant, "84987000001", "84987000002", sendingSpeedLimit={"amount": 1, "timeUnit": "MINUTE"})
    assert [way.fate for way in ways] == ["sends", "sends"]
    assert ways[0].at is not None
    assert ways[1].at is not None
    assert ways[1].at - ways[0].at == Pace(1, TimeUnit.MINUTE).interval


def test_what_would_come_too_late_expires(tenant):
    Account.objects.update(rate_amount=1, rate_unit="DAY")
    ways = look(tenant, *[f"8498700000{n}" for n in range(4)])
    assert [way.fate for way in ways] == ["sends", "sends", "expires", "expires"]
    assert ways[2].cost is None


def test_what_is_wrong_is_named_as_at_intake(tenant):
    with pytest.raises(Refused) as refused:
        look(tenant, "12")
    assert [(error.field, error.code) for error in refused.value.errors] == [("messages[0].to", "invalid")]


def test_more_than_a_hundred_messages_are_refused(tenant):
    with pytest.raises(Refused) as refused:
        look(tenant, *[f"849870{n:05}" for n in range(101)])
    assert [error.code for error in refused.value.errors] == ["out_of_range"]


@pytest.fixture
def sms(tenant: Tenant) -> Channel:
    """An SMS channel that no route names."""
    held = factories.provider_account(tenant, "nxcloud", access_key="k", access_secret="s", appkey="a")
    channel: Channel = factories.ChannelFactory.create(
        tenant=tenant, name="sms", kind="nxcloud_sms", account=held.account
    )
    return channel


def test_the_step_that_an_sms_failover_adds_is_counted(tenant, sms):
    (way,) = look(tenant, smsFailover={"text": "Chào {{customer}}, " + "đơn hàng " * 9})
    assert fates(way) == [("zns", "sends", ""), ("sms", "standby", "")]
    assert way.steps[0].sms is None
    added = way.steps[1]
    assert added.sms is not None
    assert (added.sms.parts.encoding, added.sms.parts.count, added.sms.bare_parts) == ("UCS-2", 2, 1)
    assert (added.position, added.price) == (2, None)
    (without,) = look(tenant)
    assert fates(without) == [("zns", "sends", "")]


def test_a_stopped_channel_is_passed_over_for_the_sms_that_follows(tenant, first, sms):
    stop(first)
    (way,) = look(tenant, smsFailover={"text": "Hi"})
    assert fates(way) == [("zns", "goesOn", "CHANNEL_STOPPED"), ("sms", "sends", "")]
    assert way.cost is None


def test_an_sms_step_says_the_words_of_its_step_without_marks_where_it_says_so(tenant, sms):
    step = RouteStep.objects.create(route=tenant.routes.get(), position=2, channel=sms, text="Chào {{customer}} ạ")
    (way,) = look(tenant)
    assert way.steps[1].sms is not None
    assert way.steps[1].sms.parts.encoding == "UCS-2"
    step.plain = True
    step.save()
    routing.forget()
    (way,) = look(tenant)
    assert way.steps[1].sms is not None
    assert way.steps[1].sms.parts.encoding == "GSM-7"


def test_an_sms_step_without_words_is_passed_over_although_the_template_is_mapped(tenant, sms):
    RouteStep.objects.create(route=tenant.routes.get(), position=2, channel=sms)
    factories.TemplateMappingFactory.create(template=tenant.templates.get(), channel=sms, provider_template_id="")
    (way,) = look(tenant)
    assert fates(way) == [("zns", "sends", ""), ("sms", "goesOn", "NOT_MAPPED")]


def test_a_step_that_takes_no_id_of_the_person_is_passed_over(tenant, first):
    account = first.account
    by_id = factories.ChannelFactory.create(tenant=tenant, name="uid", kind="zns_uid", account=account)
    RouteStep.objects.create(route=tenant.routes.get(), position=2, channel=by_id)
    factories.TemplateMappingFactory.create(template=tenant.templates.get(), channel=by_id)
    (way,) = look(tenant)
    assert fates(way)[1] == ("uid", "goesOn", "RECIPIENT_ID_MISSING")
