from messaging.quotas.setting import set_quota
from tenants import alerts
from tenants.models import Alert, Channel


def test_usage_lists_quotas_of_tenant_channels_and_templates(api, tenant):
    set_quota(tenant, 1000, on_limit="reject")
    set_quota(tenant, 20, period="month", channel=Channel.objects.get(tenant=tenant), on_limit="divert")
    quotas = api.get("/v1/usage").json()["quotas"]
    shown = [{name: value for name, value in quota.items() if name != "resetsAt"} for quota in quotas]
    assert shown == [
        {"scope": "tenant", "name": None, "period": "day", "limit": 1000, "used": 0, "onLimit": "reject"},
        {"scope": "channel", "name": "zns", "period": "month", "limit": 20, "used": 0, "onLimit": "divert"},
    ]
    assert all(quota["resetsAt"].endswith("T17:00:00Z") for quota in quotas)


def test_a_parameter_that_is_not_known_is_refused(api):
    assert api.get("/v1/usage?tenant=other").status_code == 422


def test_alerts_are_the_tenants_own_open_ones_first(api, tenant, other_tenant):
    for key, owner in (("a", tenant), ("b", tenant), ("c", other_tenant)):
        alerts.raise_alert(owner.pk, Alert.Kind.CHANNEL_STOPPED, key, about=f"zns-{key}", body="why")
    alerts.end_alert("b")
    found = api.get("/v1/alerts").json()["alerts"]
    assert [(alert["title"], alert["text"], alert["endedAt"] is None) for alert in found] == [
        ("Channel zns-a is stopped", "why", True),
        ("Channel zns-b is stopped", "why", False),
    ]
