from typing import Any

from django.test import Client
from django.urls import reverse

from tenants.models import Channel, RouteStep
from tests.tenants.admin.conftest import House

USUAL = {"weight": 1, "when_stopped": "go_on", "when_out_of_quota": "go_on", "when_closed": "wait"}


def save(browser: Client, house: House, *steps: dict[str, Any]) -> Any:
    fields: dict[str, Any] = {"name": house.route.name, "steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": 1}
    for number, step in enumerate(steps):
        row = {"id": house.step.pk if number == 0 else "", "route": house.route.pk, **USUAL, **step}
        fields |= {f"steps-{number}-{name}": value for name, value in row.items()}
    return browser.post(reverse("admin:tenants_route_change", args=[house.route.pk]), fields)


def test_an_owner_adds_a_step_to_a_route(owner, house):
    second = Channel.objects.create(tenant=house.tenant, name="second", kind="zns", account=house.account)
    first = {"position": 1, "channel": house.channel.pk}
    answer = save(owner, house, first, {"position": 2, "channel": second.pk})
    assert answer.status_code == 302
    assert list(house.route.steps.values_list("position", "channel__name")) == [(1, "bakery-channel"), (2, "second")]


def test_an_owner_says_when_a_message_goes_on(owner, house):
    step = {"position": 1, "channel": house.channel.pk, "weight": 3, "deadline": 45}
    choices = {"when_stopped": "wait", "when_out_of_quota": "wait", "when_closed": "go_on"}
    answer = save(owner, house, step | choices | {"go_on_after": ["recipient", "deadline"]})
    assert answer.status_code == 302
    found = RouteStep.objects.get()
    assert (found.weight, found.deadline, found.go_on_after) == (3, 45, ["recipient", "deadline"])
    assert (found.when_stopped, found.when_out_of_quota, found.when_closed) == ("wait", "wait", "go_on")


def test_no_cause_at_all_is_a_choice_too(owner, house):
    save(owner, house, {"position": 1, "channel": house.channel.pk})
    assert RouteStep.objects.get().go_on_after == []


def test_a_cause_that_is_none_is_refused(owner, house):
    answer = save(owner, house, {"position": 1, "channel": house.channel.pk, "go_on_after": ["weather"]})
    assert "weather is not one of the available choices." in answer.content.decode()
    assert "deadline" in RouteStep.objects.get().go_on_after


def test_boxes_of_the_step_are_as_it_stands(owner, house):
    RouteStep.objects.update(go_on_after=["quota"])
    page = owner.get(reverse("admin:tenants_route_change", args=[house.route.pk])).content.decode()
    own = [line for line in page.splitlines() if 'name="steps-0-go_on_after"' in line]
    assert [line for line in own if line.rstrip().endswith(" checked>")] == [
        line for line in own if 'value="quota"' in line
    ]
    assert len(own) == len(RouteStep.Cause.choices)


def test_a_viewer_reads_the_steps(viewer, house):
    page = viewer.get(reverse("admin:tenants_route_change", args=[house.route.pk])).content.decode()
    assert "bakery-channel" in page
    assert 'name="steps-0-weight"' not in page
