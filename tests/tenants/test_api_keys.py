from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tenants import api_keys, clock
from tenants.api_keys import AddressNotAllowed, InvalidKey, authenticate, issue, revoke, rotate
from tenants.models import ApiKey

SEND = ApiKey.Scope.SEND


@pytest.fixture(autouse=True)
def no_kept_keys():
    api_keys.forget()


def test_a_token_names_its_mode(tenant):
    assert issue(tenant, "shop", "test", [SEND]).token.startswith("ngw_test_")


def test_a_token_tells_who_calls(tenant):
    issued = issue(tenant, "shop", "live", [SEND, "messages:read"], rate_limit=60)
    assert authenticate(issued.token, "203.0.113.9") == (
        tenant.id,
        "bakery",
        "Asia/Ho_Chi_Minh",
        issued.key.id,
        "live",
        frozenset({"messages:send", "messages:read"}),
        60,
    )


def test_the_secret_is_not_stored(tenant):
    issued = issue(tenant, "shop")
    secret = issued.token.split("_", 3)[3].encode()
    assert secret not in bytes(ApiKey.objects.get().digest)
    assert len(bytes(ApiKey.objects.get().digest)) == 32


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token.replace("ngw_live", "ngw_test"),
        lambda token: "ngw_live_000000000000_" + token.split("_", 3)[3],
        lambda token: "",
        lambda token: "Bearer",
        lambda token: token + "é",
        lambda token: "ngw_live_" + "a" * 500,
        lambda token: "ngw_live_\x00_x",
    ],
)
def test_a_token_that_is_not_whole_lets_nobody_in(tenant, spoil):
    token = issue(tenant, "shop").token
    with pytest.raises(InvalidKey):
        authenticate(spoil(token), "203.0.113.9")


def test_a_revoked_key_is_refused_at_once_here(tenant):
    issued = issue(tenant, "shop")
    authenticate(issued.token, None)
    revoke(issued.key)
    with pytest.raises(InvalidKey, match="revoked"):
        authenticate(issued.token, None)


def test_revoking_again_keeps_the_first_time(tenant):
    key = issue(tenant, "shop").key
    revoke(key)
    first = key.revoked_at
    revoke(key)
    assert key.revoked_at == first


def test_a_key_of_an_inactive_tenant_is_refused(tenant):
    issued = issue(tenant, "shop")
    tenant.is_active = False
    tenant.save()
    with pytest.raises(InvalidKey, match="inactive"):
        authenticate(issued.token, None)


def test_a_key_is_refused_from_its_end_on(tenant, moved):
    issued = issue(tenant, "shop", expires_at=clock.now() + timedelta(hours=1))
    authenticate(issued.token, None)
    api_keys.forget()
    with moved(timedelta(hours=1)), pytest.raises(InvalidKey, match="expired"):
        authenticate(issued.token, None)


@pytest.mark.parametrize("address", ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8::5"])
def test_an_address_within_a_network_is_allowed(tenant, address):
    issued = issue(tenant, "shop", allowed_networks=["203.0.113.0/24", "2001:db8::/32"])
    assert authenticate(issued.token, address).tenant_id == tenant.id


@pytest.mark.parametrize("address", ["203.0.114.1", "2001:db9::1", "", None, "not an address"])
def test_an_address_outside_the_networks_is_not_allowed(tenant, address):
    issued = issue(tenant, "shop", allowed_networks=["203.0.113.0/24", "2001:db8::/32"])
    with pytest.raises(AddressNotAllowed):
        authenticate(issued.token, address)


def test_a_network_that_is_none_is_refused_when_issuing(tenant):
    with pytest.raises(ValidationError):
        issue(tenant, "shop", allowed_networks=["office"])


def test_an_unknown_scope_is_refused_when_issuing(tenant):
    with pytest.raises(ValidationError):
        issue(tenant, "shop", scopes=["messages:everything"])


def test_a_kept_key_costs_no_statement(tenant, django_assert_num_queries):
    token = issue(tenant, "shop").token
    authenticate(token, None)
    with django_assert_num_queries(0):
        authenticate(token, None)


def test_the_last_use_is_written(tenant):
    issued = issue(tenant, "shop")
    before = clock.now()
    authenticate(issued.token, None)
    issued.key.refresh_from_db()
    assert issued.key.last_used_at
    assert before < issued.key.last_used_at < clock.now()


def test_the_last_use_is_written_at_most_once_a_minute(tenant, moved):
    issued = issue(tenant, "shop")
    authenticate(issued.token, None)
    issued.key.refresh_from_db()
    first = issued.key.last_used_at
    with moved(timedelta(seconds=58)):
        api_keys.forget()
        authenticate(issued.token, None)
    issued.key.refresh_from_db()
    assert issued.key.last_used_at == first


def test_a_rotated_key_is_let_in_for_the_overlap(tenant):
    issued = issue(tenant, "shop", "live", [SEND], rate_limit=7)
    fresh = rotate(issued.key, timedelta(hours=2))
    assert authenticate(fresh.token, None).scopes == {"messages:send"}
    assert authenticate(fresh.token, None).rate_limit == 7
    assert authenticate(issued.token, None).tenant_id == tenant.id


def test_a_rotated_key_ends_with_the_overlap(tenant, moved):
    issued = issue(tenant, "shop")
    rotate(issued.key, timedelta(hours=2))
    with moved(timedelta(hours=2)), pytest.raises(InvalidKey, match="expired"):
        authenticate(issued.token, None)


def test_rotation_never_makes_a_key_live_longer(tenant):
    end = clock.now() + timedelta(minutes=5)
    issued = issue(tenant, "shop", expires_at=end)
    rotate(issued.key, timedelta(hours=2))
    assert ApiKey.objects.get(pk=issued.key.pk).expires_at == end


def test_a_revoked_key_is_not_rotated(tenant):
    issued = issue(tenant, "shop")
    revoke(issued.key)
    with pytest.raises(InvalidKey):
        rotate(issued.key, timedelta(hours=2))
