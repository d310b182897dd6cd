from messaging.models import Template, TemplateMapping
from messaging.queries.quotas import oa_quota
from messaging.states import MessageClass
from messaging.template_sync import sync_channel
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
