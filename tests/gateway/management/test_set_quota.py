"""`manage.py set_quota` as operators and scripts use it."""

import pytest
from django.core.management import CommandError, call_command

from messaging.models import Template
from tenants.models import Channel, Quota, Tenant
from tests.factories import sending_tenant


@pytest.fixture
def tenant(db) -> Tenant:
    return sending_tenant("demo")


def run(*arguments: str) -> None:
    call_command("set_quota", "--tenant", "demo", *arguments)


def rows() -> list[tuple[int, str, str, bool, bool]]:
    return [
        (q.limit, q.period, q.on_limit, q.channel_id is not None, q.template_id is not None)
        for q in Quota.objects.order_by("pk")
    ]


def test_a_quota_of_the_tenant_is_set_and_told(tenant, capsys):
    run("--limit", "1000", "--period", "day", "--on-limit", "reject")
    assert rows() == [(1000, "day", "reject", False, False)]
    assert capsys.readouterr().out.startswith("demo: 1000 messages a day, then reject; 0 used, resets 20")


def test_setting_again_changes_the_same_quota(tenant):
    run("--limit", "1000")
    run("--limit", "5", "--on-limit", "reject")
    assert rows() == [(5, "day", "reject", False, False)]


@pytest.mark.parametrize("by", ["pk", "name"])
def test_a_channel_is_named_by_its_id_or_its_name(tenant, by):
    channel = Channel.objects.get(tenant=tenant)
    run("--limit", "7", "--on-limit", "divert", "--channel", str(getattr(channel, by)))
    assert Quota.objects.get().channel == channel


@pytest.mark.parametrize("by", ["pk", "code"])
def test_a_template_is_named_by_its_row_or_as_clients_name_it(tenant, by):
    template = Template.objects.get(tenant=tenant)
    run("--limit", "7", "--period", "month", "--on-limit", "divert", "--template", str(getattr(template, by)))
    assert (Quota.objects.get().template_id, Quota.objects.get().period) == (template.pk, "month")


def test_clearing_removes_only_the_quota_that_is_named(tenant):
    run("--limit", "7", "--channel", "zns")
    run("--limit", "9")
    run("--clear", "--channel", "zns")
    assert rows() == [(9, "day", "hold", False, False)]
    run("--clear")
    assert rows() == []


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--limit", "1", "--on-limit", "divert"), "name a channel or a template"),
        (("--limit", "1", "--channel", "zns", "--template", "bill"), "not of both"),
        (("--limit", "1", "--channel", "nowhere"), "no channel nowhere"),
        (("--limit", "1", "--template", "nothing"), "no template nothing"),
        (("--limit", "-1"), "is not a number"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(tenant, arguments, why):
    with pytest.raises(CommandError, match=why):
        run(*arguments)
    assert rows() == []


def test_another_tenants_channel_is_not_found(tenant):
    theirs = Channel.objects.get(tenant=sending_tenant("other"))
    with pytest.raises(CommandError, match="no channel"):
        run("--limit", "1", "--channel", str(theirs.pk))


def test_an_unknown_tenant_is_refused(db):
    with pytest.raises(CommandError, match="no tenant demo"):
        run("--limit", "1")
