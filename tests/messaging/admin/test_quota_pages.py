"""Quotas and alerts in the admin: bars, what a quota may be, whose rows are seen."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from messaging.models import Template
from messaging.quotas.setting import set_quota
from tenants import alerts, clock
from tenants.models import Alert, Channel, Quota, QuotaUsage, Tenant
from tests.messaging.admin.conftest import browser

ADD = "/admin/tenants/quota/add/"
LIST = "/admin/tenants/quota/"


@pytest.fixture
def owner(tenant):
    return browser("owner", tenant, "owner")


def fields(tenant, **more: object) -> dict[str, object]:
    return {
        "tenant": tenant.pk,
        "channel": "",
        "template": "",
        "period": "day",
        "limit": 10,
        "on_limit": "hold",
        **more,
    }


def test_a_bar_shows_what_is_used(tenant, viewer):
    quota = set_quota(tenant, 200)
    page = viewer.get(LIST).content.decode()
    assert '<progress max="100" value="0"' in page
    day = viewer.get(f"{LIST}{quota.pk}/change/")
    assert day.status_code == 200
    QuotaUsage.objects.create(quota=quota, starts_on=_today(tenant), used=50)
    assert "50 / 200 (25 %)" in viewer.get(LIST).content.decode()


def _today(tenant: Tenant) -> date:
    return clock.now().astimezone(ZoneInfo(tenant.time_zone)).date()


def test_an_owner_adds_quotas_of_channels_and_templates(tenant, owner):
    template, channel = Template.objects.get(tenant=tenant), Channel.objects.get(tenant=tenant)
    assert owner.post(ADD, fields(tenant, template=template.pk, on_limit="divert")).status_code == 302
    assert owner.post(ADD, fields(tenant, channel=channel.pk)).status_code == 302
    assert set(Quota.objects.values_list("channel", "template_id")) == {(None, template.pk), (channel.pk, None)}


def test_a_change_is_kept_and_a_deleted_quota_is_gone(tenant, owner):
    quota = set_quota(tenant, 10)
    owner.post(f"{LIST}{quota.pk}/change/", fields(tenant, limit=25))
    quota.refresh_from_db()
    assert quota.limit == 25
    owner.post(f"{LIST}{quota.pk}/delete/", {"post": "yes"})
    assert not Quota.objects.exists()


@pytest.mark.parametrize("of", ["nothing", "both"])
def test_what_no_quota_can_do_is_refused_in_words(tenant, owner, of):
    more: dict[str, Any] = {"on_limit": "divert"}
    if of == "both":
        more |= {"channel": Channel.objects.get(tenant=tenant).pk, "template": Template.objects.get(tenant=tenant).pk}
    page = owner.post(ADD, fields(tenant, **more))
    assert page.status_code == 200
    assert ("cannot divert" if of == "nothing" else "not of both") in page.content.decode()
    assert not Quota.objects.exists()


def test_nobody_sees_or_sets_another_tenants_quota(tenant, other_tenant, owner):
    theirs = set_quota(other_tenant, 77)
    assert list(owner.get(LIST).context["cl"].queryset) == []
    assert owner.get(f"{LIST}{theirs.pk}/change/").status_code == 302
    channel = Channel.objects.get(tenant=other_tenant)
    assert owner.post(ADD, fields(tenant, channel=channel.pk)).status_code == 200
    assert Quota.objects.count() == 1


def test_an_operator_may_not_change_quotas(tenant, operator):
    assert operator.get(ADD).status_code == 403


def test_alerts_of_the_tenant_are_listed_and_shown_first_on_the_overview(tenant, other_tenant, viewer):
    for owner in (tenant, other_tenant):
        detail = {"percent": 80, "limit": 10}
        about = f"{owner.slug}-shop"
        alerts.raise_alert(owner.pk, Alert.Kind.QUOTA, f"quota:{owner.pk}", about=about, detail=detail)
    for path in ("/admin/tenants/alert/", "/admin/"):
        page = viewer.get(path).content.decode()
        assert "80 % of the quota of bakery-shop (10) is used" in page
        assert "pharmacy-shop" not in page
