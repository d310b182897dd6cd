import base64
import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.providers.sandbox.running import OA, OAUTH, RunningSandbox

BACK = "http://localhost:8000/connected?tenant=demo"


def oa_error(sandbox: RunningSandbox, token: str) -> int:
    error: int = sandbox.call("GET", f"/{OA}/v2.0/oa/getoa", headers={"access_token": token}).json()["error"]
    return error


def consent(sandbox: RunningSandbox, **more: str) -> dict[str, str]:
    """Allow the first official account and return the parameters that come back with the redirect."""
    credentials = sandbox.accounts()["credentials"]
    query = {"app_id": credentials["appId"], "redirect_uri": BACK, "oa_id": credentials["oaId"], **more}
    reply = sandbox.call("GET", f"/{OAUTH}/v4/oa/permission/allow?{urlencode(query)}")
    assert reply.status == 302
    assert reply.headers["location"].startswith(BACK + "&")
    return {name: values[0] for name, values in parse_qs(urlsplit(reply.headers["location"]).query).items()}


def test_a_refresh_gives_a_new_pair_of_strings_that_works(sandbox: RunningSandbox) -> None:
    before = sandbox.accounts()["credentials"]
    reply = sandbox.refresh(before["refreshToken"])
    pair = reply.json()
    assert (reply.status, set(pair)) == (200, {"access_token", "refresh_token", "expires_in"})
    assert pair["expires_in"] == "90000"
    assert pair["access_token"] != before["accessToken"]
    assert pair["refresh_token"] != before["refreshToken"]
    assert sandbox.send(token=pair["access_token"]).json()["error"] == 0
    assert sandbox.accounts()["credentials"]["accessToken"] == pair["access_token"]


def test_a_refresh_kills_the_old_access_token(sandbox: RunningSandbox) -> None:
    before = sandbox.accounts()["credentials"]
    sandbox.refresh(before["refreshToken"])
    assert sandbox.send(token=before["accessToken"]).json()["error"] == -124
    assert oa_error(sandbox, before["accessToken"]) == -220


def test_the_old_access_token_can_be_let_live(sandbox: RunningSandbox) -> None:
    sandbox.settings(oldTokenDies=False)
    before = sandbox.accounts()["credentials"]
    sandbox.refresh(before["refreshToken"])
    assert sandbox.send(token=before["accessToken"]).json()["error"] == 0


def test_a_consumed_refresh_token_gets_an_empty_200(sandbox: RunningSandbox) -> None:
    token = sandbox.accounts()["credentials"]["refreshToken"]
    sandbox.refresh(token)
    reply = sandbox.refresh(token)
    assert (reply.status, reply.body) == (200, b"")


def test_a_consumed_refresh_token_can_be_named_invalid_instead(sandbox: RunningSandbox) -> None:
    sandbox.settings(emptyForConsumed=False)
    token = sandbox.accounts()["credentials"]["refreshToken"]
    sandbox.refresh(token)
    assert sandbox.refresh(token).json()["error"] == -14014


def test_of_many_refreshes_with_one_token_a_single_one_succeeds(sandbox: RunningSandbox) -> None:
    token = sandbox.accounts()["credentials"]["refreshToken"]
    with ThreadPoolExecutor(10) as pool:
        bodies = list(pool.map(lambda _: sandbox.refresh(token).body, range(10)))
    assert sum(1 for body in bodies if body) == 1


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"grant_type": "refresh_token", "refresh_token": "never known"}, -14014),
        ({"grant_type": "refresh_token", "refresh_token": ""}, -14014),
        ({"grant_type": "refresh_token", "app_id": "1"}, -14002),
        ({"grant_type": "refresh_token", "secret_key": "wrong"}, -14004),
        ({"grant_type": "password"}, -14018),
        ({"grant_type": "authorization_code", "code": "never given"}, -14005),
    ],
)
def test_a_refused_grant_names_its_code_with_status_200(
    sandbox: RunningSandbox, form: dict[str, str], expected: int
) -> None:
    reply = sandbox.grant(**form)
    assert reply.status == 200
    assert reply.json()["error"] == expected
    assert set(reply.json()) == {"error", "error_name", "error_reason", "error_description", "ref_doc"}


def test_a_refresh_token_of_another_app_is_not_known(sandbox: RunningSandbox) -> None:
    other = sandbox.accounts()["officialAccounts"][2]
    assert other["appId"] != sandbox.accounts()["credentials"]["appId"]
    assert sandbox.refresh(other["refreshToken"]).json()["error"] == -14014


def test_the_shared_accounts_pair_stays_as_it_is(sandbox: RunningSandbox) -> None:
    shared = sandbox.accounts()["test"]
    form = {"app_id": shared["appId"], "secret_key": shared["secretKey"], "refresh_token": shared["refreshToken"]}
    for _ in range(2):
        pair = sandbox.grant(grant_type="refresh_token", **form).json()
        assert (pair["access_token"], pair["refresh_token"]) == (shared["accessToken"], shared["refreshToken"])


def test_consent_brings_back_a_code_the_account_and_the_state(sandbox: RunningSandbox) -> None:
    back = consent(sandbox, state="s & 1")
    assert back["state"] == "s & 1"
    assert back["oa_id"] == sandbox.accounts()["credentials"]["oaId"]
    assert set(back) == {"tenant", "code", "oa_id", "state"}


def test_a_code_gives_a_pair_once(sandbox: RunningSandbox) -> None:
    code = consent(sandbox)["code"]
    pair = sandbox.grant(grant_type="authorization_code", code=code).json()
    assert sandbox.send(token=pair["access_token"]).json()["error"] == 0
    assert sandbox.grant(grant_type="authorization_code", code=code).json()["error"] == -14005


def test_a_challenge_asks_for_its_verifier(sandbox: RunningSandbox) -> None:
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    code = consent(sandbox, code_challenge=challenge)["code"]
    wrong = sandbox.grant(grant_type="authorization_code", code=code, code_verifier="w" * 43).json()
    assert wrong["error"] == -14005
    right = sandbox.grant(grant_type="authorization_code", code=code, code_verifier=verifier).json()
    assert right["access_token"]


def test_the_consent_page_offers_each_official_account_and_escapes_what_it_is_given(sandbox: RunningSandbox) -> None:
    credentials = sandbox.accounts()["credentials"]
    query = {"app_id": credentials["appId"], "redirect_uri": "http://x/<script>", "state": '"><script>'}
    page = sandbox.call("GET", f"/{OAUTH}/v4/oa/permission?{urlencode(query)}").body.decode()
    assert page.count(">Allow</a>") == 2
    assert credentials["oaId"] in page
    assert "<script" not in page


def test_a_redirect_must_be_the_one_that_the_app_is_bound_to(sandbox: RunningSandbox) -> None:
    app_id = sandbox.accounts()["credentials"]["appId"]
    sandbox.settings(redirectUris={app_id: "https://app.example/back"})
    query = urlencode({"app_id": app_id, "redirect_uri": BACK})
    assert sandbox.call("GET", f"/{OAUTH}/v4/oa/permission?{query}").json()["error"] == -14003


def test_an_expired_access_token_is_refused_and_the_accounts_page_shows_one_that_works(
    sandbox: RunningSandbox,
) -> None:
    sandbox.settings(accessTokenSeconds=1)
    pair = sandbox.refresh(sandbox.accounts()["credentials"]["refreshToken"]).json()
    assert pair["expires_in"] == "1"
    end = time.monotonic() + 5
    while (error := oa_error(sandbox, pair["access_token"])) == 0 and time.monotonic() < end:
        time.sleep(0.05)
    assert error == -220
    sandbox.settings(accessTokenSeconds=90_000)
    assert sandbox.send(token=sandbox.accounts()["credentials"]["accessToken"]).json()["error"] == 0


def test_an_unknown_token_is_refused_in_the_words_of_each_host(sandbox: RunningSandbox) -> None:
    assert sandbox.send(token="unknown").json()["error"] == -124
    assert oa_error(sandbox, "unknown") == -216
    assert oa_error(sandbox, "") == -216


def test_the_official_account_tells_its_profile_with_rate_headers(sandbox: RunningSandbox) -> None:
    credentials = sandbox.accounts()["credentials"]
    reply = sandbox.call("GET", f"/{OA}/v2.0/oa/getoa", headers={"access_token": credentials["accessToken"]})
    assert reply.json()["data"]["oa_id"] == credentials["oaId"]
    assert reply.headers["x-ratelimit-limit"] == "4000"
    assert 0 <= int(reply.headers["x-ratelimit-remain"]) < 4000


def test_calls_over_the_minutes_limit_are_refused(sandbox: RunningSandbox) -> None:
    sandbox.settings(ratePerMinute=0)
    assert oa_error(sandbox, sandbox.accounts()["credentials"]["accessToken"]) == -32
