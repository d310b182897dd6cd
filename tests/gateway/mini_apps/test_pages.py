"""The pages on which the platform's operator manages Mini Apps, against a running sandbox."""

import io
import re
import zipfile
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from providers.sandbox.mini_app.owners import FIRST
from tenants.models import Member
from tests.factories import TenantFactory
from tests.providers.sandbox.conftest import sandbox, shared_sandbox
from tests.providers.sandbox.running import RunningSandbox, eventually

__all__ = ["sandbox", "shared_sandbox"]
APP = FIRST.mini_apps[0]
PAGES = ("/admin/mini-apps/", f"/admin/mini-apps/{APP}/", f"/admin/mini-apps/{APP}/publish/")


@pytest.fixture(autouse=True)
def plain_http(settings: Any, sandbox: RunningSandbox) -> None:
    settings.SECURE_SSL_REDIRECT = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.SANDBOX_URL = f"http://127.0.0.1:{sandbox.port}"


@pytest.fixture
def platform(db: Any) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="x"))
    return client


def package(name: str = "index.html") -> SimpleUploadedFile:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr(name, "<p>")
    return SimpleUploadedFile("package.zip", body.getvalue(), "application/zip")


def act(client: Client, action: str, **fields: Any) -> str:
    """Press the button of an action; return the page that follows."""
    return client.post(f"/admin/mini-apps/{APP}/{action}/", fields, follow=True).content.decode()


def calls(sandbox: RunningSandbox, path: str) -> int:
    return len([one for one in sandbox.record(path=path) if one["method"] == "POST"])


@pytest.mark.parametrize("page", PAGES)
def test_nobody_but_the_platform_sees_them(page: str, db: Any) -> None:
    tenant, client = TenantFactory.create(), Client()
    user = User.objects.create_user("owner", password="x", is_staff=True)
    Member.objects.create(user=user, tenant=tenant, role="owner")
    assert client.get(page).headers["Location"].startswith("/admin/login/")
    client.force_login(user)
    assert client.get(page).status_code == 403
    assert client.post(page, {"versionId": 1}).status_code == 403
    assert "/admin/mini-apps/" not in client.get("/admin/").content.decode()


def test_mini_apps_are_listed_with_a_word_that_they_are_the_sandboxes(platform: Client) -> None:
    page = platform.get("/admin/mini-apps/").content.decode()
    assert APP in page
    assert "No partner is set: these are Mini Apps of the sandbox." in page
    assert "/admin/mini-apps/" in platform.get("/admin/").content.decode()


def test_without_partner_and_sandbox_it_says_what_to_set(platform: Client, settings: Any) -> None:
    settings.SANDBOX_URL = ""
    assert "set MINI_APP_PARTNER_ID and MINI_APP_PARTNER_API_KEY" in platform.get(PAGES[0]).content.decode()


def test_a_version_goes_from_its_package_to_everybody(platform: Client, sandbox: RunningSandbox) -> None:
    sandbox.settings(receiptDelayMs=20)
    page = act(platform, "deploy", name="1.0", description="First", file=package())
    version = max(map(int, re.findall(r"request-publish/\?version=(\d+)", page)))
    act(platform, "request-publish", versionId=version, description="Please")
    link = f"/admin/mini-apps/{APP}/publish/?version={version}"
    assert eventually(lambda: link in platform.get(PAGES[1]).content.decode())
    form = platform.get(link).content.decode()
    assert "Everybody who opens the Mini App gets this version at once" in form
    before = calls(sandbox, f"/partners/apps/{APP}/publish")
    assert "This field is required." in act(platform, "publish", versionId=version)
    assert calls(sandbox, f"/partners/apps/{APP}/publish") == before
    assert "PRODUCTION" in act(platform, "publish", versionId=version, confirmed="on")


def test_a_bad_field_is_named_before_anything_is_sent(platform: Client, sandbox: RunningSandbox) -> None:
    before = len(sandbox.record(path=f"/partners/apps/{APP}/upload"))
    assert "no file stands at the root" in act(
        platform, "deploy", name="1", description="x", file=package("folder/index.html")
    )
    assert "is an https address" in act(platform, "payment-setting", callbackUrl="http://example.com")
    assert "is one JSON object" in act(platform, "add-payment-channel", fields_json="[]")
    assert len(sandbox.record(path=f"/partners/apps/{APP}/upload")) == before


def test_what_zalo_refuses_is_said_in_words(platform: Client) -> None:
    page = act(platform, "publish", versionId=99, confirmed="on")
    assert "Refused with -106:" in page


def test_a_mini_app_is_created_and_shown(platform: Client) -> None:
    fields = {
        "appName": "Tiem hoa Sen", "appDescription": "Hoa tuoi giao tan nha", "appCategory": "ECOMMERCE",
        "appLogoUrl": "https://example.com/l.png",
    }  # fmt: skip
    page = platform.post("/admin/mini-apps/create/", fields, follow=True)
    assert "Versions" in page.content.decode()
    again = platform.post("/admin/mini-apps/create/", fields, follow=True).content.decode()
    assert "App name is already taken" in again


def test_keys_of_payment_channels_are_not_shown(platform: Client) -> None:
    fields = '{"method": "ZALOPAY", "status": "INACTIVE", "redirectPath": "/", "merchantAppId": "1", "key1": "k-secret-1", "key2": "k-secret-2"}'  # noqa: E501
    page = act(platform, "add-payment-channel", fields_json=fields)
    assert "ZALOPAY" in page
    assert "k-secret" not in page


def test_permissions_are_asked_for_and_the_answer_told(platform: Client) -> None:
    page = act(platform, "request-permission", permissions="scope.userInfo=Xin ten\nunknown=x")
    assert "scope.userInfo" in page


@pytest.mark.parametrize("path", ["x/", f"{APP}/unknown/", f"{APP}/create/", "12345678901234567890123/"])
def test_what_is_not_there_is_not_found(platform: Client, path: str) -> None:
    assert platform.get(f"/admin/mini-apps/{path}").status_code == 404
