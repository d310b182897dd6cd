from messaging.models import Template
from tenants.models import OfficialAccount
from tests import factories


def test_templates_are_listed_by_id_in_pages(api, tenant):
    for code in ("a", "c", "b"):
        factories.TemplateFactory.create(tenant=tenant, code=code)
    first = api.get("/v1/templates?limit=3").json()
    assert [template["templateId"] for template in first["templates"]] == ["a", "b", "bill"]
    second = api.get(first["next"]).json()
    assert [template["templateId"] for template in second["templates"]] == ["c"]
    assert second["next"] is None


def test_a_template_shows_what_a_sender_needs(api, tenant):
    Template.objects.update(price="300", tag="transaction", timeout=15)
    read = api.get("/v1/templates/bill").json()
    assert read["class"] == "transactional"
    assert (read["timeoutSeconds"], read["price"]) == (15, {"amount": "300", "currency": "VND"})
    assert read["parameters"] == [
        {"name": "customer", "required": True, "type": "STRING", "minLength": None, "maxLength": 30}
    ]
    assert read["channels"] == [{"channel": "zns", "providerTemplateId": "bill"}]
    assert read["stopped"] is None


def test_a_stopped_template_says_why(api):
    Template.objects.update(stop_code="-1123", stop_reason="The template is disabled.")
    assert api.get("/v1/templates/bill").json()["stopped"] == {"code": "-1123", "reason": "The template is disabled."}


def test_an_unconnected_account_tells_its_last_quota(api, tenant):
    OfficialAccount.objects.update(daily_quota=500, remaining_quota=499)
    oa_id = OfficialAccount.objects.get(account__tenant=tenant).oa_id
    read = api.get(f"/v1/official-accounts/{oa_id}/quota").json()
    assert read == {"oaId": oa_id, "dailyQuota": 500, "remainingQuota": 499, "readAt": None}


def test_a_sync_without_a_connection_says_so(api):
    (report,) = api.post("/v1/templates/sync").json()["channels"]
    assert report["channel"] == "zns"
    assert report["error"]
    assert report["found"] == 0


def test_me_tells_tenant_and_key(api):
    read = api.get("/v1/me").json()
    assert read["tenant"] == {"slug": "bakery", "name": read["tenant"]["name"], "timeZone": "Asia/Ho_Chi_Minh"}
    assert read["key"]["mode"] == "live"
    assert "messages:send" in read["key"]["scopes"]
