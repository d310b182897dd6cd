"""The process: how it starts and stops, and what it remembers."""

import http.client
import subprocess
import sys
from pathlib import Path

import pytest

from tests.providers.sandbox.running import BUSINESS, RunningSandbox


def test_it_says_where_it_listens_and_is_healthy(sandbox: RunningSandbox) -> None:
    assert sandbox.announced.startswith(f"sandbox: listening on http://127.0.0.1:{sandbox.port} ")
    assert sandbox.call("GET", "/_/healthz").status == 200


def test_it_stops_though_a_call_is_held(own_sandbox: RunningSandbox) -> None:
    token = own_sandbox.accounts()["credentials"]["accessToken"]
    held = http.client.HTTPConnection("127.0.0.1", own_sandbox.port, timeout=10)
    body = b'{"phone":"84900000006","template_id":"301002","template_data":{"otp":"1"}}'
    held.request("POST", f"/{BUSINESS}/message/template", body, {"access_token": token})
    with pytest.raises(TimeoutError):
        own_sandbox.send("84900000006", wait=0.2)
    own_sandbox.stop()
    assert own_sandbox.process.returncode == 0
    held.close()


def test_a_taken_port_is_told_in_one_line(sandbox: RunningSandbox, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "providers.sandbox", "--port", str(sandbox.port), "--home", str(tmp_path)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert second.returncode == 1
    assert second.stderr.startswith(f"sandbox: cannot listen on 127.0.0.1:{sandbox.port}: ")
    assert second.stderr.count("\n") == 1


def test_the_state_file_is_its_owners_alone(sandbox: RunningSandbox) -> None:
    assert (sandbox.home / "sandbox.sqlite3").stat().st_mode & 0o077 == 0


def test_an_unknown_host_is_not_found(sandbox: RunningSandbox) -> None:
    reply = sandbox.call("GET", "/example.com/x")
    assert reply.status == 404
    assert BUSINESS in reply.json()["hosts"]


def test_everything_survives_a_restart(own_sandbox: RunningSandbox) -> None:
    first = own_sandbox.accounts()["credentials"]
    own_sandbox.refresh(first["refreshToken"])
    rotated = own_sandbox.accounts()["credentials"]
    own_sandbox.settings(dailyQuota=1_000)
    own_sandbox.call("PUT", "/_/webhook", {"appId": first["appId"], "url": "http://127.0.0.1:9/hook"})
    own_sandbox.call("POST", "/_/faults", {"host": BUSINESS, "path": "/quality", "fault": "empty", "times": 5})
    own_sandbox.business("GET", "/quality")
    sent = own_sandbox.send().json()["data"]
    assert own_sandbox.send("84900000005", tracking_id="leg").json()["error"] == -100
    record = own_sandbox.record()

    own_sandbox.stop()
    own_sandbox.start()

    assert own_sandbox.accounts()["credentials"] == rotated != first
    assert own_sandbox.refresh(first["refreshToken"]).body == b""
    assert own_sandbox.record()[: len(record)] == record
    assert own_sandbox.call("GET", "/_/webhook").json()["urls"] == {first["appId"]: "http://127.0.0.1:9/hook"}
    assert own_sandbox.call("GET", "/_/faults").json()[0]["times"] == 4
    quota = own_sandbox.business("GET", "/message/quota").json()["data"]
    assert (quota["dailyQuota"], quota["remainingQuota"]) == (1_000, 999)
    status = own_sandbox.business("GET", f"/message/status?message_id={sent['msg_id']}").json()["data"]
    assert status["status"] in (0, 1)
    assert own_sandbox.send("84900000005", tracking_id="leg").json()["error"] == 0


def test_a_rotation_that_was_answered_survives_a_kill(own_sandbox: RunningSandbox) -> None:
    pair = own_sandbox.refresh(own_sandbox.accounts()["credentials"]["refreshToken"]).json()
    own_sandbox.process.kill()
    own_sandbox.process.wait()
    own_sandbox.start()
    assert own_sandbox.accounts()["credentials"]["refreshToken"] == pair["refresh_token"]
    assert own_sandbox.send(token=pair["access_token"]).json()["error"] == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"receiptDelayMs": -1}, "receiptDelayMs"), ({"dailyQuota": "x"}, "dailyQuota"), ({"nothing": 1}, "nothing")],
)
def test_a_bad_setting_names_its_field_and_changes_nothing(
    sandbox: RunningSandbox, fields: dict[str, object], field: str
) -> None:
    before = sandbox.call("GET", "/_/settings").json()
    reply = sandbox.settings(**fields)
    assert (reply.status, reply.json()["errors"][0]["field"]) == (400, field)
    assert sandbox.call("GET", "/_/settings").json() == before


@pytest.mark.parametrize(
    ("body", "field"), [({"url": "ftp://x"}, "url"), ({"url": 1}, "url"), ({"appId": 1, "url": ""}, "appId")]
)
def test_a_bad_webhook_names_its_field(sandbox: RunningSandbox, body: dict[str, object], field: str) -> None:
    reply = sandbox.call("PUT", "/_/webhook", body)
    assert (reply.status, reply.json()["errors"][0]["field"]) == (400, field)
