from uuid import UUID

import pytest

from messaging.models import Message, Template
from messaging.states import State
from tests.messaging.admin.conftest import sent


@pytest.fixture
def template(tenant) -> Template:
    return Template.objects.get(tenant=tenant, code="bill")


def address(template: Template, what: str) -> str:
    return f"/admin/messaging/template/{template.pk}/{what}/"


FILLED = {"to": "0987654321", "where": "sandbox", "route": "default", "value-customer": "An"}


def test_the_test_form_has_a_field_with_its_limit_for_each_parameter(operator, template):
    page = operator.get(address(template, "test"), follow=True).content.decode()

    assert 'name="value-customer"' in page
    assert "at most 30 characters" in page


def test_a_test_message_takes_the_way_of_every_message_and_ends_on_its_page(operator, template, tenant):
    answer = operator.post(address(template, "test"), FILLED)

    message = Message.objects.get(tenant=tenant)
    assert answer.status_code == 302
    assert UUID(answer.headers["Location"].split("/")[-3]) == message.pk
    assert (message.test, message.state, message.template_id) == (True, State.QUEUED, template.pk)


def test_a_live_message_is_sent_only_when_it_was_chosen(operator, template, tenant):
    operator.post(address(template, "test"), FILLED | {"where": "live"})

    assert Message.objects.get(tenant=tenant).test is False


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"to": "12"}, "This is not a phone number."),
        ({"value-customer": ""}, "This field is required."),
        ({"value-customer": "x" * 31}, "at most 30 characters (it has 31)"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_not_sent(operator, template, tenant, changed, told):
    answer = operator.post(address(template, "test"), FILLED | changed)

    assert told in answer.content.decode()
    assert not Message.objects.filter(tenant=tenant).exists()


def test_what_the_intake_refuses_is_told_and_not_sent(operator, template, tenant):
    Template.objects.filter(pk=template.pk).update(status="REJECT")

    answer = operator.post(address(template, "test"), FILLED)

    assert "has the status REJECT" in answer.content.decode()
    assert not Message.objects.filter(tenant=tenant).exists()


def test_a_viewer_sends_no_test_message(viewer, template, tenant):
    assert viewer.post(address(template, "test"), FILLED).status_code == 403
    assert not Message.objects.filter(tenant=tenant).exists()


def test_a_template_of_another_tenant_cannot_be_tested(operator, other_tenant):
    theirs = Template.objects.get(tenant=other_tenant)

    assert operator.post(address(theirs, "test"), FILLED).status_code == 403
    assert not Message.objects.exists()


def test_an_operator_resumes_a_stopped_template(operator, template, tenant):
    Template.objects.filter(pk=template.pk).update(stop_code="-132", stop_reason="Parameter invalid")

    operator.post(address(template, "resume"))

    template.refresh_from_db()
    assert (template.stop_code, template.stop_reason) == ("", "")
    assert sent(tenant).template_id == template.pk


def test_a_template_that_is_not_stopped_has_nothing_to_resume(operator, template):
    assert operator.post(address(template, "resume")).status_code == 403


def test_the_page_shows_parameters_and_why_it_is_stopped(viewer, template):
    Template.objects.filter(pk=template.pk).update(stop_code="-132", stop_reason="Parameter invalid")

    page = viewer.get(address(template, "change")).content.decode()

    assert "<td>customer</td><td>string</td><td>required</td><td>0-30</td>" in page
    assert "-132 Parameter invalid" in page


def test_a_viewer_syncs_nothing(viewer, tenant):
    assert viewer.get("/admin/messaging/template/sync", follow=True).status_code == 403


def test_a_sync_offers_only_the_channels_of_ones_own_tenants(operator, tenant, other_tenant):
    page = operator.get("/admin/messaging/template/sync", follow=True).content.decode()

    assert tenant.name in page
    assert other_tenant.name not in page


def test_a_sync_tells_what_a_channel_that_is_not_connected_lacks(operator, tenant):
    channel = tenant.channels.get()

    answer = operator.post("/admin/messaging/template/sync/", {"channels": [channel.pk]}, follow=True)

    assert "is not connected" in answer.content.decode()
