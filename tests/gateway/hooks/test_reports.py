"""The addresses of accounts: reports are taken in as each provider sends them, and answered with the word it wants."""

import json
from urllib.parse import urlencode

import pytest

from messaging.models import Receipt
from tenants.models import ProviderAccount
from tests.factories import TenantFactory, provider_account

LEGS = [digit * 32 for digit in "ab"]


@pytest.fixture
def nxcloud(db) -> ProviderAccount:
    return provider_account(TenantFactory.create(), "nxcloud", access_key="k", access_secret="s", appkey="a")


@pytest.fixture
def infobip(db) -> ProviderAccount:
    return provider_account(TenantFactory.create(), "infobip", api_key="k", sender="1")


def report(leg: str) -> str:
    return urlencode({"messageid": f"m-{leg}", "status": "2", "result": "DELIVRD", "ext": leg, "phone": "84987654321"})


def kept() -> list[str]:
    return sorted(Receipt.objects.values_list("leg_id", flat=True))


@pytest.mark.parametrize("place", ["query of a POST", "query of a GET", "body"])
def test_a_report_of_sms_is_read_in_query_and_body(client, nxcloud, place):
    address, told = f"/hooks/nxcloud_sms/{nxcloud.hook_token}", report(LEGS[0])
    if place == "body":
        reply = client.post(address, told, content_type="application/x-www-form-urlencoded")
    elif place == "query of a GET":
        reply = client.get(f"{address}?{told}")
    else:
        reply = client.post(f"{address}?{told}", b"", content_type="application/x-www-form-urlencoded")
    assert (reply.status_code, reply.content) == (200, b"success")
    assert kept() == LEGS[:1]
    assert b"84987654321" not in bytes(Receipt.objects.get().body)


def test_many_reports_in_one_call_are_kept_each(client, infobip):
    status = {"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET"}
    results = [{"bulkId": "b", "messageId": leg, "to": "84987654321", "status": status} for leg in LEGS]
    address = f"/hooks/infobip/{infobip.hook_token}"
    reply = client.post(address, json.dumps({"results": results}), content_type="application/json")
    assert reply.status_code == 200
    assert kept() == LEGS


def test_the_address_is_that_of_one_account_and_kind(client, nxcloud, infobip):
    for path in (f"infobip/{nxcloud.hook_token}", "nxcloud/none", f"pigeon/{nxcloud.hook_token}"):
        assert client.post(f"/hooks/{path}", b"{}", content_type="application/json").status_code == 404
    assert client.get(f"/hooks/infobip/{infobip.hook_token}").status_code == 405
    assert kept() == []
