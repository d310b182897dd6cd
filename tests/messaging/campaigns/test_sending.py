"""Campaigns on their whole way: loaded, sent by dispatchers to a running sandbox, steered meanwhile."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from messaging.campaigns.loading import load
from messaging.models import Campaign, CampaignRun
from tests.messaging.campaigns.conftest import phone, table
from tests.providers.sandbox.running import eventually

COUNT = 40


@pytest.fixture
def campaign(hooked, tmp_path):
    """Return a function that makes a campaign of the order template by the command and loads it."""

    def make(*options: str) -> str:
        names = hooked.order_params
        lines = [",".join([phone(n), *["1"] * len(names)]) for n in range(COUNT)]
        path = tmp_path / "people.csv"
        path.write_text("\n".join([",".join(["Số điện thoại", *names]), *lines]), encoding="utf-8")
        out = StringIO()
        arguments = ["--tenant", "bakery", "--template", "order", "--route", "default", "--file", str(path)]
        call_command("create_campaign", *arguments, "--map", "Số điện thoại=to", *options, stdout=out)
        load(CampaignRun.objects.get(campaign_id=int(out.getvalue())).pk)
        return out.getvalue().strip()

    return make


def status(id: str) -> Any:
    out = StringIO()
    call_command("campaign_status", id, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_everybody_in_the_file_gets_one_message(hooked, campaign, dispatchers):
    id = campaign()
    assert eventually(lambda: status(id)["state"] == "FINISHED", 20), status(id)
    assert status(id) == {
        "id": id, "state": "FINISHED", "total": COUNT, "byState": {"delivered": COUNT}, "etaAt": None
    }  # fmt: skip
    assert len(hooked.sends()) == COUNT


def test_a_paused_campaign_stands_still_until_it_is_resumed(hooked, campaign, dispatchers):
    id = campaign("--speed", "600/MINUTE")
    assert eventually(lambda: hooked.sends(), 10)
    call_command("campaign", "pause", id)
    assert status(id)["state"] == "PAUSED"
    assert eventually(lambda: "sending" not in status(id)["byState"], 5)
    stood = len(hooked.sends())
    assert 0 < stood < COUNT
    assert not eventually(lambda: len(hooked.sends()) > stood, 1)
    call_command("campaign", "speed", id, "60000/MINUTE")
    call_command("campaign", "resume", id)
    assert eventually(lambda: status(id)["state"] == "FINISHED", 10), status(id)
    assert len(hooked.sends()) == COUNT


def test_a_cancelled_campaign_cannot_be_resumed(hooked, campaign):
    id = campaign("--send-at", "2026-12-24T09:00:00+07:00")
    call_command("campaign", "cancel", id)
    with pytest.raises(CommandError, match="cancel"):
        call_command("campaign", "resume", id)


def test_a_command_with_bad_columns_says_which_and_stores_no_campaign(world, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(table(1))
    with pytest.raises(CommandError) as told:
        call_command(
            "create_campaign", "--tenant", "bakery", "--template", "otp", "--file", str(path), "--map", "telephone=to"
        )
    assert "mapping.telephone: The file has no column telephone." in str(told.value)
    assert "mapping: No column is mapped to otp." in str(told.value)
    assert not Campaign.objects.exists()


def test_a_cancelled_campaign_sends_nothing_more(hooked, campaign, dispatchers):
    id = campaign("--speed", "60/MINUTE")
    assert eventually(lambda: hooked.sends(), 10)
    call_command("campaign", "cancel", id)
    assert status(id)["state"] == "CANCELED"
    assert eventually(lambda: "queued" not in status(id)["byState"], 10), status(id)
    assert sum(status(id)["byState"].values()) == status(id)["total"] == COUNT
    assert len(hooked.sends()) <= 3


def test_a_faster_speed_holds_at_once(hooked, campaign, dispatchers):
    id = campaign("--speed", "1/HOUR")
    assert eventually(lambda: hooked.sends(), 10)
    call_command("campaign", "speed", id, "60000/MINUTE")
    assert eventually(lambda: status(id)["state"] == "FINISHED", 10), status(id)
