"""The sandbox of Infobip takes and refuses messages as the reference says, on calls written by hand."""

import base64
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.providers.infobip.conftest import HOST, Wire, wire_of
from tests.providers.sandbox.running import RunningSandbox

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


def new() -> str:
    return uuid.uuid4().hex


def test_what_is_seeded_is_listed(sandbox: RunningSandbox) -> None:
    listed = sandbox.call("GET", "/_/accounts").json()[HOST]
    assert sorted(listed["credentials"]) == ["apiKey", "sender", "smsSender"]
    assert listed["magic"] == {f"849000000{number:02d}": name for number, name in enumerate(OUTCOMES, start=1)}
    assert [one["name"] for one in listed["templates"]] == ["bill", "order", "otp", "promotion"]
    assert set(listed["smsMagic"]).isdisjoint(listed["magic"])


def test_an_accepted_message_is_under_way(wire: Wire) -> None:
    leg = new()
    reply = wire.send(wire.zalo(("84987654321", leg)))
    answer = reply.json()
    assert reply.status == 200
    assert answer["bulkId"]
    (element,) = answer["messages"]
    assert (element["messageId"], element["destination"]) == (leg, "84987654321")
    assert (element["status"]["groupId"], element["status"]["name"]) == (1, "PENDING_ENROUTE")


def test_any_account_host_is_the_same_host(sandbox: RunningSandbox, wire: Wire) -> None:
    sandbox.call("DELETE", "/_/requests")
    other = Wire(sandbox, wire.account, "x1y2z.api.infobip.com")
    assert other.send(other.zalo(("84987654321", new()))).status == 200
    assert [call["host"] for call in sandbox.record()] == [HOST]


def test_a_bulk_id_is_kept_and_ids_are_made(wire: Wire) -> None:
    message = wire.zalo(("84987654321", "")) | {"destinations": [{"to": "84987654321"}]}
    body = {"messages": [message], "options": {"schedule": {"bulkId": "b" * 120}}}
    answer = wire.call("POST", "/zalo/2/messages", body).json()
    assert answer["bulkId"] == "b" * 100
    assert answer["messages"][0]["messageId"]


def test_an_id_is_taken_once(wire: Wire) -> None:
    leg = new()
    assert wire.statuses(wire.zalo(("84987654321", leg))) == ["PENDING_ENROUTE"]
    assert wire.statuses(wire.zalo(("84987654321", leg))) == ["REJECTED_DUPLICATE_MESSAGE_ID"]


def test_an_id_twice_in_a_call_is_taken_once(wire: Wire) -> None:
    leg = new()
    assert wire.statuses(wire.zalo(("84987654321", leg), ("84912345678", leg))) == [
        "PENDING_ENROUTE",
        "REJECTED_DUPLICATE_MESSAGE_ID",
    ]


def test_an_id_in_many_calls_at_once_is_taken_once(wire: Wire) -> None:
    leg = new()
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda _: wire.statuses(wire.zalo(("84987654321", leg)))[0], range(24)))
    assert sorted(set(told)) == ["PENDING_ENROUTE", "REJECTED_DUPLICATE_MESSAGE_ID"]
    assert told.count("PENDING_ENROUTE") == 1


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"sender": "999"}, "REJECTED_SOURCE"),
        ({"destinations": [{"to": "12345"}]}, "REJECTED_DESTINATION"),
        ({"destinations": [{"to": "2512523625412515"}]}, "PENDING_ENROUTE"),
    ],
)
def test_a_message_is_refused_within_a_200(wire: Wire, changed: dict[str, Any], status: str) -> None:
    assert wire.statuses(wire.zalo(("84987654321", new()), **changed)) == [status]


BAD = {
    "no destination": ({"destinations": []}, "messages[0].destinations"),
    "no recipient": ({"destinations": [{"to": ""}]}, "messages[0].destinations[0].to"),
    "an id that is too long": (
        {"destinations": [{"to": "84987654321", "messageId": "m" * 201}]},
        "messages[0].destinations[0].messageId",
    ),
    "no sender": ({"sender": ""}, "messages[0].sender"),
    "a quoted template id": (
        {"content": {"type": "TEMPLATE", "templateName": "311002", "templateData": {}}},
        "messages[0].content",
    ),
    "a number as a value": (
        {"content": {"type": "TEMPLATE", "templateName": 311002, "templateData": {"otp": 1}}},
        "messages[0].content",
    ),
    "a period of nothing": (
        {"options": {"validityPeriod": {"amount": 0}}},
        "messages[0].options.validityPeriod.amount",
    ),
    "a unit that is none": (
        {"options": {"validityPeriod": {"amount": 1, "timeUnit": "MINUTE"}}},
        "messages[0].options.validityPeriod.timeUnit",
    ),
    "an entity id that is too long": (
        {"options": {"platform": {"entityId": "e" * 256}}},
        "messages[0].options.platform.entityId",
    ),
    "a webhook that is no URL": ({"webhooks": {"delivery": {"url": "x"}}}, "messages[0].webhooks.delivery.url"),
}


@pytest.mark.parametrize(("changed", "path"), BAD.values(), ids=BAD.keys())
def test_a_bad_message_refuses_the_whole_request(wire: Wire, changed: dict[str, Any], path: str) -> None:
    good, leg = wire.zalo(("84912345678", new())), new()
    reply = wire.send(wire.zalo(("84987654321", leg), **changed), good)
    assert (reply.status, reply.json()["errorCode"]) == (400, "E400")
    assert [one["property"] for one in reply.json()["violations"]] == [path]
    assert wire.statuses(good) == ["PENDING_ENROUTE"]


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"{}", b'{"messages":[]}'])
def test_a_body_without_messages_is_refused(wire: Wire, body: bytes) -> None:
    assert wire.call("POST", "/zalo/2/messages", body).status == 400


def test_a_key_decides(sandbox: RunningSandbox, wire: Wire) -> None:
    message = {"messages": [wire.zalo(("84987654321", new()))]}
    weak = sandbox.call("GET", "/_/accounts").json()[HOST]["keyWithoutScopes"]
    assert wire.call("POST", "/zalo/2/messages", message, key="wrong").json()["errorCode"] == "E401"
    assert wire.call("POST", "/zalo/2/messages", message, key=weak).json()["errorCode"] == "E403"
    pair = base64.b64encode(f"{wire.account['smsSender']}:{wire.account['apiKey']}".encode()).decode()
    basic = sandbox.call("POST", f"/{HOST}/zalo/2/messages", message, {"Authorization": f"Basic {pair}"})
    assert basic.status == 200


def test_logs_refuse_in_the_older_envelope(wire: Wire) -> None:
    reply = wire.call("GET", "/zalo/1/logs", key="wrong")
    assert (reply.status, reply.json()["requestError"]["serviceException"]["messageId"]) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize("path", ["/zalo/1/reports", "/zalo/1/message/template", "/nothing"])
def test_a_path_that_is_not_there(wire: Wire, path: str) -> None:
    assert wire.call("GET", path).status == 404


def test_credit_is_spent_by_the_message_and_its_parts(own: RunningSandbox) -> None:
    wire = wire_of(own)
    before = wire.get("/account/1/balance")
    wire.send(wire.zalo(("84987654321", new()), ("84912345678", new())))
    wire.send(wire.sms(("84987654321", new()), content={"text": "ế" * 71}), path="/sms/3/messages")
    after = wire.get("/account/1/balance")
    assert before["currency"] == "EUR"
    assert round(before["balance"] - after["balance"], 4) == 2 * 0.0085 + 2 * 0.03


def test_the_daily_quota_is_counted_and_told(own: RunningSandbox) -> None:
    wire = wire_of(own)
    own.settings(dailyQuota=2)
    wire.send(*(wire.zalo(("84987654321", new())) for _ in range(2)))
    quota = wire.get(f"/zalo/1/sender/{wire.account['sender']}/quota")
    assert (quota["dailyQuota"], quota["remainingDailyQuota"]) == (2, 0)


def test_the_shared_account_takes_any_template_and_sender(sandbox: RunningSandbox) -> None:
    test = sandbox.call("GET", "/_/accounts").json()[HOST]["test"] | {"templates": [{"id": "7", "name": "otp"}]}
    wire = Wire(sandbox, test)
    assert wire.statuses(wire.zalo(("84987654321", new()), sender="any")) == ["PENDING_ENROUTE"]
    assert wire.statuses(wire.sms(("84987654321", new()), sender="any"), path="/sms/3/messages") == ["PENDING_ACCEPTED"]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, "PENDING_ACCEPTED"),
        ({"sender": "OTHER"}, "REJECTED_SOURCE"),
        ({"destinations": [{"to": "abc"}]}, "REJECTED_DESTINATION"),
    ],
)
def test_an_sms_is_taken_or_refused(wire: Wire, changed: dict[str, Any], status: str) -> None:
    assert wire.statuses(wire.sms(("84987654321", new()), **changed), path="/sms/3/messages") == [status]


def test_an_sms_without_text_refuses_the_request(wire: Wire) -> None:
    reply = wire.send(wire.sms(("84987654321", new()), content={"text": ""}), path="/sms/3/messages")
    assert reply.json()["violations"] == [{"property": "messages[0].content", "violation": "text must not be blank"}]


def test_a_phone_shows_what_it_received(sandbox: RunningSandbox, wire: Wire) -> None:
    wire.send(wire.sms(("84981230001", new()), content={"text": "Mã <b>7</b>"}), path="/sms/3/messages")
    wire.send(wire.zalo(("84981230002", new())))
    assert "Mã &lt;b&gt;7&lt;/b&gt;" in sandbox.call("GET", "/_/inbox?to=84981230001").body.decode()
    assert "123456" in sandbox.call("GET", "/_/inbox?to=84981230002").body.decode()
