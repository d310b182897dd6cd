"""A partner's calls on real sockets: through the sandbox, and by way of a forward proxy."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.contract import Answer, Context, EventKind, Hook
from providers.mini_app.adapter import MINI_APP
from providers.mini_app_partner.calls import NewMiniApp
from providers.mini_app_partner.client import PartnerClient, proxy_url
from providers.mini_app_partner.multipart import File
from tests.providers.mini_app_partner.test_calls import CREDENTIALS, LINK, NEW, archive
from tests.providers.sandbox.running import RunningSandbox, Webhook, eventually
from tests.providers.wire import Script, Server, answer, answer_and_close, reset, serving

HOST = "openapi.mini.zalo.me"
LISTED = b'{"err":0,"msg":"Success","data":{"total":0,"apps":[]}}'
GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(LISTED), LISTED)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.settings(receiptDelayMs=40)
    yield running
    running.stop()


def shown(sandbox: RunningSandbox) -> dict[str, Any]:
    found: dict[str, Any] = sandbox.call("GET", "/_/accounts").json()[HOST]["credentials"]
    return found


def client(sandbox: RunningSandbox, **changed: str) -> PartnerClient:
    known = {"partner_id": shown(sandbox)["partnerId"], "partner_api_key": shown(sandbox)["partnerApiKey"]}
    return PartnerClient(known | changed, origin=f"http://127.0.0.1:{sandbox.port}", timeout=5.0)


def data(answer: Answer) -> Any:
    assert answer.ok, answer
    return answer.data


def create(sandbox: RunningSandbox, name: str) -> str:
    partner = client(sandbox)
    app_id: str = data(partner.run(partner.calls.create(NewMiniApp(**{**NEW, "app_name": name}))))["appId"]
    return app_id


def deploy(sandbox: RunningSandbox, app_id: str) -> int:
    partner = client(sandbox)
    call = partner.calls.deploy(app_id, "1.0", "Bản đầu", archive(**{"index.html": b"<html>"}))
    number: int = data(partner.run(call))["versionId"]
    return number


def status(sandbox: RunningSandbox, app_id: str) -> str:
    partner = client(sandbox)
    found: str = data(partner.run(partner.calls.versions(app_id)))["versions"][-1]["status"]
    return found


@pytest.mark.parametrize("family", ["partners", "v2"])
def test_mini_apps_are_listed(sandbox: RunningSandbox, family: str) -> None:
    partner = client(sandbox, family=family)
    listed = data(partner.run(partner.calls.apps()))
    assert listed["apps"][0]["appId"] == shown(sandbox)["miniAppId"]


def test_a_mini_app_is_made_deployed_reviewed_and_published(sandbox: RunningSandbox, webhook: Webhook) -> None:
    credentials, partner, app_id = shown(sandbox), client(sandbox), create(sandbox, "Quán Phở Thìn")
    sandbox.call("PUT", "/_/webhook", {"appId": credentials["partnerId"], "url": webhook.url})
    version = deploy(sandbox, app_id)
    assert status(sandbox, app_id) == "TESTING"
    assert not partner.run(partner.calls.publish(app_id, version)).ok
    assert partner.run(partner.calls.request_publish(app_id, version, "Bản đầu")).ok
    (heard,) = webhook.wait(1)
    hook = Hook(method="POST", path="/", headers=heard.headers, body=heard.body)
    secrets = {"partner_api_key": credentials["partnerApiKey"]}
    (event,) = MINI_APP.read_events(hook, secrets, Context(now=datetime.now(UTC)))
    assert (event.kind, event.account_id) == (EventKind.VERSION_REVIEWED, app_id)
    assert event.data == {"version_id": version, "approved": True, "reason": ""}
    assert status(sandbox, app_id) == "READY_TO_PRODUCTION"
    assert partner.run(partner.calls.publish(app_id, version)).ok
    assert status(sandbox, app_id) == "PRODUCTION"


def test_a_version_is_reviewed_once_and_may_be_rejected(sandbox: RunningSandbox) -> None:
    partner, app_id = client(sandbox), create(sandbox, "Tiệm Bánh Hoa")
    call = partner.calls.request_publish(app_id, deploy(sandbox, app_id), "please reject")
    assert partner.run(call).ok
    assert partner.run(call).reason == "The version is waiting approval"
    assert eventually(lambda: status(sandbox, app_id) == "REJECTED")


def test_a_name_that_is_taken_is_refused_in_zalos_words(sandbox: RunningSandbox) -> None:
    create(sandbox, "Nhà Sách Cá")
    partner = client(sandbox)
    refused = partner.run(partner.calls.create(NewMiniApp(**{**NEW, "app_name": "nhà sách cá"})))
    assert (refused.ok, refused.reason) == (False, "App name is already taken")


def test_only_known_permissions_are_requested(sandbox: RunningSandbox) -> None:
    partner, wanted = client(sandbox), [("scope.userPhonenumber", "Để giao hàng"), ("nonsense", "")]
    asked = data(partner.run(partner.calls.request_permissions(shown(sandbox)["miniAppId"], wanted)))
    assert asked == {"successPermissions": ["scope.userPhonenumber"]}


def test_payments_are_set_up(sandbox: RunningSandbox) -> None:
    partner, app_id = client(sandbox), create(sandbox, "Siêu Thị Mini")
    assert partner.run(partner.payments.change_setting(app_id, "https://pay.example/cb")).ok
    setting = data(partner.run(partner.payments.setting(app_id)))["paymentSetting"]
    assert (setting["callbackUrl"], setting["sandboxCallbackUrl"]) == ("https://pay.example/cb", "")
    picture = File("t.png", "image/png", b"\x89PNG")
    fields = {"method": "CUSTOM", "customMethod": "gift", "displayName": "Thẻ quà", "isSandbox": True}
    number = data(partner.run(partner.payments.create(app_id, fields, picture)))["channelId"]
    assert partner.run(partner.payments.update(app_id, number, {"method": "CUSTOM", "displayName": "Quà"})).ok
    (channel,) = data(partner.run(partner.payments.channels(app_id)))["paymentChannels"]
    assert (channel["displayName"], channel["isSandbox"], channel["customMethod"]) == ("Quà", "true", "gift")


def test_links_are_shortened_and_figures_read(sandbox: RunningSandbox) -> None:
    partner, app_id = client(sandbox), create(sandbox, "Vé Xem Phim")
    link = LINK.replace(LINK.split("/")[4], app_id)
    short = data(partner.run(partner.calls.create_short_link(app_id, link)))["shortUrl"]
    assert data(partner.run(partner.calls.short_links(app_id)))["shortLinks"][0]["shortUrl"] == short
    days = {"type": "overview", "first_day": "2026-03-01", "last_day": "2026-03-07"}
    assert len(data(partner.run(partner.calls.stats(app_id, days)))["series"]) == 7


@pytest.mark.parametrize(
    ("changed", "setting"), [({"partner_id": "1"}, "partner_id"), ({"partner_api_key": "x"}, "partner_api_key")]
)
def test_a_wrong_credential_is_named(sandbox: RunningSandbox, changed: dict[str, str], setting: str) -> None:
    partner = client(sandbox, **changed)
    assert partner.run(partner.calls.apps()).reason.startswith(f"{setting}: ")


def through(script: Script, origin: str) -> tuple[Answer, Server]:
    """Return what a listing through a scripted proxy answered, and what the proxy saw."""

    async def scenario() -> tuple[Answer, Server]:
        async with serving(script) as proxy:
            partner = PartnerClient(CREDENTIALS, proxy=proxy.origin.removeprefix("http://"), origin=origin, timeout=3.0)
            return await asyncio.to_thread(partner.run, partner.calls.apps()), proxy

    return asyncio.run(scenario())


def test_a_call_goes_by_way_of_the_proxy() -> None:
    listed, proxy = through(answer(GOOD), "http://sandbox.invalid")
    assert data(listed) == {"total": 0, "apps": []}
    (request,) = proxy.requests
    assert request.startswith(
        b"GET http://sandbox.invalid/openapi.mini.zalo.me/partners/apps?offset=0&limit=20 HTTP/1.1\r\n"
    )
    assert b"X-Partner-Api-Key: Bearer pk\r\n" in request


def test_to_zalo_itself_the_proxy_sees_no_key() -> None:
    refused, proxy = through(answer_and_close(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"), "")
    assert (refused.ok, refused.error) == (False, None)
    (request,) = proxy.requests
    assert request.startswith(b"CONNECT openapi.mini.zalo.me:443 HTTP/1.1\r\n")
    assert b"pk" not in request


def test_a_proxy_that_breaks_is_asked_once() -> None:
    broken, proxy = through(reset(), "http://sandbox.invalid")
    assert (broken.ok, len(proxy.requests)) == (False, 1)
    assert broken.reason


def test_a_proxy_that_is_not_there_is_told() -> None:
    partner = PartnerClient(CREDENTIALS, proxy="127.0.0.1:9", origin="http://sandbox.invalid", timeout=3.0)
    refused = partner.run(partner.calls.apps())
    assert (refused.ok, refused.data) == (False, None)
    assert "Proxy" in refused.reason


@pytest.mark.parametrize(
    ("given", "url"),
    [("", ""), ("10.0.0.7:3128", "http://10.0.0.7:3128"), ("http://proxy.local:80/", "http://proxy.local:80")],
)
def test_a_proxy_is_named_by_host_and_port(given: str, url: str) -> None:
    assert proxy_url(given) == url


@pytest.mark.parametrize("given", ["proxy.local", "https://proxy.local:443", "proxy.local:x", "a:1/path", ":3128"])
def test_a_proxy_that_cannot_be_read_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"^proxy: "):
        PartnerClient(CREDENTIALS, proxy=given)
