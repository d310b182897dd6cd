from datetime import timedelta

import pytest

from tenants import runtime
from tenants.custody import paste, refresh
from tenants.models import Account, Channel, OfficialAccount, Tenant, ZaloApp
from tenants.runtime import (
    NoSandboxAccount,
    NoSuchChannel,
    channel_runtime,
    resume_channel,
    stop_channel,
)
from tests.tenants.custody.token_endpoint import TokenEndpoint, pair


@pytest.fixture(autouse=True)
def nothing_known():
    runtime.forget()


def make_official_account(tenant: Tenant | None, name: str, environment: str, number: str) -> OfficialAccount:
    app = ZaloApp(tenant=tenant, name=name, app_id=f"71{number}", environment=environment)
    app.app_secret = f"secret-{number}"
    app.save()
    account = Account.objects.create(tenant=tenant, kind="zalo_oa", name=name, environment=environment)
    row = OfficialAccount.objects.create(account=account, app=app, oa_id=f"52{number}")
    return paste(row, f"access-{number}", f"refresh-{number}")


@pytest.fixture
def connected(tenant) -> OfficialAccount:
    return make_official_account(tenant, "Bakery", "live", "1")


@pytest.fixture
def channel(tenant, connected) -> Channel:
    return Channel.objects.create(tenant=tenant, name="zns", kind="zns", account=connected.account)


@pytest.fixture
def sandbox_account(db) -> OfficialAccount:
    return make_official_account(None, "sandbox", "sandbox", "9")


def test_a_connected_channel_is_ready(channel, connected, settings):
    settings.PUBLIC_URL = "https://gateway.example"
    found = channel_runtime(channel.id)
    assert (found.ready, found.not_ready_reason, found.origin, found.kind) == (True, "", "", "zns")
    assert (found.channel_id, found.tenant_id, found.account_id) == (channel.id, channel.tenant_id, connected.pk)
    assert found.official_account_id == connected.pk
    assert found.access_expires_at == connected.access_expires_at
    assert found.hook_url == f"https://gateway.example/hooks/zalo/{connected.app.hook_token}"
    assert (found.state, found.stop_reason, found.when_unknown) == ("active", "", "wait")


def test_the_credentials_are_those_of_the_account_and_the_channel(channel, connected):
    connected.app.prove_secret = True
    connected.app.save()
    Channel.objects.update(hash_phone=True)
    assert channel_runtime(channel.id).credentials == {
        "access_token": "access-1",
        "app_secret": "secret-1",
        "prove": "1",
        "oa_id": "521",
        "hash_phone": "1",
    }


def test_no_secret_shows_when_a_runtime_is_printed(channel):
    assert "secret-1" not in repr(channel_runtime(channel.id))


def test_a_known_channel_costs_no_statement(channel, django_assert_num_queries):
    with django_assert_num_queries(1):
        channel_runtime(channel.id)
    with django_assert_num_queries(0):
        channel_runtime(channel.id)


def test_a_sandboxed_account_goes_to_the_sandbox(channel, connected, settings):
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    Account.objects.filter(pk=connected.pk).update(environment="sandbox")
    assert channel_runtime(channel.id).origin == "http://127.0.0.1:9"


def test_a_sandboxed_account_without_a_sandbox_is_not_ready(channel, connected, settings):
    settings.SANDBOX_URL = ""
    Account.objects.filter(pk=connected.pk).update(environment="sandbox")
    found = channel_runtime(channel.id)
    assert (found.ready, found.not_ready_reason) == (False, "SANDBOX_URL is not set.")


def test_a_test_goes_over_the_platforms_sandbox_account(channel, sandbox_account, settings):
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    found = channel_runtime(channel.id, test=True)
    assert (found.account_id, found.origin, found.ready) == (sandbox_account.pk, "http://127.0.0.1:9", True)
    assert found.credentials["access_token"] == "access-9"
    assert found.tenant_id == channel.tenant_id


def test_a_test_without_the_platforms_sandbox_account_says_what_is_missing(channel):
    with pytest.raises(NoSandboxAccount, match="named `sandbox`"):
        channel_runtime(channel.id, test=True)


def test_an_unknown_channel_is_told(db):
    with pytest.raises(NoSuchChannel):
        channel_runtime(987654)


def test_an_ended_token_with_a_refresh_token_can_be_renewed(channel, moved):
    with moved(timedelta(hours=25)):
        found = channel_runtime(channel.id)
    assert (found.ready, found.renewable) == (False, True)


def test_an_ended_token_without_a_refresh_token_cannot(channel, connected, moved):
    OfficialAccount.objects.update(refresh_token_sealed=b"")
    with moved(timedelta(hours=25)):
        found = channel_runtime(channel.id)
    assert (found.ready, found.renewable) == (False, False)


def test_a_working_token_is_used_even_when_a_reconnect_is_needed(channel):
    OfficialAccount.objects.update(status="reconnect", status_code="refresh_refused")
    assert channel_runtime(channel.id).ready


def test_a_channel_over_an_account_lent_to_its_tenant_is_ready(other_tenant, tenant):
    lent = make_official_account(None, "Shared", "live", "5")
    lent.account.lent_to.add(tenant)
    channel = Channel.objects.create(tenant=tenant, name="lent", kind="zns", account=lent.account)
    assert channel_runtime(channel.id).ready


def test_a_channel_over_another_tenants_account_is_not_ready(channel, other_tenant):
    Account.objects.update(tenant=other_tenant)
    found = channel_runtime(channel.id)
    assert (found.ready, found.not_ready_reason) == (False, "The account is not lent to this tenant.")
    assert found.credentials == {}


def test_a_channel_of_an_inactive_tenant_is_not_ready(channel, tenant):
    Tenant.objects.update(is_active=False)
    assert channel_runtime(channel.id).not_ready_reason == "The tenant is inactive."


@pytest.mark.django_db(transaction=True)
def test_new_tokens_are_seen_at_once_in_the_process_that_got_them(channel, connected, settings):
    zalo = TokenEndpoint(pair(2))
    settings.SANDBOX_URL = zalo.origin
    ZaloApp.objects.update(environment="sandbox")
    assert channel_runtime(channel.id).credentials["access_token"] == "access-1"
    refresh(connected.pk, "access-1")
    zalo.close()
    assert channel_runtime(channel.id).credentials["access_token"] == "access-2"


@pytest.mark.django_db(transaction=True)
def test_tokens_renewed_elsewhere_are_seen_once_somebody_asks_for_them(channel, connected):
    channel_runtime(channel.id)
    row = OfficialAccount.objects.select_related("account").get()
    row.access_token = "access-2"
    row.save()
    assert refresh(connected.pk, "access-1") == "access-2"
    assert channel_runtime(channel.id).credentials["access_token"] == "access-2"


def test_a_stopped_channel_says_why(channel):
    channel_runtime(channel.id)
    assert stop_channel(channel.id, "-137", "The OA has no money left.")
    found = channel_runtime(channel.id)
    assert (found.state, found.stop_code, found.stop_reason) == ("stopped", "-137", "The OA has no money left.")


def test_stopping_again_keeps_the_first_reason(channel):
    stop_channel(channel.id, "-137", "The OA has no money left.")
    assert not stop_channel(channel.id, "-200", "Something else.")
    assert channel_runtime(channel.id).stop_code == "-137"


def test_a_resumed_channel_sends_again(channel):
    stop_channel(channel.id, "-137", "The OA has no money left.")
    assert resume_channel(channel.id)
    found = channel_runtime(channel.id)
    assert (found.state, found.stop_code, found.stop_reason) == ("active", "", "")


def test_resuming_an_active_channel_changes_nothing(channel):
    assert not resume_channel(channel.id)
