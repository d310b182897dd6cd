"""Each magic recipient gives its outcome; the status query agrees with it."""

import time
from typing import Any

import pytest

from tests.providers.sandbox.running import RunningSandbox, Webhook, eventually

OUTCOMES = (
    "delivered",
    "late_receipt",
    "duplicate_receipt",
    "receipt_before_answer",
    "transient_then_delivered",
    "timeout_after_accept",
    "not_on_zalo",
    "blocked",
    "never_delivered",
    "quota_exceeded",
    "server_error",
)
PHONES = {outcome: f"849000000{number:02d}" for number, outcome in enumerate(OUTCOMES, start=1)}


def status(sandbox: RunningSandbox, message_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = sandbox.business("GET", f"/message/status?message_id={message_id}").json()["data"]
    return answer


def accepted(sandbox: RunningSandbox, outcome: str, **more: Any) -> str:
    reply = sandbox.send(PHONES[outcome], **more).json()
    assert reply["error"] == 0
    message_id: str = reply["data"]["msg_id"]
    return message_id


def test_the_list_names_them_in_order(sandbox: RunningSandbox) -> None:
    assert sandbox.accounts()["magic"] == {phone: outcome for outcome, phone in PHONES.items()}


def test_delivered_arrives_after_the_set_delay(hooked: RunningSandbox, webhook: Webhook) -> None:
    hooked.settings(receiptDelayMs=800)
    message_id = accepted(hooked, "delivered", tracking_id="t-1")
    sent = time.monotonic()
    assert status(hooked, message_id)["status"] == 0
    (receipt,) = webhook.wait(1)
    assert time.monotonic() - sent >= 0.75
    assert receipt.json()["message"]["msg_id"] == message_id
    assert status(hooked, message_id) == {
        "delivery_time": receipt.json()["message"]["delivery_time"],
        "message": "Message was delivered",
        "status": 1,
    }


def test_an_ordinary_number_is_delivered(hooked: RunningSandbox, webhook: Webhook) -> None:
    hooked.settings(receiptDelayMs=0)
    hooked.send("84987654321", tracking_id="t-2")
    (receipt,) = webhook.wait(1)
    assert receipt.json()["recipient"] == {"id": "84987654321"}


def test_late_receipt_waits_ten_seconds_unless_told_otherwise(own_sandbox: RunningSandbox) -> None:
    assert own_sandbox.call("GET", "/_/settings").json()["lateReceiptMs"] == 10_000


def test_late_receipt_tells_of_a_delivery_after_its_own_delay(hooked: RunningSandbox, webhook: Webhook) -> None:
    hooked.settings(lateReceiptMs=1500)
    reply = hooked.send(PHONES["late_receipt"]).json()["data"]
    assert status(hooked, reply["msg_id"])["status"] == 0
    (receipt,) = webhook.wait(1)
    waited = int(receipt.json()["message"]["delivery_time"]) - int(reply["sent_time"])
    assert 1_499 <= waited <= 1_501
    assert status(hooked, reply["msg_id"])["status"] == 1


def test_duplicate_receipt_sends_the_same_bytes_twice(hooked: RunningSandbox, webhook: Webhook) -> None:
    accepted(hooked, "duplicate_receipt")
    first, second = webhook.wait(2)
    assert first.body == second.body
    assert first.headers["x-zevent-signature"] == second.headers["x-zevent-signature"]


def test_receipt_before_answer_is_heard_before_the_send_returns(hooked: RunningSandbox, webhook: Webhook) -> None:
    message_id = accepted(hooked, "receipt_before_answer")
    assert [heard.json()["message"]["msg_id"] for heard in webhook.heard] == [message_id]


def test_transient_fails_once_for_each_tracking_id(sandbox: RunningSandbox) -> None:
    phone = PHONES["transient_then_delivered"]
    codes = [sandbox.send(phone, tracking_id=leg).json()["error"] for leg in ("leg-a", "leg-a", "leg-b", "leg-b")]
    assert codes == [-100, 0, -100, 0]


def test_timeout_after_accept_never_answers_but_delivers_two_seconds_later(
    hooked: RunningSandbox, webhook: Webhook
) -> None:
    began = int(time.time() * 1000)
    with pytest.raises(TimeoutError):
        hooked.send(PHONES["timeout_after_accept"], tracking_id="held", wait=0.5)
    (receipt,) = webhook.wait(1)
    assert receipt.json()["message"]["tracking_id"] == "held"
    assert 2_000 <= int(receipt.json()["message"]["delivery_time"]) - began <= 2_600
    (call,) = hooked.record(path="/message/template")
    assert call["reply"] is None


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("not_on_zalo", (200, -118, "Zalo account not existed")),
        ("blocked", (200, -141, "User has refused to receive messages from this OA")),
        ("quota_exceeded", (200, -144, "OA has exceeded the daily limit")),
        ("server_error", (500, -100, "Unknown error")),
    ],
)
def test_a_refused_recipient_is_refused_every_time(
    sandbox: RunningSandbox, outcome: str, expected: tuple[int, int, str]
) -> None:
    for _ in range(2):
        reply = sandbox.send(PHONES[outcome])
        assert (reply.status, reply.json()["error"], reply.json()["message"]) == expected


def test_never_delivered_stays_accepted_without_a_receipt(hooked: RunningSandbox, webhook: Webhook) -> None:
    hooked.settings(receiptDelayMs=0)
    silent = accepted(hooked, "never_delivered")
    loud = accepted(hooked, "delivered")
    (receipt,) = webhook.wait(1)
    assert receipt.json()["message"]["msg_id"] == loud
    assert eventually(lambda: status(hooked, loud)["status"] == 1)
    assert status(hooked, silent)["status"] == 0


def test_a_message_that_nobody_sent_does_not_exist(sandbox: RunningSandbox) -> None:
    assert status(sandbox, "00000000000000000000")["status"] == -1


def test_another_account_does_not_see_the_message(sandbox: RunningSandbox) -> None:
    message_id = accepted(sandbox, "delivered")
    other = sandbox.accounts()["officialAccounts"][1]["accessToken"]
    answer = sandbox.business("GET", f"/message/status?message_id={message_id}", token=other).json()
    assert answer["data"]["status"] == -1
