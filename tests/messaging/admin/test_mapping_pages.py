"""What a template is called on each channel, entered in the admin."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Template, TemplateMapping
from tenants.models import Channel
from tests.factories import ChannelFactory, TemplateMappingFactory, provider_account
from tests.messaging.admin.conftest import browser

EMPTY = {"id": "", "channel": "", "provider_template_id": "", "parameter_names": "{}", "text": ""}


@pytest.fixture
def owner(tenant) -> Client:
    return browser("owner", tenant, "owner")


@pytest.fixture
def template(tenant) -> Template:
    return Template.objects.get(tenant=tenant, code="bill")


@pytest.fixture
def channels(tenant) -> dict[str, Channel]:
    """Channels over aggregators."""
    held = {kind: provider_account(tenant, kind).account for kind in ("nxcloud", "infobip")}
    kinds = {"nxcloud": "nxcloud", "nxcloud_sms": "nxcloud", "infobip": "infobip"}
    return {
        kind: ChannelFactory.create(tenant=tenant, name=kind.replace("_", "-"), kind=kind, account=held[account])
        for kind, account in kinds.items()
    }


def save(browser: Client, template: Template, *, parameters: str = "customer", **mapping: Any) -> Any:
    """Add one mapping to the one that stands."""
    stands = template.mappings.get()
    rows = [
        {"id": stands.pk, "channel": stands.channel_id, "provider_template_id": stands.provider_template_id},
        mapping,
    ]
    fields: dict[str, Any] = {"name": "Bill", "message_class": 1, "names": parameters}
    fields |= {"mappings-TOTAL_FORMS": 2, "mappings-INITIAL_FORMS": 1}
    for number, row in enumerate(rows):
        whole = EMPTY | {"template": template.pk} | row
        fields |= {f"mappings-{number}-{name}": value for name, value in whole.items()}
    return browser.post(reverse("admin:messaging_template_change", args=[template.pk]), fields)


def faults(answer: Any) -> dict[str, list[str]]:
    (formset,) = answer.context["inline_admin_formsets"]
    found: dict[str, list[str]] = formset.formset.errors[1]
    return found


def test_an_owner_maps_a_template_on_a_channel_without_a_list(owner, template, channels):
    names = '{"customer": "ten"}'
    answer = save(owner, template, channel=channels["nxcloud"].pk, provider_template_id="100200", parameter_names=names)
    assert answer.status_code == 302
    found = template.mappings.get(channel=channels["nxcloud"])
    assert (found.provider_template_id, found.parameter_names) == ("100200", {"customer": "ten"})


def test_an_owner_writes_the_text_of_an_sms_and_is_told_what_marks_cost(owner, template, channels):
    text = "Đơn {{customer}} " + "đang giao " * 8
    answer = save(owner, template, channel=channels["nxcloud_sms"].pk, text=text)
    page = owner.get(answer.headers["Location"]).content.decode()
    assert "nxcloud-sms: Because of its diacritics it takes 2 parts; without them 1." in page
    assert template.mappings.get(channel=channels["nxcloud_sms"]).text == text.strip()


@pytest.mark.parametrize(
    ("kind", "mapping", "field", "told"),
    [
        ("nxcloud", {}, "provider_template_id", "Enter the id that the provider knows the template by."),
        ("infobip", {"provider_template_id": "bill"}, "provider_template_id", "The template's id is no number."),
        ("nxcloud", {"provider_template_id": "1", "text": "Hi"}, "text", "Only an SMS channel sends this text."),
        ("nxcloud_sms", {"provider_template_id": "1"}, "provider_template_id", "An SMS has a text instead."),
        ("nxcloud_sms", {"text": "{{a"}, "text", "Braces are not closed"),
        (
            "nxcloud",
            {"provider_template_id": "1", "parameter_names": '{"cid": "id"}'},
            "parameter_names",
            "The template has no parameter cid.",
        ),
        ("nxcloud", {"provider_template_id": "1", "parameter_names": "[]"}, "parameter_names", "Write our names"),
    ],
)
def test_what_a_channel_cannot_take_is_told_at_its_field(owner, template, channels, kind, mapping, field, told):
    found = faults(save(owner, template, channel=channels[kind].pk, **mapping))
    assert list(found) == [field]
    assert told in found[field][0]
    assert template.mappings.count() == 1


def test_no_names_are_needed_where_they_are_equal(owner, template, channels):
    save(owner, template, channel=channels["nxcloud"].pk, provider_template_id="1", parameter_names="")
    assert template.mappings.get(channel=channels["nxcloud"]).parameter_names == {}


def test_a_template_of_more_parameters_than_the_wire_takes_is_not_mapped(owner, template, channels):
    nine = "\n".join(f"p{n}" for n in range(9))
    answer = save(owner, template, parameters=nine, channel=channels["nxcloud"].pk, provider_template_id="1")
    assert "provider_template_id" in faults(answer)


def test_a_channel_of_another_tenant_cannot_be_chosen(owner, template, other_tenant):
    theirs = other_tenant.channels.get()
    found = faults(save(owner, template, channel=theirs.pk, provider_template_id="1"))
    assert "channel" in found
    assert not TemplateMapping.objects.filter(template=template, channel=theirs).exists()


def test_a_viewer_reads_what_the_provider_tells_of_a_mapping(viewer, template, channels):
    TemplateMappingFactory.create(
        template=template, channel=channels["infobip"], provider_template_id="311000", status="DISABLE", price="77"
    )
    page = viewer.get(reverse("admin:messaging_template_change", args=[template.pk])).content.decode()
    assert "DISABLE" in page
    assert "311000" in page
    assert 'name="mappings-0-text"' not in page


def test_an_owner_adds_a_template_that_no_provider_lists(owner, tenant):
    fields = {"tenant": tenant.pk, "code": "order", "name": "Order", "message_class": 2, "names": "code\n date \ncode"}
    assert owner.post(reverse("admin:messaging_template_add"), fields).status_code == 302
    found = Template.objects.get(tenant=tenant, code="order")
    assert [parameter["name"] for parameter in found.parameters] == ["code", "date"]
    assert (found.message_class, found.status, found.synced_at) == (2, "ENABLE", None)


def test_a_name_of_a_parameter_has_no_space(owner, tenant):
    fields = {"tenant": tenant.pk, "code": "order", "name": "Order", "message_class": 2, "names": "order code"}
    answer = owner.post(reverse("admin:messaging_template_add"), fields)
    assert list(answer.context["adminform"].form.errors) == ["names"]
    assert not Template.objects.filter(code="order").exists()


def test_what_a_provider_told_is_not_written_by_hand(owner, template):
    Template.objects.filter(pk=template.pk).update(synced_at="2026-11-21T00:00:00Z")
    page = owner.get(reverse("admin:messaging_template_change", args=[template.pk])).content.decode()
    assert 'name="names"' not in page
    assert 'name="name"' not in page


def test_operators_add_no_template(operator):
    assert operator.get(reverse("admin:messaging_template_add")).status_code == 403
