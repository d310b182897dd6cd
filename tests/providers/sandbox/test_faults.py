import hashlib
import time
from typing import Any

import pytest

from tests.providers.sandbox.running import BUSINESS, OAUTH, RunningSandbox

SEND = "/message/template"


def fault(sandbox: RunningSandbox, kind: str, **more: Any) -> str:
    reply = sandbox.call("POST", "/_/faults", {"host": BUSINESS, "fault": kind, **more})
    assert reply.status == 201
    fault_id: str = reply.json()["id"]
    assert fault_id
    return fault_id


def test_error_answers_its_code_with_its_status(sandbox: RunningSandbox) -> None:
    fault(sandbox, "error", code=-137, status=503)
    reply = sandbox.send()
    assert (reply.status, reply.json()["error"]) == (503, -137)


def test_error_is_an_unknown_error_with_status_200_unless_told_otherwise(sandbox: RunningSandbox) -> None:
    fault(sandbox, "error")
    reply = sandbox.send()
    assert (reply.status, reply.json()) == (200, {"error": -100, "message": "Unknown error"})


def test_delay_waits_and_goes_on(sandbox: RunningSandbox) -> None:
    fault(sandbox, "delay", delayMs=300)
    began = time.monotonic()
    assert sandbox.send(token=sandbox.accounts()["credentials"]["accessToken"]).json()["error"] == 0
    assert time.monotonic() - began >= 0.3


def test_reset_breaks_the_connection_after_the_call_was_recorded(sandbox: RunningSandbox) -> None:
    fault(sandbox, "reset")
    with pytest.raises(ConnectionResetError):
        sandbox.send()
    (call,) = sandbox.record()
    assert (call["path"], call["reply"]) == (SEND, None)


def test_html502_is_a_page_of_a_proxy(sandbox: RunningSandbox) -> None:
    fault(sandbox, "html502")
    reply = sandbox.send()
    assert (reply.status, reply.headers["content-type"]) == (502, "text/html")
    assert reply.body.startswith(b"<html>")


def test_empty_is_a_200_without_a_body(sandbox: RunningSandbox) -> None:
    fault(sandbox, "empty")
    reply = sandbox.send()
    assert (reply.status, reply.body) == (200, b"")


def test_a_faulted_send_is_no_message(sandbox: RunningSandbox) -> None:
    before = sandbox.business("GET", "/message/quota").json()["data"]["remainingQuota"]
    fault(sandbox, "empty", path=SEND)
    sandbox.send()
    assert sandbox.business("GET", "/message/quota").json()["data"]["remainingQuota"] == before


def test_times_counts_down(sandbox: RunningSandbox) -> None:
    fault(sandbox, "error", times=2)
    assert [sandbox.send().json()["error"] for _ in range(3)] == [-100, -100, 0]
    assert sandbox.call("GET", "/_/faults").json() == []


def test_a_path_is_matched_exactly(sandbox: RunningSandbox) -> None:
    fault(sandbox, "error", path="/quality")
    assert sandbox.send().json()["error"] == 0
    assert sandbox.business("GET", "/quality").json()["error"] == -100


def test_another_host_is_left_alone(sandbox: RunningSandbox) -> None:
    sandbox.call("POST", "/_/faults", {"host": OAUTH, "fault": "html502"})
    assert sandbox.send().json()["error"] == 0
    assert sandbox.refresh("x").status == 502


@pytest.mark.parametrize("to", ["84987654321", "+84987654321", "0987654321"])
def test_a_recipient_is_matched_in_every_form(sandbox: RunningSandbox, to: str) -> None:
    fault(sandbox, "error", to=to)
    assert sandbox.send("0987654321").json()["error"] == -100
    assert sandbox.send("84987654322").json()["error"] == 0


def test_a_hashed_recipient_is_matched_by_its_hash(sandbox: RunningSandbox) -> None:
    digest = hashlib.sha256(b"84987654321").hexdigest()
    fault(sandbox, "error", to=digest)
    body = {"hash_phone": digest, "template_id": "301002", "template_data": {"otp": "1"}}
    assert sandbox.business("POST", "/message/template/hashphone", body).json()["error"] == -100


def test_an_official_account_is_matched_by_the_token(sandbox: RunningSandbox) -> None:
    first, second = sandbox.accounts()["officialAccounts"][:2]
    fault(sandbox, "error", oaId=second["oaId"])
    assert sandbox.send(token=first["accessToken"]).json()["error"] == 0
    assert sandbox.send(template="302002", token=second["accessToken"]).json()["error"] == -100


def test_an_official_account_is_matched_at_the_token_endpoint(sandbox: RunningSandbox) -> None:
    credentials = sandbox.accounts()["credentials"]
    sandbox.call("POST", "/_/faults", {"host": OAUTH, "fault": "html502", "oaId": credentials["oaId"]})
    assert sandbox.refresh(credentials["refreshToken"]).status == 502
    assert sandbox.refresh("never known").json()["error"] == -14014


def test_one_fault_or_all_can_be_taken_back(sandbox: RunningSandbox) -> None:
    first, second = fault(sandbox, "error"), fault(sandbox, "empty")
    assert sandbox.call("DELETE", f"/_/faults?id={first}").status == 204
    assert [each["id"] for each in sandbox.call("GET", "/_/faults").json()] == [second]
    sandbox.call("DELETE", "/_/faults")
    assert sandbox.send().json()["error"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"fault": "error"}, "host"),
        ({"host": "example.com", "fault": "error"}, "host"),
        ({"host": BUSINESS}, "fault"),
        ({"host": BUSINESS, "fault": "flood"}, "fault"),
        ({"host": BUSINESS, "fault": "delay", "delayMs": "1"}, "delayMs"),
        ({"host": BUSINESS, "fault": "delay", "delayMs": -1}, "delayMs"),
        ({"host": BUSINESS, "fault": "error", "times": 0}, "times"),
        ({"host": BUSINESS, "fault": "error", "status": 99}, "status"),
        ({"host": BUSINESS, "fault": "error", "often": 1}, "often"),
        ([], "body"),
        (b"{", "body"),
    ],
)
def test_a_bad_fault_names_its_field(sandbox: RunningSandbox, body: object, field: str) -> None:
    reply = sandbox.call("POST", "/_/faults", body)
    assert (reply.status, reply.json()["errors"][0]["field"]) == (400, field)
    assert sandbox.call("GET", "/_/faults").json() == []
