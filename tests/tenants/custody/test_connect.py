from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User

from tenants.custody import ConnectFailed, begin_connect, finish_connect
from tenants.models import ConnectRequest, OfficialAccount
from tests.tenants.custody.token_endpoint import pair

pytestmark = pytest.mark.django_db(transaction=True)
BACK = "https://gateway.example/admin/tenants/officialaccount/connected/"


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("lan")


@pytest.fixture
def other_user(db) -> User:
    return User.objects.create_user("minh")


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def allow(sandbox, url: str, oa_id: str) -> dict[str, str]:
    """Press Allow on the sandbox's consent page and return what comes back to us."""
    target = urlsplit(url)
    sent_back = sandbox.call("GET", f"{target.path}/allow?{target.query}&oa_id={oa_id}")
    assert sent_back.status == 302
    assert sent_back.headers["location"].startswith(BACK)
    return query(sent_back.headers["location"])


@pytest.fixture
def to_connect(at_sandbox) -> OfficialAccount:
    """The sandbox's official account before it is connected."""
    OfficialAccount.objects.filter(pk=at_sandbox.pk).update(
        access_token_sealed=b"", refresh_token_sealed=b"", status="not_connected"
    )
    return OfficialAccount.objects.select_related("app", "account").get(pk=at_sandbox.pk)


@pytest.mark.parametrize("pkce", ["per_request", "fixed"])
def test_a_consent_connects_the_account(to_connect, sandbox, user, pkce):
    to_connect.app.pkce = pkce
    to_connect.app.fixed_verifier = "v" * 43
    to_connect.app.save()
    back = allow(sandbox, begin_connect(to_connect, BACK, user), to_connect.oa_id)
    row = finish_connect(back["state"], back["code"], back["oa_id"], user)
    assert row.status == "connected"
    assert row.access_token == sandbox.accounts()["credentials"]["accessToken"]


def test_the_consent_page_is_zalos_for_a_live_app(unconnected, user):
    unconnected.app.environment = "live"
    url = begin_connect(unconnected, BACK, user)
    assert url.startswith("https://oauth.zaloapp.com/v4/oa/permission?")
    assert query(url)["app_id"] == "710"
    assert query(url)["redirect_uri"] == BACK


def test_each_request_has_a_challenge_of_its_own(unconnected, user):
    first, second = (query(begin_connect(unconnected, BACK, user)) for _ in range(2))
    assert first["code_challenge"] != second["code_challenge"]


def test_a_fixed_verifier_that_is_missing_is_named(unconnected, user):
    unconnected.app.pkce = "fixed"
    with pytest.raises(ConnectFailed, match="fixed verifier"):
        begin_connect(unconnected, BACK, user)


def test_the_state_is_stored_as_a_hash_only(unconnected, user):
    state = query(begin_connect(unconnected, BACK, user))["state"]
    request = ConnectRequest.objects.get()
    assert state.encode() not in bytes(request.state_hash)
    assert len(bytes(request.state_hash)) == 32


def test_a_state_is_good_once(unconnected, user, endpoint):
    zalo = endpoint(pair(1))
    state = query(begin_connect(unconnected, BACK, user))["state"]
    finish_connect(state, "code", "520", user)
    with pytest.raises(ConnectFailed):
        finish_connect(state, "code", "520", user)
    assert len(zalo.heard) == 1


def test_a_state_of_another_user_is_refused(unconnected, user, other_user, endpoint):
    zalo = endpoint(pair(1))
    state = query(begin_connect(unconnected, BACK, user))["state"]
    with pytest.raises(ConnectFailed):
        finish_connect(state, "code", "520", other_user)
    assert zalo.heard == []


def test_a_state_ends_after_half_an_hour(unconnected, user, endpoint, moved):
    zalo = endpoint(pair(1))
    state = query(begin_connect(unconnected, BACK, user))["state"]
    with moved(timedelta(minutes=30)), pytest.raises(ConnectFailed):
        finish_connect(state, "code", "520", user)
    assert zalo.heard == []


def test_a_made_up_state_is_refused(unconnected, user):
    with pytest.raises(ConnectFailed):
        finish_connect("made up", "code", "520", user)


def test_a_consent_for_another_official_account_changes_nothing(unconnected, user, endpoint):
    zalo = endpoint(pair(1))
    state = query(begin_connect(unconnected, BACK, user))["state"]
    with pytest.raises(ConnectFailed, match="521"):
        finish_connect(state, "code", "521", user)
    assert zalo.heard == []
    assert OfficialAccount.objects.get(pk=unconnected.pk).status == "not_connected"


def test_a_refused_code_is_told_in_zalos_words(unconnected, user, endpoint):
    endpoint({"error": -14005, "error_name": "Invalid code"})
    state = query(begin_connect(unconnected, BACK, user))["state"]
    with pytest.raises(ConnectFailed, match="-14005 Invalid code"):
        finish_connect(state, "code", "520", user)


def test_reconnecting_mends_an_account_that_needed_it(connected, user, endpoint):
    OfficialAccount.objects.filter(pk=connected.pk).update(status="reconnect", status_code="refresh_refused")
    endpoint(pair(7))
    state = query(begin_connect(connected, BACK, user))["state"]
    row = finish_connect(state, "code", "520", user)
    assert (row.status, row.status_code, row.access_token) == ("connected", "", "access-7")
