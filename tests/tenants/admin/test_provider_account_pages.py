"""Settings of accounts in the admin: entered, never shown again, and tested with the failing one named."""

import base64
import re

import pytest
from django.test import Client
from django.urls import reverse

from providers.sandbox.infobip.seeds import FIRST as INFOBIP
from providers.sandbox.nxcloud.customers import FIRST
from tenants.models import ProviderAccount
from tenants.testing_settings import fetch_public_key, try_settings
from tests.factories import TenantFactory, provider_account
from tests.providers.sandbox.conftest import sandbox, shared_sandbox
from tests.providers.sandbox.running import RunningSandbox

__all__ = ["sandbox", "shared_sandbox"]
GOOD = {
    "access_key": FIRST.access_key,
    "access_secret": FIRST.access_secret,
    "appkey": FIRST.appkey,
    "secretkey": FIRST.secretkey,
}


@pytest.fixture
def held(db) -> ProviderAccount:
    return provider_account(TenantFactory.create(), "nxcloud", **GOOD)


@pytest.fixture
def page(admin_client: Client, held: ProviderAccount) -> str:
    return reverse("admin:tenants_provideraccount_change", args=[held.pk])


def test_the_form_has_the_fields_of_its_kind_and_shows_no_secret(admin_client, page):
    shown = admin_client.get(page).content.decode()
    assert all(f'name="{name}"' in shown for name in ("access_key", "access_secret", "appkey", "sms_sender"))
    assert FIRST.access_secret not in shown


def test_an_empty_secret_keeps_the_stored_one(admin_client, page, held):
    fields = {"access_key": FIRST.access_key, "appkey": "another", "access_secret": ""}
    assert admin_client.post(page, fields).status_code == 302
    held.refresh_from_db()
    assert (held.values()["access_secret"], held.values()["appkey"]) == (FIRST.access_secret, "another")


def test_a_missing_setting_is_named(held):
    held.put(GOOD | {"appkey": ""})
    assert try_settings(held) == (False, "App key: it is not set.")


def test_right_settings_pass(held, sandbox: RunningSandbox, settings):
    settings.SANDBOX_URL = f"http://127.0.0.1:{sandbox.port}"
    assert try_settings(held).ok


@pytest.mark.parametrize(("name", "label"), [("access_secret", "Access secret"), ("access_key", "Access key")])
def test_a_wrong_setting_is_named(held, sandbox: RunningSandbox, settings, name, label):
    settings.SANDBOX_URL = f"http://127.0.0.1:{sandbox.port}"
    held.put(GOOD | {name: "wrong"})
    found = try_settings(held)
    assert not found.ok
    assert label in found.text


def test_what_is_left_at_the_provider_is_told_with_a_test_that_passes(held, sandbox: RunningSandbox, settings):
    settings.SANDBOX_URL = f"http://127.0.0.1:{sandbox.port}"
    assert re.search(r"Balance: [0-9.]+\.", try_settings(held).text)


def test_a_wrong_key_that_sending_does_not_need_is_named_too(held, sandbox: RunningSandbox, settings):
    settings.SANDBOX_URL = f"http://127.0.0.1:{sandbox.port}"
    held.put(GOOD | {"secretkey": "wrong"})
    found = try_settings(held)
    assert found.ok
    assert "The balance is not told: App key or Secret key: " in found.text


@pytest.fixture
def infobip(db) -> ProviderAccount:
    return provider_account(
        TenantFactory.create(), "infobip", api_key=INFOBIP.api_key, sender=INFOBIP.sender, sms_sender=INFOBIP.sms_sender
    )


@pytest.mark.parametrize(("name", "label"), [("api_key", "API key: "), ("sender", "Zalo sender: ")])
def test_a_wrong_setting_of_infobip_is_named(infobip, sandbox: RunningSandbox, settings, name, label):
    settings.SANDBOX_URL = f"http://127.0.0.1:{sandbox.port}"
    assert try_settings(infobip).ok
    infobip.put(infobip.values() | {name: "5300000000000000000"})
    found = try_settings(infobip)
    assert not found.ok
    assert f"infobip: {label}" in found.text


def test_what_is_left_of_a_daily_quota_is_told_too(infobip, sandbox: RunningSandbox, settings):
    settings.SANDBOX_URL = f"http://127.0.0.1:{sandbox.port}"
    assert re.search(r"Balance: [0-9.]+ EUR\. Left of today's quota: \d+ of \d+\.$", try_settings(infobip).text)


def key_page(held: ProviderAccount) -> str:
    return reverse("admin:tenants_provideraccount_fetch_key", args=[held.pk])


def test_the_public_key_is_fetched_and_stored_when_it_is_asked_for(
    admin_client, infobip, sandbox: RunningSandbox, settings
):
    settings.SANDBOX_URL = f"http://127.0.0.1:{sandbox.port}"
    assert admin_client.get(key_page(infobip)).status_code == 200
    infobip.refresh_from_db()
    assert "public_key" not in infobip.values()
    keys = []
    for _ in range(2):
        admin_client.post(key_page(infobip))
        infobip.refresh_from_db()
        keys.append(infobip.values()["public_key"])
    assert keys[0] == keys[1]
    assert base64.b64decode(keys[0], validate=True)
    assert infobip.values()["api_key"] == INFOBIP.api_key


def test_a_key_that_cannot_be_fetched_changes_nothing(admin_client, infobip, sandbox: RunningSandbox, settings):
    settings.SANDBOX_URL = f"http://127.0.0.1:{sandbox.port}"
    infobip.put(infobip.values() | {"api_key": "wrong"})
    infobip.save()
    assert not fetch_public_key(infobip).ok
    assert "public_key" not in infobip.values()


def test_an_account_without_such_a_key_has_no_such_button(admin_client, held):
    assert admin_client.get(key_page(held)).status_code == 403
