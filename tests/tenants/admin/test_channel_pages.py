from typing import Any

from django.test import Client
from django.urls import reverse

from tenants.models import Channel
from tests.tenants.admin.conftest import House


def press(browser: Client, house: House, button: str, **fields: str) -> Any:
    return browser.post(reverse(f"admin:tenants_channel_{button}", args=[house.channel.pk]), fields)


def test_an_operator_stops_a_channel_with_a_reason(operator, house):
    press(operator, house, "stop", reason="Wrong prices in the template")
    channel = Channel.objects.get()
    assert (channel.state, channel.stop_code, channel.stop_reason) == (
        "stopped",
        "stopped_by_hand",
        "Wrong prices in the template",
    )


def test_stopping_needs_a_reason(operator, house):
    assert press(operator, house, "stop", reason="").status_code == 200
    assert Channel.objects.get().state == "active"


def test_looking_at_the_stop_page_stops_nothing(operator, house):
    operator.get(reverse("admin:tenants_channel_stop", args=[house.channel.pk]))
    assert Channel.objects.get().state == "active"


def test_an_operator_resumes_a_channel(operator, house):
    press(operator, house, "stop", reason="x")
    press(operator, house, "resume")
    assert (Channel.objects.get().state, Channel.objects.get().stop_reason) == ("active", "")


def test_the_history_tells_who_stopped_it_and_why(owner, house):
    press(owner, house, "stop", reason="Wrong prices")
    page = owner.get(reverse("admin:tenants_channel_history", args=[house.channel.pk])).content.decode()
    assert "Stopped: Wrong prices" in page


def test_an_owner_sets_rate_calls_at_once_and_night_rules(owner, house):
    address = reverse("admin:tenants_channel_change", args=[house.channel.pk])
    fields = {"name": house.channel.name, "account": house.account.pk, "rate_unit": "MINUTE"}
    answer = owner.post(address, {**fields, "rate_amount": 500, "max_in_flight": 20})
    assert answer.status_code == 302
    found = Channel.objects.get()
    assert (found.rate_amount, found.rate_unit, found.max_in_flight, found.night_rules) == (500, "MINUTE", 20, False)
