"""The sandbox of Infobip reports as the reference says: pushed many at once, pulled once, logged again and again."""

import threading
import time
import uuid
from typing import Any

import pytest

from tests.providers.infobip.conftest import Wire, wire_of
from tests.providers.sandbox.running import RunningSandbox, Webhook, eventually

SMS = "/sms/3/messages"


def new() -> str:
    return uuid.uuid4().hex


def reports(webhook: Webhook, count: int) -> list[dict[str, Any]]:
    def heard() -> list[dict[str, Any]]:
        return [row for call in list(webhook.heard) for row in call.json()["results"]]

    eventually(lambda: len(heard()) >= count)
    return heard()


def test_a_delivery_is_reported_to_the_messages_own_url(wire: Wire, webhook: Webhook) -> None:
    leg = new()
    options = {"platform": {"entityId": "e", "applicationId": "a"}}
    message = wire.zalo(("84987654321", leg), options=options)
    wire.send(message | {"webhooks": {"delivery": {"url": webhook.url}, "callbackData": "cb"}})
    (row,) = reports(webhook, 1)
    assert (row["messageId"], row["to"], row["channel"]) == (leg, "84987654321", "ZALO_NOTIFICATION_SERVICE")
    assert (row["entityId"], row["applicationId"], row["callbackData"]) == ("e", "a", "cb")
    assert (row["status"]["id"], row["error"]["name"]) == (5, "NO_ERROR")
    assert row["doneAt"].endswith("+0000")


def test_reports_of_one_call_come_together(wire: Wire, webhook: Webhook) -> None:
    legs = [new() for _ in range(250)]
    for start in range(0, 250, 125):
        wire.send(*(wire.zalo(("84987654321", leg), url=webhook.url) for leg in legs[start : start + 125]))
    assert sorted(row["messageId"] for row in reports(webhook, 250)) == sorted(legs)
    assert sorted(len(call.json()["results"]) for call in webhook.heard) == [25, 25, 100, 100]


def test_a_report_of_sms_names_its_sender_and_no_channel(wire: Wire, webhook: Webhook) -> None:
    message = wire.sms(("84987654321", new()), url=webhook.url, options={"platform": {"entityId": "e"}})
    wire.send(message, path=SMS)
    (row,) = reports(webhook, 1)
    assert (row["sender"], row["platform"]) == (wire.account["smsSender"], {"entityId": "e"})
    assert "channel" not in row


@pytest.mark.parametrize(("phone", "error"), [("84900000007", "EC_UNKNOWN_USER"), ("84900000008", "EC_BLOCKED_USER")])
def test_who_cannot_be_reached_is_reported(wire: Wire, webhook: Webhook, phone: str, error: str) -> None:
    assert wire.statuses(wire.zalo((phone, new()), url=webhook.url)) == ["PENDING_ENROUTE"]
    (row,) = reports(webhook, 1)
    assert (row["status"]["groupName"], row["error"]["name"]) == ("UNDELIVERABLE", error)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"templateName": 1, "templateData": {"otp": "1"}}, "EC_INVALID_TEMPLATE"),
        ({"templateName": 311004, "templateData": {}}, "EC_INVALID_TEMPLATE"),
        ({"templateName": 311002, "templateData": {}}, "EC_INVALID_TEMPLATE_ARGS"),
        ({"templateName": 311002, "templateData": {"otp": "12345678901"}}, "EC_INVALID_TEMPLATE_ARGS"),
    ],
)
def test_a_content_that_does_not_fit_is_reported(
    wire: Wire, webhook: Webhook, content: dict[str, Any], error: str
) -> None:
    wire.send(wire.zalo(("84987654321", new()), url=webhook.url, content={"type": "TEMPLATE", **content}))
    (row,) = reports(webhook, 1)
    assert row["error"]["name"] == error


def test_a_validity_that_ends_first_is_reported_as_expired(wire: Wire, webhook: Webhook) -> None:
    wire.sandbox.settings(lateReceiptMs=5000)
    options = {"validityPeriod": {"amount": 1, "timeUnit": "SECONDS"}}
    wire.send(wire.zalo(("84900000002", new()), url=webhook.url, options=options))
    (row,) = reports(webhook, 1)
    assert (row["status"]["name"], row["error"]["id"]) == ("EXPIRED_EXPIRED", 4101)


def test_a_used_up_quota_is_reported(own: RunningSandbox, webhook: Webhook) -> None:
    wire = wire_of(own)
    own.settings(dailyQuota=1)
    wire.send(wire.zalo(("84987654321", new()), url=webhook.url))
    wire.send(wire.zalo(("84987654321", new()), url=webhook.url))
    names = {row["error"]["name"] for row in reports(webhook, 2)}
    assert names == {"NO_ERROR", "EC_MESSAGE_TYPE_EXHAUSTED"}


def test_a_report_may_come_twice_or_before_the_answer(wire: Wire, webhook: Webhook) -> None:
    twice, early = new(), new()
    wire.send(wire.zalo(("84900000004", early), url=webhook.url))
    assert [row["messageId"] for call in webhook.heard for row in call.json()["results"]] == [early]
    wire.send(wire.zalo(("84900000003", twice), url=webhook.url))
    assert [row["messageId"] for row in reports(webhook, 3)] == [early, twice, twice]


def test_a_call_that_is_never_answered_is_reported_two_seconds_later(wire: Wire, webhook: Webhook) -> None:
    leg, beside, began = new(), new(), time.monotonic()
    with pytest.raises(TimeoutError):
        wire.send(
            wire.zalo(("84900000006", leg), url=webhook.url),
            wire.zalo(("84987654321", beside), url=webhook.url),
            wait=0.5,
        )
    assert {row["messageId"] for row in reports(webhook, 2)} == {leg, beside}
    assert time.monotonic() - began >= 1.95


def test_a_server_error_lets_the_other_messages_go(wire: Wire, webhook: Webhook) -> None:
    beside = new()
    reply = wire.send(
        wire.zalo(("84900000011", new()), url=webhook.url), wire.zalo(("84987654321", beside), url=webhook.url)
    )
    assert (reply.status, reply.json()["errorCode"]) == (500, "E500")
    assert [row["messageId"] for row in reports(webhook, 1)] == [beside]


def test_a_passing_fault_passes_for_each_id(wire: Wire) -> None:
    first, second = new(), new()
    assert [wire.statuses(wire.zalo(("84900000005", leg)))[0] for leg in (first, first, second)] == [
        "REJECTED_SYSTEM_ERROR",
        "PENDING_ENROUTE",
        "REJECTED_SYSTEM_ERROR",
    ]


def test_a_lack_of_credit_is_told_in_the_answer(wire: Wire) -> None:
    assert wire.statuses(wire.zalo(("84900000010", new()))) == ["REJECTED_NOT_ENOUGH_CREDITS"]


def test_sms_has_magic_recipients_of_its_own(wire: Wire, webhook: Webhook) -> None:
    legs = {name: new() for name in ("unreached on Zalo", "absent", "opted out")}
    statuses = wire.statuses(
        wire.sms(("84900000007", legs["unreached on Zalo"]), url=webhook.url),
        wire.sms(("84900000027", legs["absent"]), url=webhook.url),
        wire.sms(("84900000028", legs["opted out"]), url=webhook.url),
        path=SMS,
    )
    assert statuses == ["PENDING_ACCEPTED", "PENDING_ACCEPTED", "REJECTED_DND"]
    told = {row["messageId"]: row["error"]["id"] for row in reports(webhook, 2)}
    assert told == {legs["unreached on Zalo"]: 0, legs["absent"]: 27}


def pulled(wire: Wire, **query: str) -> list[str]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return [row["messageId"] for row in wire.get(f"/sms/3/reports?{asked}")["results"]]


def test_a_report_is_pulled_once(own: RunningSandbox) -> None:
    wire, leg = wire_of(own), new()
    wire.send(wire.sms(("84987654321", leg)), path=SMS)
    assert eventually(lambda: pulled(wire)) == [leg]
    assert pulled(wire) == []


def test_a_filter_takes_only_what_it_returns(own: RunningSandbox) -> None:
    wire, legs = wire_of(own), [new() for _ in range(3)]
    for leg, entity in zip(legs, ("one", "two", "two"), strict=True):
        wire.send(wire.sms(("84987654321", leg), options={"platform": {"entityId": entity}}), path=SMS)
    assert eventually(lambda: wire.get("/sms/3/logs?generalStatus=DELIVERED")["results"].__len__() == 3)
    assert pulled(wire, entityId="one") == [legs[0]]
    assert pulled(wire, messageId=legs[2]) == [legs[2]]
    assert pulled(wire, limit="1") == [legs[1]]
    assert pulled(wire) == []


def test_no_two_pollers_get_the_same_report(own: RunningSandbox) -> None:
    wire, legs = wire_of(own), [new() for _ in range(100)]
    wire.send(*(wire.sms(("84987654321", leg)) for leg in legs), path=SMS)
    assert eventually(lambda: len(wire.get("/sms/3/logs?generalStatus=DELIVERED&limit=1000")["results"]) == 100)
    taken: list[str] = []

    def poll() -> None:
        while rows := pulled(wire, limit="7"):
            taken.extend(rows)

    threads = [threading.Thread(target=poll) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(taken) == sorted(legs)


def test_a_report_that_was_pushed_is_not_pulled(own: RunningSandbox, webhook: Webhook) -> None:
    wire = wire_of(own)
    wire.send(wire.sms(("84987654321", new()), url=webhook.url), path=SMS)
    assert len(reports(webhook, 1)) == 1
    assert pulled(wire) == []


def test_another_account_pulls_and_sees_nothing(own: RunningSandbox) -> None:
    wire, other = wire_of(own), wire_of(own, 1)
    wire.send(wire.sms(("84987654321", new())), path=SMS)
    assert eventually(lambda: wire.get("/sms/3/logs?generalStatus=DELIVERED")["results"])
    assert (pulled(other), other.get("/sms/3/logs")["results"]) == ([], [])
    assert len(pulled(wire)) == 1


def test_logs_tell_again_and_again_what_is_and_what_was(own: RunningSandbox) -> None:
    wire, done, waiting = wire_of(own), new(), new()
    wire.send(wire.zalo(("84987654321", done)), wire.zalo(("84900000009", waiting)))

    def logged() -> dict[str, Any]:
        rows = wire.get(f"/zalo/1/logs?messageId={done},{waiting}")["results"]
        return {row["messageId"]: row for row in rows}

    time.sleep(0.1)  # the receipt's delay is fifty milliseconds
    first, second = logged(), logged()
    assert first == second
    assert (first[done]["status"]["name"], first[done]["smsCount"]) == ("DELIVERED_TO_HANDSET", 1)
    assert first[waiting]["status"]["name"] == "PENDING_ENROUTE"
    assert "doneAt" not in first[waiting]


def test_logs_of_zalo_allow_ten_calls_a_minute(own: RunningSandbox) -> None:
    wire = wire_of(own)
    assert [wire.call("GET", "/zalo/1/logs").status for _ in range(11)] == [200] * 10 + [429]
    refused = wire.call("GET", "/zalo/1/logs")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["requestError"]["serviceException"]["messageId"] == "TOO_MANY_REQUESTS"
    assert wire_of(own, 1).call("GET", "/zalo/1/logs").status == 200


def test_messages_and_reports_survive_a_restart(own: RunningSandbox) -> None:
    wire, leg = wire_of(own), new()
    wire.send(wire.sms(("84987654321", leg)), path=SMS)
    assert eventually(lambda: wire.get("/sms/3/logs?generalStatus=DELIVERED")["results"])
    own.stop()
    own.start(own.port)
    assert wire.statuses(wire.sms(("84987654321", leg)), path=SMS) == ["REJECTED_DUPLICATE_MESSAGE_ID"]
    assert pulled(wire) == [leg]


def test_a_subscription_hears_of_messages_without_a_url(own: RunningSandbox, webhook: Webhook) -> None:
    wire, leg = wire_of(own), new()
    own.call("PUT", "/_/webhook", {"appId": wire.account["sender"], "url": webhook.url})
    wire.send(wire.zalo(("84987654321", leg)))
    assert [row["messageId"] for row in reports(webhook, 1)] == [leg]
