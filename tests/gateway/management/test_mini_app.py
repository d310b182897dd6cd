"""`manage.py mini_app` against a running sandbox, as operators use it."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from gateway.mini_apps.actions import ACTIONS
from tests.providers.sandbox.running import RunningSandbox, eventually

DESCRIPTION = "Gạo ngon giao tận nhà trong ngày"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.settings(receiptDelayMs=20)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def reach(sandbox: RunningSandbox, settings: Any) -> None:
    settings.SANDBOX_URL = f"http://127.0.0.1:{sandbox.port}"


def run(*arguments: str, sandbox: bool = True) -> Any:
    out = io.StringIO()
    call_command("mini_app", *(["--sandbox"] if sandbox else []), *arguments, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def made() -> list[str]:
    return []


@pytest.fixture
def app(made: list[str]) -> str:
    if not made:
        given = ("--description", DESCRIPTION, "--category", "ECOMMERCE", "--logo", "https://example.com/l.png")
        made.append(run("create", "--name", "Kho Gạo Làng", *given)["appId"])
    return made[0]


def test_there_is_an_action_for_all_that_a_partner_does() -> None:
    assert list(ACTIONS) == [
        *("list", "create", "versions", "deploy", "request-publish", "publish", "request-permission"),
        *("payment-setting", "payment-channels", "add-payment-channel", "change-payment-channel"),
        *("short-links", "add-short-link", "stats"),
    ]


def test_mini_apps_are_listed(app: str) -> None:
    assert app in [each["appId"] for each in run("list", "--limit", "20")["apps"]]


def test_a_package_goes_from_upload_to_production(app: str, tmp_path: Path) -> None:
    package = tmp_path / "app.zip"
    with zipfile.ZipFile(package, "w") as opened:
        opened.writestr("index.html", "<html>")
    version = str(run("deploy", app, str(package), "--name", "1.0", "--description", "Bản đầu")["versionId"])
    assert run("request-publish", app, version, "--description", "Bản đầu") == {}
    assert eventually(lambda: run("versions", app)["versions"][-1]["status"] == "READY_TO_PRODUCTION")
    assert run("publish", app, version) == {}
    assert run("versions", app)["versions"][-1]["status"] == "PRODUCTION"


def test_permissions_are_asked_for_with_their_texts(app: str) -> None:
    asked = run("request-permission", app, "--permission", "scope.userPhonenumber=Để giao hàng = nhanh")
    assert asked == {"successPermissions": ["scope.userPhonenumber"]}


def test_secrets_are_shown_on_demand_alone(app: str) -> None:
    masked = run("payment-setting", app)["paymentSetting"]
    clear = run("--show-secrets", "payment-setting", app)["paymentSetting"]
    assert masked == clear | {"privateKey": "***"}
    assert len(clear["privateKey"]) == 32


def test_a_payment_channel_comes_from_a_file(app: str, tmp_path: Path) -> None:
    fields = tmp_path / "momo.json"
    fields.write_text('{"method":"MOMO","partnerCode":"p","accessKey":"a","secretKey":"s","publicKey":"k"}')
    number = run("add-payment-channel", app, "--fields", str(fields))["channelId"]
    fields.write_text('{"method":"MOMO","partnerCode":"q"}')
    run("change-payment-channel", app, number, "--fields", str(fields))
    (channel,) = run("payment-channels", app)["paymentChannels"]
    assert (channel["partnerCode"], channel["accessKey"], channel["secretKey"]) == ("q", "***", "***")


def test_callbacks_links_and_figures(app: str) -> None:
    assert run("payment-setting", app, "--callback", "https://pay.example/cb") == {}
    assert run("payment-setting", app)["paymentSetting"]["callbackUrl"] == "https://pay.example/cb"
    short = run("add-short-link", app, f"https://zalo.me/s/{app}/?utm_source=zalo-qr")["shortUrl"]
    assert [link["shortUrl"] for link in run("short-links", app)["shortLinks"]] == [short]
    assert len(run("stats", app, "overview", "2026-03-01", "2026-03-02")["series"]) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("versions", "1"), r"Refused with -106: mini_app_id: .+ Check the Mini App's id"),
        (("list", "--limit", "21"), r"^limit: "),
        (("deploy", "1", "no-such.zip", "--name", "n", "--description", "d"), r"No such file"),
        (("--proxy", "nowhere", "list"), r"^proxy: "),
        (("--proxy", "127.0.0.1:9", "list"), r"No answer of the API"),
        (("stats", "1", "ages", "2026-03-01", "2026-03-02"), r"^type: "),
    ],
)
def test_what_fails_says_why_in_one_line(arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(CommandError, match=told) as raised:
        run(*arguments)
    assert "\n" not in str(raised.value)


def test_without_credentials_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MINI_APP_PARTNER_ID", raising=False)
    monkeypatch.setenv("MINI_APP_PARTNER_API_KEY", "key")
    with pytest.raises(CommandError, match="MINI_APP_PARTNER_ID"):
        run("list", sandbox=False)
