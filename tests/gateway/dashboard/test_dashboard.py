import pytest
from django.contrib.auth.models import User
from django.db import connection

from gateway.dashboard.attention import attention
from gateway.dashboard.traffic import traffic
from gateway.sidebar import navigation
from messaging.models import Template
from messaging.partitions import make_partitions
from tenants import clock
from tenants.models import Channel, Member, OfficialAccount, Tenant
from tests import factories
from tests.messaging.admin.conftest import sent


@pytest.fixture
def tenant(db) -> Tenant:
    with connection.cursor() as cursor:
        make_partitions(cursor, clock.now())
    return factories.sending_tenant("bakery")


@pytest.fixture
def other_tenant(tenant) -> Tenant:
    return factories.sending_tenant("pharmacy")


def titles(tenant_ids) -> list[str]:
    return [matter.title for matter in attention(tenant_ids)]


def test_nothing_needs_attention_where_all_is_well(tenant):
    assert titles([tenant.pk]) == []
    assert titles(None) == []


def test_what_is_stopped_or_disconnected_is_listed_with_a_link(tenant):
    OfficialAccount.objects.update(status=OfficialAccount.Status.RECONNECT, status_code="refresh_refused")
    Channel.objects.update(state=Channel.State.STOPPED, stop_reason="Wrong secret", stopped_at=clock.now())
    Template.objects.update(stop_code="-132", stop_reason="Parameter invalid")

    matters = attention([tenant.pk])

    assert [matter.link.split("/")[3] for matter in matters] == ["officialaccount", "channel", "template"]
    assert [matter.text for matter in matters][1:] == ["Wrong secret", "Parameter invalid"]
    assert "must be connected again" in matters[0].title


def test_another_tenants_troubles_are_not_shown(tenant, other_tenant):
    Channel.objects.filter(tenant=other_tenant).update(state=Channel.State.STOPPED, stopped_at=clock.now())

    assert titles([tenant.pk]) == []
    assert len(titles(None)) == 1


def test_the_platform_is_warned_before_partitions_run_out(tenant, monkeypatch):
    monkeypatch.setattr("gateway.dashboard.attention.WEEKS_WANTED", 500)

    assert any("Table message has partitions" in title for title in titles(None))
    assert titles([tenant.pk]) == []


def test_the_traffic_of_today_counts_the_tenants_messages_only(tenant, other_tenant):
    sent(tenant)
    sent(tenant)
    sent(other_tenant)

    shown = traffic([tenant.pk])

    assert [(figure.label, figure.number) for figure in shown["figures"]] == [("queued", 2)]
    assert (shown["total"], shown["more"]) == (2, False)
    assert traffic(None)["total"] == 3


def test_much_traffic_is_counted_up_to_a_bound(tenant, monkeypatch):
    monkeypatch.setattr("gateway.dashboard.traffic.MOST_COUNTED", 2)
    for _ in range(3):
        sent(tenant)

    shown = traffic([tenant.pk])

    assert (shown["total"], shown["more"]) == (2, True)


@pytest.mark.parametrize(("role", "sees_keys"), [("owner", True), ("viewer", False)])
def test_the_sidebar_leads_only_where_one_may_go(tenant, rf, role, sees_keys):
    request = rf.get("/admin/")
    request.user = User.objects.create_user("mai", is_staff=True)
    Member.objects.create(user=request.user, tenant=tenant, role=role)

    links = [item["link"] for group in navigation(request) for item in group["items"]]

    assert "/admin/messaging/message/" in links
    assert ("/admin/tenants/apikey/" in links) is sees_keys
    assert "/admin/auth/user/" not in links
