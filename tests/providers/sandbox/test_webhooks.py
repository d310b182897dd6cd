import hashlib
import threading
import time

import pytest

from tests.providers.sandbox.running import BUSINESS, OA, OAUTH, HttpReply, RunningSandbox, Webhook, eventually


def test_a_receipt_is_signed_over_its_raw_bytes_by_a_plain_hash(hooked: RunningSandbox, webhook: Webhook) -> None:
    credentials = hooked.accounts()["credentials"]
    reply = hooked.send("0987654321", tracking_id="leg-1").json()["data"]
    (heard,) = webhook.wait(1)
    event = heard.json()
    text = credentials["appId"].encode() + heard.body + event["timestamp"].encode()
    assert heard.headers["x-zevent-signature"] == (
        "mac=" + hashlib.sha256(text + credentials["oaSecretKey"].encode()).hexdigest()
    )
    assert heard.headers["x-zevent-server"] == "ZNS"
    assert heard.headers["user-agent"] == "ZaloWebhook"
    assert heard.headers["content-type"] == "application/json"
    assert "num_retry" not in heard.headers
    assert event == {
        "sender": {"id": credentials["oaId"]},
        "recipient": {"id": "84987654321"},
        "event_name": "user_received_message",
        "message": {
            "delivery_time": str(int(event["timestamp"]) - 50),
            "msg_id": reply["msg_id"],
            "tracking_id": "leg-1",
        },
        "app_id": credentials["appId"],
        "timestamp": event["timestamp"],
    }


def test_a_receipt_without_a_tracking_id_has_no_such_field(hooked: RunningSandbox, webhook: Webhook) -> None:
    hooked.send()
    (heard,) = webhook.wait(1)
    assert set(heard.json()["message"]) == {"delivery_time", "msg_id"}


def test_a_receipt_after_a_hashed_send_names_the_hash(hooked: RunningSandbox, webhook: Webhook) -> None:
    digest = hashlib.sha256(b"84987654321").hexdigest()
    body = {"hash_phone": digest, "template_id": "301002", "template_data": {"otp": "1"}}
    hooked.business("POST", "/message/template/hashphone", body)
    (heard,) = webhook.wait(1)
    assert heard.json()["recipient"] == {"id": digest}


def test_what_is_not_taken_comes_again_unchanged_with_its_number(hooked: RunningSandbox, webhook: Webhook) -> None:
    webhook.statuses = [500, 204]
    hooked.send()
    heard = webhook.wait(3)
    assert [each.headers.get("num_retry") for each in heard] == [None, "1", "2"]
    assert len({each.body for each in heard}) == 1


def test_an_app_of_its_own_url_is_called_there(sandbox: RunningSandbox, webhook: Webhook) -> None:
    first, *_, last = sandbox.accounts()["officialAccounts"]
    sandbox.call("PUT", "/_/webhook", {"appId": last["appId"], "url": webhook.url})
    sandbox.send(token=first["accessToken"])
    sandbox.send(template="303002", token=last["accessToken"])
    (heard,) = webhook.wait(1)
    assert heard.json()["app_id"] == last["appId"]


def test_a_receipt_that_waits_survives_a_restart(own_sandbox: RunningSandbox, webhook: Webhook) -> None:
    own_sandbox.call("PUT", "/_/webhook", {"url": webhook.url})
    own_sandbox.settings(receiptDelayMs=3000)
    message_id = own_sandbox.send().json()["data"]["msg_id"]
    own_sandbox.stop()
    assert webhook.heard == []
    own_sandbox.start()
    (heard,) = webhook.wait(1)
    assert heard.json()["message"]["msg_id"] == message_id


def test_a_receipt_for_a_webhook_that_is_down_comes_when_it_is_up(own_sandbox: RunningSandbox) -> None:
    gone = Webhook()
    gone.close()
    own_sandbox.call("PUT", "/_/webhook", {"url": gone.url})
    own_sandbox.send()
    assert eventually(lambda: own_sandbox.call("GET", "/_/webhook").json()["failed"])
    back = Webhook()
    own_sandbox.call("PUT", "/_/webhook", {"url": back.url})
    (heard,) = back.wait(1)
    back.close()
    assert int(heard.headers["num_retry"]) >= 1


def test_a_webhook_that_hangs_is_given_two_seconds_and_called_again(sandbox: RunningSandbox) -> None:
    hanging = Webhook(hang=threading.Event())
    sandbox.call("PUT", "/_/webhook", {"url": hanging.url})
    sandbox.send()
    assert hanging.wait(1)
    began = time.monotonic()
    first, second = hanging.wait(2)
    assert time.monotonic() - began >= 1.9
    assert (first.body, second.headers["num_retry"]) == (second.body, "1")
    assert hanging.hang is not None
    hanging.hang.set()
    hanging.close()


def test_a_receipt_is_given_up_at_the_end_of_the_ladder(own_sandbox: RunningSandbox, webhook: Webhook) -> None:
    own_sandbox.stop()
    own_sandbox.retry_scale = 0.0
    own_sandbox.start()
    own_sandbox.call("PUT", "/_/webhook", {"url": webhook.url})
    webhook.statuses = [500] * 6
    own_sandbox.send()
    heard = webhook.wait(6)
    assert [each.headers.get("num_retry") for each in heard] == [None, "1", "2", "3", "4", "5"]
    assert eventually(lambda: own_sandbox.call("GET", "/_/webhook").json()["waiting"] == 0)


@pytest.mark.parametrize(("host", "server"), [(BUSINESS, "ZNS"), (OA, "OA OpenAPI")])
def test_any_event_can_be_reported_signed(hooked: RunningSandbox, webhook: Webhook, host: str, server: str) -> None:
    credentials = hooked.accounts()["credentials"]
    event = {"event_name": "change_oa_daily_quota", "oaId": credentials["oaId"], "timestamp": "1790000000000"}
    reply = hooked.call("POST", "/_/events", {"host": host, "oaId": credentials["oaId"], "event": event})
    assert (reply.status, reply.json()) == (202, {"planned": 1})
    (heard,) = webhook.wait(1)
    assert heard.json() == {"app_id": credentials["appId"], **event}
    assert heard.headers["x-zevent-server"] == server
    text = credentials["appId"].encode() + heard.body + b"1790000000000" + credentials["oaSecretKey"].encode()
    assert heard.headers["x-zevent-signature"] == "mac=" + hashlib.sha256(text).hexdigest()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"oaId": "1", "event": {}}, "host"),
        ({"host": BUSINESS, "oaId": "5200000000000000011"}, "event"),
        ({"host": BUSINESS, "oaId": "1", "event": {}}, "oaId"),
        ({"host": OAUTH, "oaId": "5200000000000000011", "event": {}}, "oaId"),
    ],
)
def test_a_bad_event_names_its_field(sandbox: RunningSandbox, body: dict[str, object], field: str) -> None:
    reply = sandbox.call("POST", "/_/events", body)
    assert (reply.status, reply.json()["errors"][0]["field"]) == (400, field)


def change(sandbox: RunningSandbox, **fields: str) -> HttpReply:
    oa_id = sandbox.accounts()["credentials"]["oaId"]
    body = {"host": BUSINESS, "oaId": oa_id, "templateId": "301001", **fields}
    return sandbox.call("POST", "/_/templates", body)


def test_a_changed_template_is_reported_kept_and_refused(own_sandbox: RunningSandbox, webhook: Webhook) -> None:
    own_sandbox.call("PUT", "/_/webhook", {"url": webhook.url})
    assert change(own_sandbox, status="DISABLE", quality="LOW", reason="Bị báo xấu").json() == {"planned": 2}
    events = {heard.json()["event_name"]: heard.json() for heard in webhook.wait(2)}
    status, quality = events["change_template_status"], events["change_template_quality"]
    assert status["status"] == {"prev_status": "ENABLE", "new_status": "DISABLE"}
    assert (status["template_id"], status["reason"], quality["quality"]) == ("301001", "Bị báo xấu", "LOW")
    own_sandbox.stop()
    own_sandbox.start()
    order = {"customer": "Lan", "order_code": "1", "date": "21/11/2026", "total": "1"}
    assert own_sandbox.send(template="301001", data=order).json()["error"] == -131
    assert "order" not in [each["name"] for each in own_sandbox.accounts()["templates"]]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"host": "x"}, "host"),
        ({"templateId": "1"}, "templateId"),
        ({"status": "LOST"}, "status"),
        ({"quality": "BEST"}, "quality"),
        ({"other": "1"}, "other"),
    ],
)
def test_a_bad_template_change_names_its_field(sandbox: RunningSandbox, fields: dict[str, str], field: str) -> None:
    reply = change(sandbox, **fields)
    assert (reply.status, reply.json()["errors"][0]["field"]) == (400, field)
