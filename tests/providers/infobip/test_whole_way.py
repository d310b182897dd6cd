"""The adapter and the sandbox, written apart from each other from one reference, understand each other on real HTTP."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.contract import (
    Context,
    DeliveryStatus,
    ErrorClass,
    Event,
    EventKind,
    Hook,
    Outbound,
    Outcome,
    Question,
    Verdict,
)
from providers.registry import provider
from providers.transport import exchange
from tests.providers.infobip.conftest import HOST
from tests.providers.sandbox.running import RunningSandbox, Webhook, eventually

INFOBIP = provider("infobip")
TOKEN = "hook-t0ken"


class Way:
    """One account's messages from `pack` to events, over sockets."""

    def __init__(self, sandbox: RunningSandbox, webhook: Webhook) -> None:
        self.sandbox, self.webhook = sandbox, webhook
        self.seeded: dict[str, Any] = sandbox.call("GET", "/_/accounts").json()[HOST]
        account = self.seeded["credentials"]
        self.credentials = {"api_key": account["apiKey"], "sender": account["sender"]}
        self.numbers = {outcome: phone for phone, outcome in self.seeded["magic"].items()}

    def context(self, timeout: float = 5.0) -> Context:
        origin = f"http://127.0.0.1:{self.sandbox.port}"
        return Context(now=datetime.now(UTC), origin=origin, hook_url=f"{self.webhook.url}/{TOKEN}", timeout=timeout)

    def message(self, outcome: str = "delivered", **changed: Any) -> Outbound:
        otp = next(one["id"] for one in self.seeded["templates"] if one["name"] == "otp")
        given: dict[str, Any] = {
            "leg_id": uuid.uuid4().hex,
            "phone": self.numbers[outcome],
            "template": otp,
            "values": {"otp": "123456"},
            "valid_for": 30.0,
        }
        return Outbound(**(given | changed))

    def send(self, *messages: Outbound, timeout: float = 5.0, **credentials: str) -> list[Outcome]:
        (call,) = INFOBIP.pack(messages, self.credentials | credentials, self.context(timeout))
        return INFOBIP.unpack(call, exchange(call))

    def ask(self, kind: str, **params: str) -> Any:
        question = Question(kind=kind, params=params)
        answer = INFOBIP.answer(question, exchange(INFOBIP.ask(question, self.credentials, self.context())))
        assert answer.ok, answer
        return answer.data

    def events(self, count: int) -> list[Event]:
        def read() -> list[Event]:
            hooks = [
                Hook(method="POST", path=f"/hook/{TOKEN}", headers=one.headers, body=one.body)
                for one in list(self.webhook.heard)
            ]
            return [
                event for hook in hooks for event in INFOBIP.read_events(hook, {"hook_token": TOKEN}, self.context())
            ]

        eventually(lambda: len(read()) >= count)
        return read()


@pytest.fixture
def way(own: RunningSandbox, webhook: Webhook) -> Way:
    return Way(own, webhook)


def test_messages_are_accepted_and_their_receipts_lead_back_to_the_legs(way: Way) -> None:
    messages = [way.message() for _ in range(30)]
    outcomes = way.send(*messages)
    assert [(one.leg_id, one.verdict) for one in outcomes] == [(one.leg_id, Verdict.ACCEPTED) for one in messages]
    events = way.events(30)
    assert {event.leg_id for event in events} == {one.leg_id for one in messages}
    assert {event.kind for event in events} == {EventKind.DELIVERED}
    assert {event.data["cost"]["currency"] for event in events} == {"EUR"}
    assert len(way.sandbox.record(path="/zalo/2/messages")) == 1


def test_every_magic_recipient_in_one_call(way: Way) -> None:
    silent = ("timeout_after_accept", "server_error")
    messages = {outcome: way.message(outcome) for outcome in way.numbers if outcome not in silent}
    outcomes = dict(zip(messages, way.send(*messages.values()), strict=True))
    refused = {name: one.error.code for name, one in outcomes.items() if one.error}
    assert refused == {
        "transient_then_delivered": "REJECTED_SYSTEM_ERROR",
        "quota_exceeded": "REJECTED_NOT_ENOUGH_CREDITS",
    }
    again = way.send(messages["transient_then_delivered"])
    assert [one.verdict for one in again] == [Verdict.ACCEPTED]
    events = way.events(7)
    ends = {event.leg_id: event.data.get("error_code", "") for event in events}
    expected = {
        "delivered": "",
        "duplicate_receipt": "",
        "receipt_before_answer": "",
        "transient_then_delivered": "",
        "not_on_zalo": "EC_UNKNOWN_USER",
        "blocked": "EC_BLOCKED_USER",
    }
    assert ends == {messages[name].leg_id: code for name, code in expected.items()}
    twice = [event.key for event in events if event.leg_id == messages["duplicate_receipt"].leg_id]
    assert len(twice) == 2
    assert len(set(twice)) == 1
    asked = way.ask("status", message_id=messages["never_delivered"].leg_id)
    assert asked is DeliveryStatus.PENDING


def test_a_receipt_may_come_before_its_answer(way: Way) -> None:
    message = way.message("receipt_before_answer")
    (outcome,) = way.send(message)
    assert (outcome.verdict, len(way.webhook.heard)) == (Verdict.ACCEPTED, 1)
    assert way.events(1)[0].leg_id == message.leg_id


def test_receipts_come_in_any_order(way: Way) -> None:
    way.sandbox.settings(lateReceiptMs=600)
    late, early = way.message("late_receipt"), way.message()
    way.send(late)
    way.send(early)
    assert [event.leg_id for event in way.events(2)] == [early.leg_id, late.leg_id]


def test_an_answer_that_never_comes_is_unknown_and_can_be_asked_for_by_the_leg(way: Way) -> None:
    message = way.message("timeout_after_accept")
    (outcome,) = way.send(message, timeout=0.5)
    assert (outcome.verdict, outcome.provider_message_id) == (Verdict.UNKNOWN, message.leg_id)
    assert [event.leg_id for event in way.events(1)] == [message.leg_id]
    assert way.ask("status", message_id=outcome.provider_message_id) is DeliveryStatus.DELIVERED


@pytest.mark.parametrize("fault", ["reset", "html502", "empty"])
def test_a_fault_after_the_request_was_read_is_unknown(way: Way, fault: str) -> None:
    way.sandbox.call("POST", "/_/faults", {"host": HOST, "fault": fault, "times": 1})
    message = way.message()
    (outcome,) = way.send(message)
    assert outcome.verdict is Verdict.UNKNOWN
    assert len(way.sandbox.record(path="/zalo/2/messages")) == 1
    assert way.ask("status", message_id=message.leg_id) is DeliveryStatus.NOT_FOUND


def test_a_server_error_is_unknown_for_all_and_delivered_to_the_others(way: Way) -> None:
    broken, beside = way.message("server_error"), way.message()
    assert {one.verdict for one in way.send(broken, beside)} == {Verdict.UNKNOWN}
    assert [event.leg_id for event in way.events(1)] == [beside.leg_id]
    assert way.ask("status", message_id=beside.leg_id) is DeliveryStatus.DELIVERED


@pytest.mark.parametrize(
    ("status", "code", "error_class"),
    [
        (400, "HTTP_400", ErrorClass.MESSAGE),
        (401, "HTTP_401", ErrorClass.TOKEN),
        (403, "HTTP_403", ErrorClass.TOKEN),
        (404, "HTTP_404", ErrorClass.CONFIGURATION),
        (429, "HTTP_429", ErrorClass.QUOTA),
    ],
)
def test_a_refused_request_refuses_its_message(way: Way, status: int, code: str, error_class: ErrorClass) -> None:
    way.sandbox.call("POST", "/_/faults", {"host": HOST, "fault": "error", "status": status, "times": 1})
    (outcome,) = way.send(way.message())
    assert outcome.error is not None
    assert (outcome.verdict, outcome.error.code, outcome.error.error_class) == (Verdict.REFUSED, code, error_class)


def test_a_fault_for_one_recipient_spares_the_others(way: Way) -> None:
    way.sandbox.call("POST", "/_/faults", {"host": HOST, "fault": "reset", "to": "84987654321"})
    assert way.send(way.message(phone="84987654321"))[0].verdict is Verdict.UNKNOWN
    assert way.send(way.message())[0].verdict is Verdict.ACCEPTED


def test_a_wrong_key_and_a_key_without_scopes_stop_the_channel(way: Way) -> None:
    codes = []
    for key in ("wrong", way.seeded["keyWithoutScopes"]):
        (outcome,) = way.send(way.message(), api_key=key)
        assert outcome.error is not None
        codes.append(outcome.error.code)
    assert codes == ["HTTP_401", "HTTP_403"]


def test_a_bad_message_is_refused_alone_and_its_company_was_not_sent(way: Way) -> None:
    bad, good = way.message(phone="8" * 65), way.message()
    outcomes = way.send(good, bad)
    assert [(one.verdict, one.error.code if one.error else "") for one in outcomes] == [
        (Verdict.NOT_SENT, ""),
        (Verdict.REFUSED, "HTTP_400"),
    ]
    assert way.send(good)[0].verdict is Verdict.ACCEPTED


def test_a_repeat_of_an_accepted_message_reaches_nobody_twice(way: Way) -> None:
    message = way.message()
    assert [way.send(message)[0].verdict for _ in range(2)] == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert way.ask("records")["events"][0].leg_id == message.leg_id
    assert len(way.events(1)) == 1


@pytest.mark.parametrize("mgf1", ["sha1", "sha256"])
def test_encrypted_values_are_read_at_the_other_end(way: Way, mgf1: str) -> None:
    key = way.ask("create_public_key")["public_key"]
    assert way.ask("public_key")["public_key"] == key
    message = way.message(values={"otp": "777888"})
    way.send(message, encrypt="1", public_key=key, mgf1_hash=mgf1)
    (event,) = way.events(1)
    assert event.kind is EventKind.DELIVERED
    assert "777888" not in way.sandbox.record(path="/zalo/2/messages")[0]["body"]
    assert "777888" in way.sandbox.call("GET", f"/_/inbox?to={message.phone}").body.decode()


def test_values_under_another_key_are_reported_as_such(way: Way) -> None:
    key = way.ask("create_public_key")["public_key"]
    message = way.message(values={"otp": "x"})
    (call,) = INFOBIP.pack([message], way.credentials | {"encrypt": "1", "public_key": key}, way.context())
    broken = type(call)(
        method=call.method, url=call.url, headers=call.headers, body=call.body.replace(b"=", b"A"), legs=call.legs
    )
    assert INFOBIP.unpack(broken, exchange(broken))[0].verdict is Verdict.ACCEPTED
    assert way.events(1)[0].data["error_code"] == "EC_INVALID_TEMPLATE_ARGS"


def test_templates_quota_and_balance_are_read(way: Way) -> None:
    listed = way.ask("templates", status="ENABLED")
    assert [one["name"] for one in listed["items"]] == ["bill", "order", "otp", "promotion"]
    details = {one["name"]: way.ask("template", template_id=one["id"]) for one in listed["items"]}
    assert [(one.name, one.max_length) for one in details["otp"].parameters] == [("otp", 10)]
    assert (details["promotion"].tag, details["otp"].status) == ("promotion", "ENABLE")
    assert len(details["bill"].parameters) == 9
    assert way.ask("templates", offset="4", limit="4")["ids"] == way.ask("templates")["ids"][4:]
    way.send(way.message())
    quota = way.ask("quota")["quota"]
    assert quota.daily - quota.remaining == 1
    assert way.ask("balance")["amount"] == "999999.9915"


@pytest.mark.parametrize(
    ("changed", "reason"), [({"api_key": "wrong"}, "api_key:"), ({"sender": "5"}, "sender:"), ({}, "")]
)
def test_a_connection_test_names_what_is_wrong(way: Way, changed: dict[str, str], reason: str) -> None:
    question = Question(kind="connection")
    call = INFOBIP.ask(question, way.credentials | changed, way.context())
    answer = INFOBIP.answer(question, exchange(call))
    assert (answer.ok, answer.reason.partition(" ")[0]) == (not reason, reason)
