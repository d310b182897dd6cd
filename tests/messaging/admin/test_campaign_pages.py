"""Making, looking at and steering a campaign in the admin."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from messaging.campaigns.loading import load
from messaging.models import Campaign, CampaignRun, Message, Template
from tests.messaging.admin.conftest import browser
from tests.messaging.campaigns.conftest import made, table

LIST = "/admin/messaging/campaign/"
BAD = "phone,customer\n0987654321,Nguyễn Văn An\n12,Bình\n"


def page(client: Client, campaign: Campaign, query: str = "") -> str:
    answer = client.get(f"{LIST}{campaign.pk}/change/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def loaded(tenant: Any, text: str = BAD) -> Campaign:
    campaign = made(tenant, text)
    load(CampaignRun.objects.get(campaign=campaign).pk)
    return campaign


def test_a_campaign_is_made_in_two_steps_and_starts_when_told(operator, tenant):
    file = SimpleUploadedFile("people.csv", table(3).encode())
    first = operator.post(f"{LIST}add/", {"name": "Spring", "template": Template.objects.get().pk, "file": file})
    assert first.status_code == 302
    form = operator.get(first["Location"]).content.decode()
    assert '<option value="phone" selected>' in form

    options = {"column-to": "phone", "column-customer": "customer", "duplicates": "keepFirst", "unit": "MINUTE"}
    route = tenant.routes.get().pk
    second = operator.post(first["Location"], {**options, "route": route, "speed": 60})
    campaign = Campaign.objects.get()
    assert second["Location"] == f"{LIST}{campaign.pk}/change/"
    assert (campaign.state, campaign.mapping, campaign.speed_amount) == (
        Campaign.State.DRAFT,
        {"phone": "to", "customer": "customer"},
        60,
    )
    assert campaign.runs.count() == 0
    operator.post(f"{LIST}{campaign.pk}/steer/", {"action": "start"})
    assert campaign.runs.count() == 1


def test_a_file_that_is_no_table_is_told_at_its_field(operator, tenant):
    file = SimpleUploadedFile("people.csv", b"phone\n")
    answer = operator.post(f"{LIST}add/", {"name": "x", "template": Template.objects.get().pk, "file": file})
    assert "The file holds no row below the names of its columns." in answer.content.decode()


def test_what_the_campaign_is_refused_for_stands_beside_its_field(operator, tenant):
    file = SimpleUploadedFile("people.csv", table(3).encode())
    first = operator.post(f"{LIST}add/", {"name": "x", "template": Template.objects.get().pk, "file": file})
    options = {"column-to": "phone", "column-customer": "phone", "duplicates": "keepFirst", "unit": "MINUTE"}
    route = tenant.routes.get().pk
    answer = operator.post(first["Location"], {**options, "route": route, "crontab": "99 * * * *"})
    assert "The crontab cannot be read" in answer.content.decode()
    assert not Campaign.objects.exists()


def test_the_page_masks_a_row_for_those_who_may_not_see_it(viewer, revealer, tenant):
    campaign = loaded(tenant)
    masked = page(viewer, campaign)
    assert "84987***321" in masked
    assert "Nguyễn Văn An" not in masked
    assert "0987654321" not in masked
    assert "Nguyễn Văn An" in page(revealer, campaign)


def test_the_page_tells_what_is_wrong_with_rows(viewer, tenant):
    campaign = loaded(tenant)
    text = page(viewer, campaign, "?row=3")
    assert text.count("to is not a phone number.") == 2


def test_the_bar_asks_for_states_that_add_up(viewer, tenant):
    campaign = loaded(tenant, table(4))
    told = viewer.get(f"{LIST}{campaign.pk}/progress/").json()
    assert (told["state"], told["moving"]) == ("processing", True)
    assert [(part["word"], part["count"], part["percent"]) for part in told["parts"]] == [("queued", 4, 100.0)]


def test_an_operator_steers_and_a_viewer_only_looks(operator, viewer, tenant):
    campaign = loaded(tenant, table(4))
    assert viewer.post(f"{LIST}{campaign.pk}/steer/", {"action": "pause"}).status_code == 403
    operator.post(f"{LIST}{campaign.pk}/steer/", {"action": "pause"})
    assert operator.get(f"{LIST}{campaign.pk}/progress/").json()["state"] == "paused"
    operator.post(f"{LIST}{campaign.pk}/steer/", {"action": "speed", "speed": "120", "unit": "HOUR"})
    operator.post(f"{LIST}{campaign.pk}/steer/", {"action": "resume"})
    assert operator.get(f"{LIST}{campaign.pk}/progress/").json()["state"] == "processing"
    campaign.refresh_from_db()
    assert (campaign.speed_amount, campaign.speed_unit) == (120, "HOUR")
    operator.post(f"{LIST}{campaign.pk}/steer/", {"action": "cancel"})
    assert operator.get(f"{LIST}{campaign.pk}/progress/").json()["state"] == "cancelled"


def test_a_test_goes_to_a_number_of_ones_own(operator, tenant):
    campaign = made(tenant, table(2), draft=True)
    answer = operator.post(f"{LIST}{campaign.pk}/test/", {"to": "0912345678", "row": "3"})
    assert answer["Location"] == f"/admin/messaging/message/{Message.objects.get().pk.hex}/change/"


@pytest.mark.parametrize("reveal", [False, True])
def test_results_show_numbers_only_to_those_who_may_see_them(viewer, revealer, tenant, reveal):
    campaign = loaded(tenant)
    answer = (revealer if reveal else viewer).get(f"{LIST}{campaign.pk}/results/{'?reveal=1' if reveal else ''}")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert rows[1][1] == ("84987654321" if reveal else "84987***321")
    assert viewer.get(f"{LIST}{campaign.pk}/results/?reveal=1").status_code == 403


def test_another_tenants_campaign_does_not_exist(tenant, other_tenant):
    campaign = loaded(tenant)
    stranger = browser("stranger", other_tenant, "owner")
    for place in ("progress/", "results/", "problems/"):
        assert stranger.get(f"{LIST}{campaign.pk}/{place}").status_code == 404
    for place in ("steer/", "test/"):
        assert stranger.post(f"{LIST}{campaign.pk}/{place}", {"action": "cancel"}).status_code == 404
    new = f"{LIST}new/{campaign.file_id}/?template={campaign.template_id}"
    assert stranger.get(new).status_code == 403
    assert campaign.name not in stranger.get(LIST).content.decode()
