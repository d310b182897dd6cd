"""What NXCloud's side of the sandbox refuses of bytes that no adapter of ours would send."""

import hashlib
import json
import time
from typing import Any

import pytest

from tests.providers.nxcloud.listening import API, API2, accounts, template
from tests.providers.sandbox.running import RunningSandbox


def post(
    sandbox: RunningSandbox, body: bytes, signed: bytes | None = None, changed: dict[str, str] | None = None
) -> Any:
    """Send `body` with headers made here by the rule of the reference; `changed` come on top, empty ones go."""
    customer = accounts(sandbox)["credentials"]
    headers = {"accessKey": customer["accessKey"], "action": "mt", "bizType": "9", "ts": str(int(time.time() * 1000))}
    text = "&".join(f"{name}={value}" for name, value in headers.items()).encode()
    text += b"&body=" + (body if signed is None else signed) + b"&accessSecret=" + customer["accessSecret"].encode()
    headers |= {"sign": hashlib.md5(text, usedforsecurity=False).hexdigest(), "Content-Type": "application/json"}
    sent = {name: value for name, value in (headers | (changed or {})).items() if value}
    return sandbox.call("POST", f"/{API}/v1/zalo/mt", body, sent)


def order(sandbox: RunningSandbox, **changed: Any) -> bytes:
    fields = {
        "appkey": accounts(sandbox)["credentials"]["appkey"],
        "phone": "84987654321",
        "functionType": "template",
        "messageData": {"templateId": template(sandbox, "otp"), "templateData": {"otp": "123456"}},
    }
    return json.dumps(fields | changed, ensure_ascii=False).encode()


def test_a_call_made_by_hand_is_taken(sandbox: RunningSandbox) -> None:
    reply = post(sandbox, order(sandbox))
    assert (reply.status, reply.json()["code"], reply.json()["message"]) == (200, 0, "Success")
    assert reply.json()["data"]["requestId"].startswith("zalomid.")
    assert reply.json()["traceId"]


def test_a_refusal_has_a_number_for_its_code_and_no_data(sandbox: RunningSandbox) -> None:
    reply = post(sandbox, order(sandbox, phone="12"))
    assert (reply.status, reply.json()["code"], "data" in reply.json()) == (200, 9002, False)


@pytest.mark.parametrize("name", ["accessKey", "ts", "bizType", "action", "sign"])
def test_a_missing_header_is_refused(sandbox: RunningSandbox, name: str) -> None:
    assert post(sandbox, order(sandbox), changed={name: ""}).json()["code"] == 1001


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"bizType": "3"}, 1002),
        ({"action": "mtsend"}, 1002),
        ({"ts": "soon"}, 1002),
        ({"accessKey": "nobody"}, 1005),
        ({"ts": "1767225600000"}, 1004),
        ({"sign": "0" * 32}, 1003),
        ({"algorithm": "sha256"}, 1003),
        ({"Content-Type": "text/plain"}, 1003),
    ],
)
def test_a_wrong_header_is_refused(sandbox: RunningSandbox, changed: dict[str, str], code: int) -> None:
    assert post(sandbox, order(sandbox), changed=changed).json()["code"] == code


def test_a_changed_byte_is_refused(sandbox: RunningSandbox) -> None:
    body = order(sandbox)
    assert post(sandbox, body, body + b"\n").json()["code"] == 1003


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"messageData": {"templateId": "411002", "templateData": {f"p{n}": "1" for n in range(9)}}}, 9000),
        ({"messageData": {"templateId": 411002, "templateData": {"otp": "1"}}}, 9000),
        ({"messageData": None}, 9000),
        ({"functionType": "text"}, 9000),
        ({"drWebhook": "https://gw.example/" + "x" * 238}, 9000),
        ({"ext": "x" * 65_536}, 9000),
        ({"phone": "+84987654321"}, 9002),
        ({"appkey": "nobody"}, 9003),
    ],
)
def test_a_request_over_a_limit_is_refused(sandbox: RunningSandbox, changed: dict[str, Any], code: int) -> None:
    assert post(sandbox, order(sandbox, **changed)).json()["code"] == code


def test_a_body_that_is_no_json_is_refused(sandbox: RunningSandbox) -> None:
    assert post(sandbox, b"hello").json()["code"] == 9000


def test_a_path_that_is_none_is_not_found(sandbox: RunningSandbox) -> None:
    assert sandbox.call("POST", f"/{API}/v1/viber/mt", {}).status == 404


def test_both_hosts_list_what_is_valid(sandbox: RunningSandbox) -> None:
    first, second = accounts(sandbox, API), accounts(sandbox, API2)
    assert first["credentials"] == second["credentials"]
    assert set(first["credentials"]) == {"accessKey", "accessSecret", "appkey", "secretkey"}
    assert [one["name"] for one in first["templates"]] == ["bill", "order", "otp", "promotion"]
    assert [f"849000000{number:02d}" for number in range(1, 12)] == list(first["magic"])
    assert set(first["magic"]).isdisjoint(second["magic"])


def test_any_event_can_be_reported(sandbox: RunningSandbox) -> None:
    appkey = accounts(sandbox)["credentials"]["appkey"]
    given = {"host": API, "oaId": appkey, "event": {"status": "journey_time_out"}}
    assert sandbox.call("POST", "/_/events", given).status == 202
    assert sandbox.call("POST", "/_/events", given | {"oaId": "nobody"}).status == 400
