"""The SMS that follows the messages of a campaign."""

from datetime import timedelta

import pytest

from messaging.campaigns.loading import load
from messaging.campaigns.preview import preview
from messaging.content import open_content
from messaging.intake.errors import Refused
from messaging.models import CampaignRun, Message
from tenants.data_keys import content_key_by_id
from tests.factories import ChannelFactory, provider_account
from tests.messaging.campaigns.conftest import made, table

SMS = {"text": "Chào {{customer}}", "sender": "BAKERY", "validityPeriod": {"amount": 2, "timeUnit": "HOURS"}}


@pytest.fixture
def with_sms(tenant):
    held = provider_account(tenant, "nxcloud")
    ChannelFactory.create(tenant=tenant, name="sms", kind="nxcloud_sms", account=held.account)
    return tenant


def test_every_message_has_it(with_sms):
    run = CampaignRun.objects.get(campaign=made(with_sms, table(2), options={"smsFailover": SMS}))
    load(run.pk)
    messages = Message.objects.filter(bulk_id=run.bulk_id)
    assert [message.sms_validity for message in messages] == [timedelta(hours=2)] * 2
    for message in messages:
        key = content_key_by_id(message.data_key_id)
        content = open_content(key, message.id, bytes(message.content or b""))
        assert (content.sms_text, content.sms_sender, content.plain) == ("Chào {{customer}}", "BAKERY", False)


def test_it_may_go_without_diacritics(with_sms):
    options = {"smsFailover": SMS, "removeDiacritics": True}
    campaign = made(with_sms, table(1), options=options, draft=True)
    found = preview(campaign, 2)
    assert found is not None
    assert found.sms is not None
    assert (found.sms.parts.encoding, found.sms.parts.count) == ("GSM-7", 1)


def test_a_preview_counts_its_parts(with_sms):
    found = preview(made(with_sms, table(1), options={"smsFailover": SMS}, draft=True), 2)
    assert found is not None
    assert found.sms is not None
    assert (found.sms.parts.encoding, found.sms.characters) == ("UCS-2", len("Chào Khách 0"))


def test_a_campaign_without_it_has_none(with_sms):
    found = preview(made(with_sms, table(1), draft=True), 2)
    assert found is not None
    assert found.sms is None


def test_a_parameter_that_no_column_holds_is_refused(with_sms):
    with pytest.raises(Refused) as refused:
        made(with_sms, table(1), options={"smsFailover": SMS | {"text": "{{code}}"}})
    assert [(e.field, e.code) for e in refused.value.errors] == [("options.smsFailover.text", "unknown_parameter")]


def test_a_tenant_without_an_sms_channel_is_told_so(tenant):
    with pytest.raises(Refused) as refused:
        made(tenant, table(1), options={"smsFailover": SMS})
    assert [(e.field, e.code) for e in refused.value.errors] == [("options.smsFailover", "no_sms_channel")]


def test_a_row_that_lacks_a_value_of_it_is_left_out_alone(with_sms):
    template = with_sms.templates.get()
    template.parameters = [{"name": "customer", "required": False}]
    template.save()
    run = CampaignRun.objects.get(campaign=made(with_sms, table(1) + "0987000009,\n", options={"smsFailover": SMS}))
    load(run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows_loaded, run.rows_bad) == (CampaignRun.State.LOADED, 1, 1)
    assert run.problems.get().code == "unknown_parameter"
