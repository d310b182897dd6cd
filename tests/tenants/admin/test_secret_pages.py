from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tenants.admin.secret_fields import mask
from tenants.models import ZaloApp
from tests.tenants.admin.conftest import House

SECRET = "Zx81secretOfTheApp7Q2w"


@pytest.mark.parametrize(
    ("secret", "shown"), [("", ""), ("short", "••••"), ("elevenchars", "••••"), ("twelve-chars", "••••hars")]
)
def test_a_mask_shows_at_most_four_characters_of_a_long_secret(secret, shown):
    assert mask(secret) == shown


def change(house: House, browser: Client, **fields: str) -> Any:
    url = reverse("admin:tenants_zaloapp_change", args=[house.app.pk])
    return browser.post(url, {"name": "App", "app_id": "71", "pkce": "per_request", **fields})


def test_a_secret_entered_is_stored_sealed(owner, house):
    assert change(house, owner, app_secret=SECRET).status_code == 302
    app = ZaloApp.objects.get()
    assert app.app_secret == SECRET
    assert SECRET.encode() not in bytes(app.app_secret_sealed)


def test_a_secret_is_never_sent_back(owner, house):
    change(house, owner, app_secret=SECRET)
    for url in (
        reverse("admin:tenants_zaloapp_change", args=[house.app.pk]),
        reverse("admin:tenants_zaloapp_changelist"),
    ):
        page = owner.get(url).content.decode()
        assert SECRET not in page
        assert "••••7Q2w" in page


def test_a_secret_is_not_sent_back_with_an_error(owner, house):
    page = change(house, owner, app_secret=SECRET, app_id="")
    assert page.status_code == 200
    assert SECRET not in page.content.decode()


def test_an_empty_field_keeps_the_stored_secret(owner, house):
    change(house, owner, app_secret="", name="Renamed")
    app = ZaloApp.objects.get()
    assert (app.name, app.app_secret) == ("Renamed", "app-secret-of-1")


def test_a_new_app_is_stored_with_its_secrets(owner, tenant):
    answer = owner.post(
        reverse("admin:tenants_zaloapp_add"),
        {
            "tenant": tenant.pk,
            "name": "New",
            "app_id": "72",
            "environment": "live",
            "pkce": "fixed",
            "app_secret": SECRET,
            "oa_secret_key": "hook-key",
            "fixed_verifier": "verifier",
        },
    )
    assert answer.status_code == 302
    app = ZaloApp.objects.get()
    assert (app.tenant_id, app.app_secret, app.oa_secret_key, app.fixed_verifier) == (
        tenant.id,
        SECRET,
        "hook-key",
        "verifier",
    )


def test_the_webhook_url_is_shown(owner, house, settings):
    settings.PUBLIC_URL = "https://gateway.example"
    page = owner.get(reverse("admin:tenants_zaloapp_change", args=[house.app.pk])).content.decode()
    assert f"https://gateway.example/hooks/zalo/{house.app.hook_token}" in page
