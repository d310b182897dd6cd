from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from tenants.models import OfficialAccount
from tests.providers.sandbox.running import RunningSandbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sandbox(tmp_path, settings, house):
    """A sandbox whose first official account is the house's, not connected yet."""
    running = RunningSandbox(tmp_path / "home")
    settings.SANDBOX_URL = f"http://127.0.0.1:{running.port}"
    given = running.accounts()["credentials"]
    house.app.app_id, house.app.app_secret = given["appId"], given["secretKey"]
    house.app.save()
    house.official_account.oa_id = given["oaId"]
    house.official_account.save()
    yield running
    running.stop()


def url(house, button: str) -> str:
    return reverse(f"admin:tenants_officialaccount_{button}", args=[house.official_account.pk])


def told(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def consent(browser, house, sandbox: RunningSandbox, oa_id: str = "") -> str:
    """Go to the consent page, press Allow and return where that leads back to."""
    answer = browser.get(url(house, "connect"))
    target = urlsplit(answer.headers["Location"])
    assert f"{target.scheme}://{target.netloc}" == f"http://127.0.0.1:{sandbox.port}"
    allowed = sandbox.call("GET", f"{target.path}/allow?{target.query}&oa_id={oa_id or house.official_account.oa_id}")
    back = urlsplit(allowed.headers["location"])
    return f"{back.path}?{back.query}"


def test_connecting_leads_over_zalos_page_back_to_a_connected_account(operator, house, sandbox):
    back = consent(operator, house, sandbox)
    assert back.startswith("/admin/tenants/officialaccount/connected/?")
    answer = operator.get(back)
    assert told(answer) == ["The official account is connected."]
    assert OfficialAccount.objects.get().status == "connected"


def test_the_consent_comes_back_to_our_public_address(operator, house, sandbox, settings):
    settings.PUBLIC_URL = "https://gateway.example"
    target = urlsplit(operator.get(url(house, "connect")).headers["Location"])
    assert parse_qs(target.query)["redirect_uri"] == [
        "https://gateway.example/admin/tenants/officialaccount/connected/"
    ]


def test_a_consent_of_somebody_else_connects_nothing(operator, owner, house, sandbox):
    back = consent(operator, house, sandbox)
    owner.get(back)
    assert OfficialAccount.objects.get().status == "not_connected"


def test_a_consent_without_being_signed_in_leads_to_the_sign_in(operator, client, house, sandbox):
    answer = client.get(consent(operator, house, sandbox))
    assert answer.headers["Location"].startswith("/admin/login/")
    assert OfficialAccount.objects.get().status == "not_connected"


def test_an_operator_who_was_made_a_viewer_meanwhile_connects_nothing(operator, house, sandbox):
    back = consent(operator, house, sandbox)
    house.tenant.members.filter(user__username="operator").update(role="viewer")
    assert operator.get(back).status_code == 403
    assert OfficialAccount.objects.get().status == "not_connected"


def test_a_consent_for_another_account_is_explained(operator, house, sandbox):
    answer = operator.get(consent(operator, house, sandbox, oa_id="5200000000000000012"))
    assert "5200000000000000012" in told(answer)[0]
    assert OfficialAccount.objects.get().status == "not_connected"


def test_pasting_a_pair_connects(operator, house):
    operator.post(url(house, "paste_tokens"), {"access_token": "access-pasted", "refresh_token": "refresh-pasted"})
    row = OfficialAccount.objects.select_related("account").get()
    assert (row.status, row.access_token, row.refresh_token) == ("connected", "access-pasted", "refresh-pasted")


def test_pasting_without_a_refresh_token_says_what_that_means(operator, house):
    answer = operator.post(url(house, "paste_tokens"), {"access_token": "access-pasted"})
    assert "works until the access token ends" in told(answer)[0]
    assert OfficialAccount.objects.get().status == "ends"


def test_pasted_tokens_are_not_sent_back_with_an_error(operator, house):
    page = operator.post(url(house, "paste_tokens"), {"access_token": "", "refresh_token": "refresh-pasted"})
    assert "refresh-pasted" not in page.content.decode()


def test_renewing_by_hand_stores_a_new_pair(operator, house, sandbox):
    operator.get(consent(operator, house, sandbox))
    before = OfficialAccount.objects.select_related("account").get().access_token
    answer = operator.post(url(house, "refresh_now"))
    assert told(answer)[-1] == "The tokens are renewed."
    assert OfficialAccount.objects.select_related("account").get().access_token != before


def test_a_refused_renewal_shows_its_reason_in_the_list(owner, house, sandbox):
    owner.post(url(house, "paste_tokens"), {"access_token": "a", "refresh_token": "never-known"})
    owner.post(url(house, "refresh_now"))
    page = owner.get(reverse("admin:tenants_officialaccount_changelist")).content.decode()
    assert "Reconnect needed" in page
    assert "Zalo refused the refresh token" in page


def test_a_connection_that_works_is_told_so(operator, house, sandbox):
    operator.get(consent(operator, house, sandbox))
    assert told(operator.get(url(house, "test_connection")))[-1] == "Zalo answers: the official account is connected."


def test_a_missing_app_secret_is_named(operator, house, sandbox):
    house.app.app_secret = ""
    house.app.save()
    assert told(operator.get(url(house, "test_connection")))[0].startswith("App secret: ")


def test_tokens_of_another_account_are_named(operator, house, sandbox):
    second = sandbox.accounts()["officialAccounts"][1]
    operator.post(
        url(house, "paste_tokens"), {"access_token": second["accessToken"], "refresh_token": second["refreshToken"]}
    )
    answer = operator.get(url(house, "test_connection"))
    assert told(answer)[-1].startswith(f"OA id: the tokens belong to the official account {second['oaId']}")


def test_an_account_that_is_not_connected_is_named(operator, house, sandbox):
    assert told(operator.get(url(house, "test_connection")))[0].startswith("Tokens: ")


def test_times_are_told_in_the_tenants_zone(owner, house):
    house.tenant.time_zone = "Asia/Tokyo"
    house.tenant.save()
    OfficialAccount.objects.update(access_expires_at=datetime(2026, 12, 1, 15, 30, tzinfo=UTC))
    page = owner.get(url(house, "change")).content.decode()
    assert "12/02/2026 12:30 a.m. (Asia/Tokyo)" in page


def test_saving_the_page_leaves_tokens_that_were_renewed_meanwhile(owner, house):
    OfficialAccount.objects.update(access_token_sealed=b"renewed meanwhile")
    owner.post(url(house, "change"), {"app": house.app.pk, "oa_id": "529"})
    row = OfficialAccount.objects.get()
    assert (row.oa_id, bytes(row.access_token_sealed)) == ("529", b"renewed meanwhile")


def test_an_app_of_another_owner_is_refused(platform, house, other_house):
    page = platform.post(url(house, "change"), {"app": other_house.app.pk, "oa_id": "521"})
    assert "different owners" in page.content.decode()
