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


def test_an_owner_adds_a_step_to_a_route(owner, house):
    second = Channel.objects.create(tenant=house.tenant, name="second", kind="zns", account=house.account)
    answer = owner.post(
        reverse("admin:tenants_route_change", args=[house.route.pk]),
        {
            "name": "bakery-route",
            "steps-TOTAL_FORMS": 2,
            "steps-INITIAL_FORMS": 1,
            "steps-0-id": house.step.pk,
            "steps-0-route": house.route.pk,
            "steps-0-position": 1,
            "steps-0-channel": house.channel.pk,
            "steps-1-route": house.route.pk,
            "steps-1-position": 2,
            "steps-1-channel": second.pk,
        },
    )
    assert answer.status_code == 302
    assert list(house.route.steps.values_list("position", "channel__name")) == [(1, "bakery-channel"), (2, "second")]
