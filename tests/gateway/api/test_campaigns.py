"""Campaigns over the API: made from a file, looked at, steered, followed to the last row."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test.client import MULTIPART_CONTENT

from messaging.campaigns.loading import load
from messaging.models import Campaign, CampaignRun
from tenants.clock import now
from tenants.models import ApiKey
from tests import factories
from tests.gateway.api.conftest import Api

TABLE = "phone,customer\n0987654321,Nguyễn Văn An\n12,Bình\n0987654322,Chi\n+84987654321,An again\n"


@pytest.fixture
def wanted() -> dict[str, Any]:
    return {"name": "Spring", "templateId": "bill", "mapping": {"phone": "to"}}


def upload(api: Api, text: str = TABLE) -> Any:
    file = ContentFile(text.encode(), "people.csv")
    return api.post("/v1/recipient-files", {"file": file}, content_type=MULTIPART_CONTENT)


def loaded(api: Api, wanted: dict[str, Any]) -> str:
    """Return the id of a campaign whose file is loaded."""
    made = api.post("/v1/campaigns", wanted | {"fileId": upload(api).json()["fileId"]})
    assert made.status_code == 202, made.content
    load(CampaignRun.objects.get(campaign=made.json()["campaignId"]).pk)
    return str(made.json()["campaignId"])


def lines(answer: Any) -> list[list[str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_an_uploaded_file_tells_its_columns_and_rows(api):
    answer = upload(api)
    assert answer.status_code == 201
    assert answer.json().items() >= {"name": "people.csv", "columns": ["phone", "customer"], "rows": 4}.items()


def test_a_file_that_is_no_table_is_refused_with_the_reason(api):
    answer = upload(api, "")
    assert answer.status_code == 422
    upload(api, "phone\n").json()
    assert upload(api, "phone\n").json()["errors"] == [
        {"field": "file", "code": "unreadable", "message": "The file holds no row below the names of its columns."}
    ]


def test_a_campaign_loads_its_file_and_counts_every_row(api, wanted):
    shown = api.get(f"/v1/campaigns/{loaded(api, wanted)}").json()
    assert shown["state"] == "PROCESSING"
    run = shown["runs"][0]
    assert run["rows"] == {"total": 4, "loaded": 2, "bad": 1, "duplicates": 1, "loadedPercent": 100.0}
    assert (run["total"], run["byState"]) == (2, {"queued": 2})


def test_a_campaign_may_bring_its_file_along(api, wanted):
    parts = {"file": ContentFile(TABLE.encode(), "people.csv"), "campaign": json.dumps(wanted)}
    answer = api.post("/v1/campaigns", parts, content_type=MULTIPART_CONTENT)
    assert answer.status_code == 202
    assert (answer.json()["state"], answer.json()["runs"][0]["rows"]["total"]) == ("LOADING", 4)


def test_every_bad_field_is_named_and_nothing_is_stored(api, wanted):
    body = wanted | {"fileId": upload(api).json()["fileId"], "templateId": "none", "mapping": {"mobile": "to"}}
    body |= {"options": {"route": "none"}, "schedule": {"crontab": "61 * * * *"}}
    answer = api.post("/v1/campaigns", body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [
        "templateId",
        "options.route",
        "mapping.mobile",
        "schedule.crontab",
    ]
    assert not Campaign.objects.exists()


def test_a_speed_that_cannot_be_done_in_time_is_refused_with_the_times(api, wanted):
    body = wanted | {"fileId": upload(api).json()["fileId"]}
    body["options"] = {"sendingSpeedLimit": {"amount": 1, "timeUnit": "DAY"}}
    errors = api.post("/v1/campaigns", body).json()["errors"]
    assert [(error["field"], error["code"]) for error in errors] == [("options.sendingSpeedLimit", "cannot_be_met")]


def test_a_draft_waits_until_it_is_started(api, wanted):
    body = wanted | {"fileId": upload(api).json()["fileId"], "draft": True}
    made = api.post("/v1/campaigns", body).json()
    assert (made["state"], made["runs"]) == ("DRAFT", [])
    started = api.put(f"/v1/campaigns/{made['campaignId']}/status", {"status": "PROCESSING"}).json()
    assert started["state"] == "LOADING"


def test_a_row_is_shown_as_the_message_it_would_become(api, wanted):
    id = loaded(api, wanted)
    shown = api.get(f"/v1/campaigns/{id}/preview?row=2").json()
    assert (shown["to"], shown["templateData"]) == ("84987654321", {"customer": "Nguyễn Văn An"})
    assert (shown["channel"], shown["problems"]) == ("zns", [])
    bad = api.get(f"/v1/campaigns/{id}/preview?row=3").json()
    assert bad["problems"] == [{"row": 3, "column": "phone", "code": "invalid", "message": "to is not a phone number."}]
    assert api.get(f"/v1/campaigns/{id}/preview?row=7").status_code == 404


def test_a_test_goes_to_a_number_of_ones_own_with_the_rows_values(api, wanted):
    id = loaded(api, wanted)
    sent = api.post(f"/v1/campaigns/{id}/test", {"to": "0912345678", "row": 4}).json()
    message = api.get(f"/v1/messages/{sent['messageId']}?reveal=true").json()
    assert (message["to"], message["templateData"]) == ("84912345678", {"customer": "Chi"})


def test_the_results_have_every_row_in_its_order(api, wanted):
    id = loaded(api, wanted)
    rows = lines(api.get(f"/v1/campaigns/{id}/results"))
    assert rows[0][:4] == ["row", "to", "state", "reason"]
    assert [row[:4] for row in rows[1:]] == [
        ["2", "84987***321", "queued", ""],
        ["3", "", "left_out", "to is not a phone number."],
        ["4", "84987***322", "queued", ""],
        ["5", "", "left_out", "An earlier row has the same number."],
    ]


def test_the_results_show_numbers_to_those_who_may_see_them(api, wanted):
    id = loaded(api, wanted)
    rows = lines(api.get(f"/v1/campaigns/{id}/results?reveal=true"))
    assert rows[1][:2] == ["2", "84987654321"]


def test_the_report_of_bad_rows_names_row_and_column(api, wanted):
    id = loaded(api, wanted)
    assert lines(api.get(f"/v1/campaigns/{id}/problems")) == [
        ["row", "column", "code", "message"],
        ["3", "phone", "invalid", "to is not a phone number."],
        ["5", "phone", "duplicate", "An earlier row has the same number."],
    ]


def test_pause_resume_and_speed_show_in_the_campaign(api, wanted):
    id = loaded(api, wanted)
    assert api.put(f"/v1/campaigns/{id}/status", {"status": "PAUSED"}).json()["state"] == "PAUSED"
    assert api.put(f"/v1/campaigns/{id}/status", {"status": "PROCESSING"}).json()["state"] == "PROCESSING"
    speed = {"amount": 60, "timeUnit": "MINUTE"}
    changed = api.put(f"/v1/campaigns/{id}", {"sendingSpeedLimit": speed}).json()
    assert changed["sendingSpeedLimit"] == speed
    assert changed["runs"][0]["etaAt"] is not None


def test_a_cancelled_campaign_stays_cancelled(api, wanted):
    id = loaded(api, wanted)
    assert api.put(f"/v1/campaigns/{id}/status", {"status": "CANCELED"}).json()["state"] == "CANCELED"
    answer = api.put(f"/v1/campaigns/{id}/status", {"status": "PROCESSING"})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:notification-gateway:problem:campaign-state")


def test_the_list_has_the_newest_first_page_by_page(api, wanted):
    ids = [loaded(api, wanted | {"name": f"campaign {n}"}) for n in range(3)]
    page = api.get("/v1/campaigns?limit=2").json()
    assert [row["campaignId"] for row in page["campaigns"]] == ids[:0:-1]
    rest = api.get(page["next"]).json()
    assert ([row["campaignId"] for row in rest["campaigns"]], rest["next"]) == (ids[:1], None)


def test_a_test_keys_campaign_goes_to_the_sandbox(tenant, wanted):
    api = Api(factories.api_key(tenant, mode=ApiKey.Mode.TEST).token)
    id = loaded(api, wanted | {"options": {"sendAt": (now() + timedelta(hours=1)).isoformat()}})
    assert api.get(f"/v1/campaigns/{id}").json()["test"] is True
    assert api.get(f"/v1/campaigns/{id}").json()["state"] == "SCHEDULED"
