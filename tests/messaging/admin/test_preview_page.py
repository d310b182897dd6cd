"""Where would this go? A page that tells and stores nothing."""

from messaging.models import Message
from tenants.models import Channel
from tests.factories import ChannelFactory, provider_account
from tests.messaging.admin.conftest import browser


def address(tenant) -> str:
    return f"/admin/messaging/template/{tenant.templates.get().pk}/preview/"


FORM = {"to": "0987654321", "where": "live", "route": "default", "value-customer": "An"}


def test_the_way_of_a_message_is_told(operator, tenant):
    Channel.objects.update(night_rules=False)
    page = operator.post(address(tenant), FORM).content.decode()
    assert "It is sent." in page
    assert not Message.objects.exists()


def test_a_stopped_channel_is_told(operator, tenant):
    Channel.objects.update(state=Channel.State.STOPPED)
    page = operator.post(address(tenant), FORM).content.decode()
    assert "It waits." in page
    assert "The channel is stopped." in page


def test_the_sms_that_follows_is_shown_with_its_parts(operator, tenant):
    Channel.objects.update(night_rules=False)
    held = provider_account(tenant, "nxcloud")
    ChannelFactory.create(tenant=tenant, name="by-sms", kind="nxcloud_sms", account=held.account)
    text = "Chào {{customer}}, " + "đơn hàng " * 9
    page = operator.post(address(tenant), FORM | {"sms_text": text}).content.decode()
    assert "by-sms" in page
    assert "UCS-2, 2 parts. Because of its diacritics it takes 2 parts; without them 1." in page


def test_a_parameter_that_the_sms_lacks_is_told_at_its_text(operator, tenant):
    held = provider_account(tenant, "nxcloud")
    ChannelFactory.create(tenant=tenant, name="by-sms", kind="nxcloud_sms", account=held.account)
    answer = operator.post(address(tenant), FORM | {"sms_text": "{{code}}"})
    assert list(answer.context["form"].errors) == ["sms_text"]


def test_what_is_wrong_is_told_at_its_field(operator, tenant):
    page = operator.post(address(tenant), FORM | {"value-customer": ""}).content.decode()
    assert "This field is required." in page


def test_another_tenants_template_is_not_there(operator, tenant, other_tenant):
    stranger = browser("stranger", other_tenant, "operator")
    assert stranger.post(address(tenant), FORM).status_code != 200
