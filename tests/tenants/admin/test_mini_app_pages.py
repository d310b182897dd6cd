"""The settings of a Mini App's account: tested with the failing one named, its statistics, its keys."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from providers.sandbox.mini_app.owners import FIRST, OWNERS
from tenants.models import ProviderAccount
from tenants.testing_settings import try_settings
from tests.factories import TenantFactory, provider_account
from tests.providers.sandbox.conftest import sandbox, shared_sandbox
from tests.providers.sandbox.running import RunningSandbox

__all__ = ["sandbox", "shared_sandbox"]
GOOD = {"api_key": FIRST.api_key, "zalo_app_id": FIRST.zalo_app_id, "mini_app_id": FIRST.mini_apps[0]}
STATS = f"/apps/{FIRST.mini_apps[0]}/stats"


@pytest.fixture(autouse=True)
def reach(sandbox: RunningSandbox, settings: Any) -> None:
    settings.SANDBOX_URL = f"http://127.0.0.1:{sandbox.port}"


@pytest.fixture
def held(db: Any) -> ProviderAccount:
    return provider_account(TenantFactory.create(slug="sen"), "mini_app", **GOOD)


def page(held: ProviderAccount, name: str = "statistics") -> str:
    return reverse(f"admin:tenants_provideraccount_{name}", args=[held.pk])


def ask(client: Client, held: ProviderAccount, **changed: str) -> str:
    fields = {"type": "platform", "first_day": "2026-01-01", "last_day": "2026-03-31", **changed}
    return client.post(page(held), fields).content.decode()


def test_right_settings_pass(held: ProviderAccount) -> None:
    assert try_settings(held).ok


@pytest.mark.parametrize(
    ("changed", "label"),
    [
        ({"api_key": "wrong"}, "Open API key: "),
        ({"zalo_app_id": "1"}, "Zalo App id: "),
        ({"mini_app_id": "1"}, "Mini App id: "),
        ({"api_key": ""}, "Open API key: it is not set."),
        ({"api_key": OWNERS[3].api_key}, "scopes of the key: "),
    ],
)
def test_the_failing_setting_is_named(held: ProviderAccount, changed: dict[str, str], label: str) -> None:
    held.put(GOOD | changed)
    found = try_settings(held)
    assert not found.ok
    assert label in found.text
    assert FIRST.api_key not in found.text


def test_the_form_shows_no_key_and_the_address_for_zalo(admin_client: Client, held: ProviderAccount) -> None:
    shown = admin_client.get(page(held, "change")).content.decode()
    assert f"/hooks/mini_app/{held.hook_token}" in shown
    assert FIRST.api_key not in shown
    assert 'name="facts"' in shown


def test_a_new_key_lets_the_one_before_go_on_proving_events(admin_client: Client, held: ProviderAccount) -> None:
    fields = {"api_key": "the new key", "zalo_app_id": "1", "mini_app_id": "2", "facts": "required"}
    assert admin_client.post(page(held, "change"), fields).status_code == 302
    held.refresh_from_db()
    wanted = {**fields, "previous_api_key": FIRST.api_key}
    assert held.values() == wanted
    assert admin_client.post(page(held, "change"), fields | {"api_key": ""}).status_code == 302
    held.refresh_from_db()
    assert held.values() == wanted


def test_ninety_days_are_shown(admin_client: Client, held: ProviderAccount) -> None:
    shown = ask(admin_client, held)
    assert "&quot;value&quot;: 189" in shown


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"last_day": "2026-04-01"}, "from the first to the last day there may be 1 to 90 days"),
        ({"last_day": "2025-12-31"}, "from the first to the last day there may be 1 to 90 days"),
        ({"type": "nothing"}, "Select a valid choice."),
        ({"first_day": "yesterday"}, "Enter a valid date."),
    ],
)
def test_bounds_are_checked_before_the_call(
    admin_client: Client, held: ProviderAccount, sandbox: RunningSandbox, changed: dict[str, str], words: str
) -> None:
    before = len(sandbox.record(path=STATS))
    assert words in ask(admin_client, held, **changed)
    assert len(sandbox.record(path=STATS)) == before


def test_what_zalo_refuses_names_the_setting(admin_client: Client, held: ProviderAccount) -> None:
    held.put(GOOD | {"zalo_app_id": "1"})
    held.save()
    assert "Zalo does not tell: zalo_app_id: " in ask(admin_client, held)


def test_statistics_are_for_those_who_may_use_the_account(
    owner: Client, viewer: Client, tenant: Any, held: ProviderAccount
) -> None:
    mine = provider_account(tenant, "mini_app", **GOOD)
    assert owner.get(page(mine)).status_code == 200
    assert viewer.get(page(mine)).status_code == 403
    assert owner.get(page(held)).status_code == 403


def test_other_accounts_have_none(admin_client: Client) -> None:
    other = provider_account(TenantFactory.create(slug="nx"), "nxcloud", access_key="a")
    assert admin_client.get(page(other)).status_code == 403
    assert "/statistics" not in admin_client.get(page(other, "change")).content.decode()
