from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from tenants import api_keys, clock
from tenants.api_keys import InvalidKey, authenticate, issue, revoke
from tenants.models import ApiKey, Tenant


@pytest.fixture(autouse=True)
def no_kept_keys():
    api_keys.forget()


def make(owner: Client, tenant: Tenant) -> Any:
    return owner.post(
        reverse("admin:tenants_apikey_add"),
        {
            "tenant": tenant.pk,
            "name": "shop",
            "mode": "test",
            "scopes": ["messages:send", "messages:read"],
            "allowed_networks": "203.0.113.0/24\r\n198.51.100.7",
            "rate_limit": "60",
        },
    )


def test_a_new_key_is_shown_and_works(owner, tenant):
    token = make(owner, tenant).context["token"]
    found = authenticate(token, "203.0.113.5")
    assert (found.tenant_id, found.mode, found.scopes, found.rate_limit) == (
        tenant.id,
        "test",
        frozenset({"messages:send", "messages:read"}),
        60,
    )
    assert ApiKey.objects.get().allowed_networks == ["203.0.113.0/24", "198.51.100.7"]


def test_a_new_key_is_on_the_page_and_in_no_cookie_or_log(owner, tenant):
    page = make(owner, tenant)
    secret = page.context["token"].split("_", 3)[3]
    assert secret in page.content.decode()
    assert all(secret not in morsel.value for morsel in page.cookies.values())
    assert secret not in "".join(str(entry.change_message) + entry.object_repr for entry in LogEntry.objects.all())
    assert "no-store" in page.headers["Cache-Control"]


def test_a_key_is_shown_once_only(owner, tenant):
    secret = make(owner, tenant).context["token"].split("_", 3)[3]
    key = ApiKey.objects.get()
    for url in (reverse("admin:tenants_apikey_change", args=[key.pk]), reverse("admin:tenants_apikey_changelist")):
        page = owner.get(url).content.decode()
        assert secret not in page
        assert bytes(key.digest).hex() not in page


def test_a_network_that_is_none_is_named(owner, tenant):
    page = owner.post(
        reverse("admin:tenants_apikey_add"),
        {"tenant": tenant.pk, "name": "shop", "mode": "live", "allowed_networks": "office"},
    )
    assert "office is no address or network" in page.content.decode()


def test_revoking_asks_first(owner, house):
    assert owner.get(reverse("admin:tenants_apikey_revoke_key", args=[house.key.pk])).status_code == 200
    house.key.refresh_from_db()
    assert house.key.revoked_at is None


def test_a_revoked_key_lets_nobody_in(owner, tenant):
    issued = issue(tenant, "shop")
    authenticate(issued.token, None)
    owner.post(reverse("admin:tenants_apikey_revoke_key", args=[issued.key.pk]))
    with pytest.raises(InvalidKey):
        authenticate(issued.token, None)


def test_a_rotation_shows_the_new_key_and_ends_the_old_one_later(owner, tenant):
    issued = issue(tenant, "shop", "live", ["messages:send"])
    page = owner.post(reverse("admin:tenants_apikey_rotate_key", args=[issued.key.pk]), {"hours": "3"})
    assert authenticate(page.context["token"], None).scopes == {"messages:send"}
    issued.key.refresh_from_db()
    assert issued.key.expires_at
    assert timedelta(hours=2, minutes=59) < issued.key.expires_at - clock.now() < timedelta(hours=3)


def test_a_revoked_key_is_not_rotated(owner, house):
    revoke(house.key)
    owner.post(reverse("admin:tenants_apikey_rotate_key", args=[house.key.pk]), {"hours": "3"})
    assert ApiKey.objects.count() == 1


def test_narrowed_rights_hold_at_once_in_this_process(owner, tenant):
    issued = issue(tenant, "shop", "live", ["messages:send", "messages:read"])
    authenticate(issued.token, None)
    owner.post(
        reverse("admin:tenants_apikey_change", args=[issued.key.pk]), {"name": "shop", "scopes": ["messages:read"]}
    )
    assert authenticate(issued.token, None).scopes == {"messages:read"}
