import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.dispatch.consequences import stop_template
from messaging.models import Template, TemplateMapping
from messaging.queries.quotas import oa_quota
from messaging.states import MessageClass
from messaging.template_sync import sync_channel
from messaging.template_writing import SYNCED, resume_template, write
from providers.contract import TemplateDetail
from tenants.models import Alert, Channel
from tests.messaging.carriers import add_infobip, add_nxcloud
from tests.messaging.world import World


def test_a_sync_brings_in_every_template_of_the_provider(world: World):
    Template.objects.all().delete()
    report = sync_channel(world.channel.id)
    assert (report.created, report.updated, report.gone, report.failed, report.error) == (report.found, 0, 0, (), "")
    assert TemplateMapping.objects.filter(channel=world.channel).count() == report.found
    known = {row.code: [parameter["name"] for parameter in row.parameters] for row in Template.objects.all()}
    provided = {template["id"]: template["params"] for template in world.sandbox.accounts()["templates"]}
    assert {code: known.get(code) for code in provided} == provided


def test_what_may_not_be_sent_is_known_with_its_status(world: World):
    sync_channel(world.channel.id)
    assert set(Template.objects.values_list("status", flat=True)) > {"ENABLE"}


def test_classes_come_from_tags(world: World):
    Template.objects.all().delete()
    sync_channel(world.channel.id)
    classes = set(Template.objects.values_list("tag", "message_class"))
    assert ("otp", MessageClass.OTP) in classes
    assert ("promotion", MessageClass.PROMOTIONAL) in classes
    assert ("transaction", MessageClass.TRANSACTIONAL) in classes


def test_a_second_sync_makes_nothing_new_and_keeps_a_class_that_a_person_chose(world: World):
    first = sync_channel(world.channel.id)
    Template.objects.filter(code="order").update(message_class=MessageClass.PROMOTIONAL)
    again = sync_channel(world.channel.id)
    assert (again.created, again.updated) == (0, first.found)
    assert Template.objects.get(code="order").message_class == MessageClass.PROMOTIONAL


def test_a_mapped_template_keeps_its_own_code_and_parameter_names(world: World):
    mapping = TemplateMapping.objects.get(template__code="otp")
    TemplateMapping.objects.filter(id=mapping.id).update(parameter_names={"password": "otp"})
    sync_channel(world.channel.id)
    template = Template.objects.get(code="otp")
    assert [parameter["name"] for parameter in template.parameters] == ["password"]
    assert not Template.objects.filter(code=mapping.provider_template_id).exists()


def test_a_template_that_is_listed_no_more_is_marked(world: World):
    sync_channel(world.channel.id)
    mapping = TemplateMapping.objects.get(template__code="order")
    TemplateMapping.objects.filter(id=mapping.id).update(provider_template_id="gone")
    assert sync_channel(world.channel.id).gone == 1
    assert Template.objects.get(code="order").status == "DELETE"


def test_a_provider_that_fails_changes_nothing(world: World):
    world.sandbox.call(
        "POST", "/_/faults", {"host": "business.openapi.zalo.me", "path": "/template/all", "fault": "html502"}
    )
    try:
        report = sync_channel(world.channel.id)
    finally:
        world.sandbox.call("DELETE", "/_/faults")
    assert report.error
    assert (report.found, report.gone) == (0, 0)
    assert set(Template.objects.values_list("status", flat=True)) == {"ENABLE"}


def test_a_sync_lifts_the_stop_of_an_enabled_template(world: World):
    Template.objects.filter(code="order").update(stop_code="-1123", stop_reason="x")
    sync_channel(world.channel.id)
    assert Template.objects.get(code="order").stop_code == ""


def test_the_quota_of_an_account_is_asked_for_and_kept(world: World):
    quota = oa_quota(world.tenant.id, world.oa.oa_id, test=False)
    assert quota is not None
    assert quota.daily is not None and quota.remaining is not None and 0 < quota.remaining <= quota.daily
    world.oa.refresh_from_db()
    assert (world.oa.daily_quota, world.oa.remaining_quota, world.oa.quota_at) == (
        quota.daily,
        quota.remaining,
        quota.read_at,
    )


@pytest.fixture
def infobip(world: World) -> Channel:
    return add_infobip(world)["infobip"]


def test_every_kind_whose_provider_lists_templates_is_synced_the_most_telling_first():
    assert SYNCED == ("zns", "zns_uid", "infobip")


def test_what_an_aggregator_lists_becomes_templates_too(world: World, infobip: Channel):
    known = set(Template.objects.values_list("code", flat=True))
    report = sync_channel(infobip.pk)
    assert (report.error, report.failed, report.updated) == ("", (), 2)
    new = Template.objects.exclude(code__in=known)
    assert new.count() == report.created == report.found - 2
    assert all(row.parameters for row in new)
    again = sync_channel(infobip.pk)
    assert (again.created, again.updated, again.gone) == (0, report.found, 0)


def test_an_aggregator_says_nothing_of_what_zalo_tells_of_a_template(world: World, infobip: Channel):
    sync_channel(world.channel.pk)
    before = Template.objects.filter(code="order").values().get()
    sync_channel(infobip.pk)
    assert Template.objects.filter(code="order").values().get() == before
    own = TemplateMapping.objects.get(template__code="order", channel=world.channel)
    theirs = TemplateMapping.objects.get(template__code="order", channel=infobip)
    assert (own.status, own.price, own.quality) == (before["status"], before["price"], before["quality"])
    assert (theirs.status, theirs.price, theirs.quality) == ("ENABLE", "", "")
    assert own.price
    assert theirs.synced_at is not None


def test_a_template_that_one_of_two_lists_has_lost_is_still_there(world: World, infobip: Channel):
    for channel in (world.channel, infobip):
        sync_channel(channel.pk)
    TemplateMapping.objects.filter(template__code="order", channel=infobip).update(provider_template_id="999")
    assert sync_channel(infobip.pk).gone == 0
    assert TemplateMapping.objects.get(template__code="order", channel=infobip).status == "DELETE"
    assert Template.objects.get(code="order").status == "ENABLE"


def test_many_templates_are_written_by_as_many_statements_as_few(world: World):
    def written(prefix: str, count: int) -> int:
        details = [TemplateDetail(id=f"{prefix}{n}", name="x", status="ENABLE") for n in range(count)]
        with CaptureQueriesContext(connection) as asked:
            assert write(world.channel, details) == count
            assert write(world.channel, details) == 0
        return len(asked)

    assert written("few", 2) == written("many", 60)


def test_a_fault_stops_the_template_on_its_channel_and_wholly_on_the_last(world: World):
    over = add_nxcloud(world)["nxcloud"]
    template = Template.objects.get(code="order")
    assert stop_template(template.pk, over.pk, "17001", "It does not exist.")
    assert not stop_template(template.pk, over.pk, "17001", "It does not exist.")
    template.refresh_from_db()
    assert (template.stop_code, template.is_stopped) == ("", True)
    assert TemplateMapping.objects.get(template=template, channel=over).stop_code == "17001"
    assert stop_template(template.pk, world.channel.pk, "-132", "Invalid.")
    template.refresh_from_db()
    assert template.stop_code == "-132"
    assert resume_template(template)
    template.refresh_from_db()
    assert (template.stop_code, template.is_stopped) == ("", False)
    assert not Alert.objects.filter(ended_at=None).exists()


def test_the_command_syncs_what_is_named(world: World, infobip: Channel, capsys):
    call_command("sync_templates", tenant=world.tenant.slug, channel=world.channel.name)
    out = capsys.readouterr().out
    assert out.startswith(f"{world.tenant.slug}: zns: ")
    assert len(out.splitlines()) == 1
    assert TemplateMapping.objects.filter(channel=infobip).exclude(synced_at=None).count() == 0


def test_the_command_fails_where_a_list_cannot_be_read(world: World):
    with pytest.raises(CommandError, match="no such channel"):
        call_command("sync_templates", tenant="nobody")
    world.sandbox.call(
        "POST", "/_/faults", {"host": "business.openapi.zalo.me", "path": "/template/all", "fault": "html502"}
    )
    try:
        with pytest.raises(CommandError, match="1 of 1"):
            call_command("sync_templates")
    finally:
        world.sandbox.call("DELETE", "/_/faults")
