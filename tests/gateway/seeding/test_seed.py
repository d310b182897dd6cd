import json
import stat
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from gateway.seeding import SeedError, seed
from messaging.models import Template
from messaging.states import MessageClass
from providers.registry import PROVIDERS
from tenants import api_keys, runtime
from tenants.models import Account, ApiKey, Channel, OfficialAccount, RouteStep, Tenant
from tests.providers.sandbox.conftest import own_sandbox
from tests.providers.sandbox.running import RunningSandbox

__all__ = ["own_sandbox"]
CARRIERS = ("nxcloud", "nxcloud_sms", "infobip", "infobip_sms", "mini_app")


@pytest.fixture
def sandbox(db, own_sandbox: RunningSandbox, settings) -> RunningSandbox:
    settings.SANDBOX_URL = f"http://127.0.0.1:{own_sandbox.port}"
    runtime.forget()
    api_keys.forget()
    return own_sandbox


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def quiet(line: str) -> None:
    """Say nothing."""


def test_seeding_twice_changes_nothing(sandbox, home):
    first = seed(home, quiet)
    rows = [model.objects.count() for model in (Tenant, Account, OfficialAccount, Channel, Template, ApiKey)]

    assert seed(home, quiet) == first
    assert [model.objects.count() for model in (Tenant, Account, OfficialAccount, Channel, Template, ApiKey)] == rows


def test_the_keys_let_in_and_each_belongs_to_its_tenant(sandbox, home):
    seeded = seed(home, quiet)

    found = {}
    for name in ("apiKey", "testApiKey", "otherTenantApiKey"):
        principal = api_keys.authenticate(seeded[name], "127.0.0.1")
        found[name] = (principal.tenant_slug, principal.mode)
        assert principal.scopes == set(ApiKey.Scope.values)

    assert found == {
        "apiKey": ("demo", "live"),
        "testApiKey": ("demo", "test"),
        "otherTenantApiKey": ("other", "live"),
    }


def test_a_kept_key_gets_the_scopes_that_came_since(sandbox, home):
    seed(home, quiet)
    ApiKey.objects.update(scopes=["messages:send"])
    api_keys.forget()

    token = seed(home, quiet)["apiKey"]
    api_keys.forget()

    assert api_keys.authenticate(token, "127.0.0.1").scopes == set(ApiKey.Scope.values)


def test_scripts_may_send_one_person_many_promotions(sandbox, home):
    seed(home, quiet)

    caps = Tenant.objects.order_by("slug").values_list("slug", "promotions_a_day", "promotions_a_month")
    assert list(caps) == [("demo", None, None), ("other", None, None)]


def test_the_people_can_sign_in(sandbox, home):
    seeded = seed(home, quiet)

    admin = authenticate(username=seeded["adminUser"], password=seeded["adminPassword"])
    assert admin is not None
    assert admin.is_superuser
    for role, login in seeded["users"].items():
        user = authenticate(username=login["user"], password=login["password"])
        assert user is not None
        assert [(m.tenant.slug, m.role) for m in user.memberships.all()] == [("demo", role)]


def test_templates_have_the_ids_classes_and_time_outs_of_the_sandbox(sandbox, home):
    ids = seed(home, quiet)["templates"]

    found = {
        name: Template.objects.values_list("message_class", "timeout").get(tenant__slug="demo", code=code)
        for name, code in ids.items()
    }
    assert ids["bill"] == "7895417a7d3f9461cd2e"
    assert found == {
        "bill": (MessageClass.TRANSACTIONAL, 20.0),
        "order": (MessageClass.TRANSACTIONAL, 20.0),
        "otp": (MessageClass.OTP, 15.0),
        "promotion": (MessageClass.PROMOTIONAL, 20.0),
    }


@pytest.mark.parametrize("test", [False, True])
def test_the_channel_is_ready_to_send(sandbox, home, test):
    channel = int(seed(home, quiet)["channels"]["zns"]["id"])

    assert runtime.channel_runtime(channel, test).ready


def test_the_sandbox_sends_receipts_of_every_app_to_its_hook(sandbox, home):
    seed(home, quiet)

    urls = sandbox.call("GET", "/_/webhook").json()["urls"]
    rows = OfficialAccount.objects.select_related("app")
    assert urls == {row.app.app_id: runtime.hook_url(row.app.hook_token) for row in rows}
    assert len(urls) == 3


def test_lost_secrets_are_issued_anew_and_the_old_ones_let_nobody_in(sandbox, home):
    old = seed(home, quiet)
    (home / "secrets" / "demo.json").unlink()

    new = seed(home, quiet)

    assert new["apiKey"] != old["apiKey"]
    assert api_keys.authenticate(new["apiKey"], "127.0.0.1").tenant_slug == "demo"
    with pytest.raises(api_keys.InvalidKey):
        api_keys.authenticate(old["apiKey"], "127.0.0.1")
    assert authenticate(username="admin", password=old["adminPassword"]) is None


def test_a_renewed_pair_is_left_alone(sandbox, home):
    seed(home, quiet)
    row = OfficialAccount.objects.select_related("account").get(account__tenant__slug="demo")
    pair = sandbox.refresh(row.refresh_token).json()
    row.access_token, row.refresh_token = pair["access_token"], pair["refresh_token"]
    row.save()

    seed(home, quiet)

    row.refresh_from_db()
    assert (row.access_token, row.refresh_token) == (pair["access_token"], pair["refresh_token"])


def test_an_account_whose_pair_the_sandbox_no_longer_knows_is_connected_anew(sandbox, home):
    seed(home, quiet)
    row = OfficialAccount.objects.select_related("account").get(account__tenant__slug="demo")
    row.access_token = row.refresh_token = "of-a-sandbox-that-was-wiped"
    row.status = OfficialAccount.Status.RECONNECT
    row.save()

    seed(home, quiet)

    row.refresh_from_db()
    credentials = sandbox.accounts()["credentials"]
    assert (row.status, row.access_token) == ("connected", credentials["accessToken"])


def test_secrets_are_kept_for_the_owner_of_the_home_only(sandbox, home):
    seed(home, quiet)

    path = home / "secrets" / "demo.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_command_prints_one_line_of_json(sandbox, home, settings, capsys):
    settings.GATEWAY_HOME = home
    call_command("seed_demo", "--json")

    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert {"tenant", "apiKey", "route", "templates"} <= json.loads(printed).keys()


def test_nothing_is_seeded_outside_development(sandbox, home, monkeypatch):
    monkeypatch.setattr("gateway.seeding.steps.DEVELOPMENT", False)

    with pytest.raises(SeedError, match="GATEWAY_ENV=development"):
        seed(home, quiet)
    assert not Tenant.objects.exists()


def test_a_sandbox_that_is_down_is_told_in_one_line(db, home, settings, monkeypatch):
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    settings.GATEWAY_HOME = home
    monkeypatch.setattr("gateway.seeding.sandbox.SandboxControl.wait.__defaults__", (0.1,))

    with pytest.raises(CommandError, match=r"^the sandbox at http://127.0.0.1:9 does not answer: .+$"):
        call_command("seed_demo", "--json")


def test_routes_and_channels_are_told_by_name(sandbox, home):
    seeded = seed(home, quiet)

    accounts = sandbox.accounts()["officialAccounts"]
    assert seeded["routes"] == {
        "default": ["zns"],
        "zns-zns": ["zns", "zns-2"],
        "lent": ["zns-2"],
        "zns-sms": ["zns", "nxcloud_sms"],
        "nxcloud": ["nxcloud"],
        "infobip": ["infobip"],
        "mini_app": ["mini_app"],
        "oa": ["oa"],
        "zns_uid": ["zns_uid"],
        "nxcloud_sms": ["nxcloud_sms"],
        "infobip_sms": ["infobip_sms"],
        "zns-nxcloud-sms": ["zns", "nxcloud", "nxcloud_sms"],
        "all": ["zns", "nxcloud", "infobip", "nxcloud_sms"],
    }
    assert {name: (found["kind"], found.get("oaId")) for name, found in seeded["channels"].items()} == {
        "zns": ("zns", accounts[0]["oaId"]),
        "zns-2": ("zns", accounts[1]["oaId"]),
        "oa": ("oa", accounts[0]["oaId"]),
        "zns_uid": ("zns_uid", accounts[0]["oaId"]),
        **{kind: (kind, None) for kind in CARRIERS},
    }


@pytest.mark.parametrize("kind", CARRIERS)
@pytest.mark.parametrize("test", [False, True])
def test_every_channel_is_ready_with_its_credentials(sandbox, home, kind, test):
    channel = int(seed(home, quiet)["channels"][kind]["id"])

    found = runtime.channel_runtime(channel, test)
    assert (found.ready, found.not_ready_reason) == (True, "")
    assert found.origin == f"http://127.0.0.1:{sandbox.port}"


def test_the_second_channel_goes_over_an_account_that_the_platform_lends_to_both_tenants(sandbox, home):
    seeded = seed(home, quiet)

    account = Channel.objects.get(pk=int(seeded["channels"]["zns-2"]["id"])).account
    assert account.tenant is None
    assert {tenant.slug for tenant in account.lent_to.all()} == {"demo", "other"}
    assert runtime.channel_runtime(int(seeded["channels"]["zns-2"]["id"])).ready


def test_the_chain_of_three_waits_eight_seconds_for_all_but_its_last_receipt(sandbox, home):
    seed(home, quiet)

    steps = RouteStep.objects.filter(route__tenant__slug="demo", route__name="zns-nxcloud-sms").order_by("position")
    assert list(steps.values_list("channel__name", "deadline")) == [("zns", 8), ("nxcloud", 8), ("nxcloud_sms", None)]


def test_both_tenants_know_the_same_templates_on_both_channels(sandbox, home):
    ids = seed(home, quiet)["templates"]

    for slug in ("demo", "other"):
        for code in ids.values():
            template = Template.objects.get(tenant__slug=slug, code=code)
            by_user_id = set() if template.message_class == MessageClass.OTP else {"zns_uid"}
            channels = {mapping.channel.name for mapping in template.mappings.all()}
            assert channels == {"zns", "zns-2", *CARRIERS} | by_user_id
    order = Template.objects.get(tenant__slug="demo", code=ids["order"])
    known = {mapping.channel.name: mapping.provider_template_id for mapping in order.mappings.all()}
    assert (known["zns"], known["zns-2"], known["nxcloud"], known["infobip"]) == (
        "301001",
        "302001",
        "411001",
        "311001",
    )


def test_run_json_names_a_channel_of_every_kind(sandbox, home):
    channels = seed(home, quiet)["channels"].values()
    assert {channel["kind"] for channel in channels} == set(PROVIDERS)


def test_an_app_of_an_earlier_seed_goes_over_to_the_platform(sandbox, home):
    seed(home, quiet)
    row = OfficialAccount.objects.select_related("app").get(account__tenant__slug="demo")
    secret = row.app.app_secret
    row.app.tenant = Tenant.objects.get(slug="demo")
    row.app.app_secret = secret
    row.app.save()

    seed(home, quiet)

    row.app.refresh_from_db()
    assert row.app.tenant_id is None
    assert row.app.app_secret == secret
