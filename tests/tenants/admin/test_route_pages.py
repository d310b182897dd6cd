from typing import Any

import pytest
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


@pytest.fixture
def sms(house) -> Channel:
    channel: Channel = Channel.objects.create(
        tenant=house.tenant, name="sms", kind="nxcloud_sms", account=house.provider_account.account
    )
    return channel


def test_an_owner_says_what_an_sms_step_sends(owner, house, sms):
    said = {"text": "Ma {{otp}}", "sender": "BAKERY", "validity": 300, "plain": "on"}
    assert save(owner, house, {"position": 1, "channel": sms.pk} | said).status_code == 302
    found = RouteStep.objects.get()
    assert (found.text, found.sender, found.validity, found.plain) == ("Ma {{otp}}", "BAKERY", 300, True)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("text", "Ma {{otp}", "Braces are not closed"),
        ("text", "Ma {{mot hai}}", "Braces are not closed"),
        ("text", "x" * 1001, "An SMS has at most 1000 characters."),
        ("sender", "TIỆM", "A sender has letters without marks and digits."),
        ("sender", "A B", "A sender has letters without marks and digits."),
        ("validity", "0", "greater than or equal to 1"),
        ("validity", "172801", "less than or equal to 172800"),
    ],
)
def test_what_an_sms_step_cannot_send_is_told_at_its_field(owner, house, sms, name, value, told):
    answer = save(owner, house, {"position": 1, "channel": sms.pk, name: value})
    (formset,) = answer.context["inline_admin_formsets"]
    (errors,) = formset.formset.errors
    assert list(errors) == [name]
    assert told in errors[name][0]
    assert RouteStep.objects.get().channel == house.channel


@pytest.mark.parametrize(("name", "value"), [("text", "Hi"), ("sender", "A"), ("validity", "60"), ("plain", "on")])
def test_a_step_without_sms_has_nothing_of_an_sms(owner, house, name, value):
    answer = save(owner, house, {"position": 1, "channel": house.channel.pk, name: value})
    (formset,) = answer.context["inline_admin_formsets"]
    assert formset.formset.errors == [{name: ["Only the step of an SMS channel has this."]}]


def test_the_parts_of_an_sms_are_told_with_what_its_marks_cost(owner, house, sms):
    text = "Đơn {{order_code}} " + "đang giao " * 8
    answer = save(owner, house, {"position": 1, "channel": sms.pk, "text": text})
    page = owner.get(answer.headers["Location"]).content.decode()
    assert "sms: Because of its diacritics it takes 2 parts; without them 1." in page
    page = owner.get(reverse("admin:tenants_route_change", args=[house.route.pk])).content.decode()
    assert "UCS-2, 84 characters and the values: at least 2 parts." in page
    answer = save(owner, house, {"position": 1, "channel": sms.pk, "text": text, "plain": "on"})
    assert "Because of its diacritics" not in owner.get(answer.headers["Location"]).content.decode()
    page = owner.get(reverse("admin:tenants_route_change", args=[house.route.pk])).content.decode()
    assert "GSM-7, 84 characters and the values: at least 1 part." in page
