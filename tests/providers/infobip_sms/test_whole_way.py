"""SMS from `pack` to events and to reports pulled once, over sockets."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.contract import Context, DeliveryStatus, EventKind, Hook, Outbound, Outcome, Question, Verdict
from providers.registry import provider
from providers.transport import exchange
from tests.providers.infobip.conftest import HOST
from tests.providers.sandbox.running import RunningSandbox, Webhook, eventually

SMS = provider("infobip_sms")


class Way:
    def __init__(self, sandbox: RunningSandbox, hook_url: str = "") -> None:
        self.sandbox = sandbox
        seeded = sandbox.call("GET", "/_/accounts").json()[HOST]
        account = seeded["credentials"]
        self.credentials = {"api_key": account["apiKey"], "sender": account["smsSender"]}
        self.numbers = {outcome: phone for phone, outcome in seeded["smsMagic"].items()}
        self.hook_url = hook_url

    def context(self, timeout: float = 5.0) -> Context:
        origin = f"http://127.0.0.1:{self.sandbox.port}"
        return Context(now=datetime.now(UTC), origin=origin, hook_url=self.hook_url, timeout=timeout)

    def message(self, outcome: str = "delivered", **changed: Any) -> Outbound:
        given = {"leg_id": uuid.uuid4().hex, "phone": self.numbers[outcome], "text": "Mã: 123456", "valid_for": 30.0}
        return Outbound(**(given | changed))

    def send(self, *messages: Outbound, timeout: float = 5.0) -> list[Outcome]:
        (call,) = SMS.pack(messages, self.credentials, self.context(timeout))
        return SMS.unpack(call, exchange(call))

    def ask(self, kind: str, **params: str) -> Any:
        question = Question(kind=kind, params=params)
        answer = SMS.answer(question, exchange(SMS.ask(question, self.credentials, self.context())))
        assert answer.ok, answer
        return answer.data


def test_every_magic_recipient_in_one_call(own: RunningSandbox, webhook: Webhook) -> None:
    way = Way(own, f"{webhook.url}/t")
    silent = ("timeout_after_accept", "server_error", "late_receipt")
    messages = {outcome: way.message(outcome) for outcome in way.numbers if outcome not in silent}
    outcomes = dict(zip(messages, way.send(*messages.values()), strict=True))
    assert {name: one.error.code for name, one in outcomes.items() if one.error} == {
        "transient_then_delivered": "REJECTED_SYSTEM_ERROR",
        "opted_out": "REJECTED_DND",
        "quota_exceeded": "REJECTED_NOT_ENOUGH_CREDITS",
    }

    def events() -> list[Any]:
        hooks = [Hook(method="POST", path="/hook/t", headers={}, body=one.body) for one in list(webhook.heard)]
        return [event for hook in hooks for event in SMS.read_events(hook, {"hook_token": "t"}, way.context())]

    assert eventually(lambda: len(events()) >= 5)
    assert {event.leg_id: (event.kind, event.data.get("error_code", "")) for event in events()} == {
        messages["delivered"].leg_id: (EventKind.DELIVERED, ""),
        messages["duplicate_receipt"].leg_id: (EventKind.DELIVERED, ""),
        messages["receipt_before_answer"].leg_id: (EventKind.DELIVERED, ""),
        messages["absent"].leg_id: (EventKind.FAILED, "EC_ABSENT_SUBSCRIBER"),
    }
    assert len({event.key for event in events()}) == 4


def test_a_person_who_is_not_on_zalo_gets_an_sms(own: RunningSandbox) -> None:
    way = Way(own)
    message = way.message(phone="84900000007")
    assert way.send(message)[0].verdict is Verdict.ACCEPTED
    assert eventually(lambda: way.ask("status", message_id=message.leg_id) is DeliveryStatus.DELIVERED)


def test_reports_are_pulled_once_with_their_cost(own: RunningSandbox) -> None:
    way = Way(own)
    message = way.message(text="ế" * 71)
    way.send(message)
    (event,) = eventually(lambda: way.ask("reports")["events"])
    assert (event.kind, event.leg_id, event.data["segments"]) == (EventKind.DELIVERED, message.leg_id, 2)
    assert event.data["cost"] == {"amount": "0.06", "currency": "EUR"}
    assert way.ask("reports")["events"] == []
    assert [one.leg_id for one in way.ask("records")["events"]] == [message.leg_id]


def test_an_answer_that_never_comes_is_unknown_and_found_in_the_logs(own: RunningSandbox) -> None:
    way = Way(own)
    (outcome,) = way.send(way.message("timeout_after_accept"), timeout=0.5)
    assert outcome.verdict is Verdict.UNKNOWN
    assert way.ask("status", message_id=outcome.provider_message_id) is DeliveryStatus.PENDING


@pytest.mark.parametrize("fault", ["reset", "html502", "empty"])
def test_a_fault_after_the_request_was_read_is_unknown(own: RunningSandbox, fault: str) -> None:
    way = Way(own)
    own.call("POST", "/_/faults", {"host": HOST, "path": "/sms/3/messages", "fault": fault, "times": 1})
    message = way.message()
    assert way.send(message)[0].verdict is Verdict.UNKNOWN
    assert way.ask("status", message_id=message.leg_id) is DeliveryStatus.NOT_FOUND


def test_a_foreign_sender_is_refused(own: RunningSandbox) -> None:
    (outcome,) = Way(own).send(Way(own).message(sender="NOTMINE"))
    assert outcome.error is not None
    assert outcome.error.code == "REJECTED_SOURCE"


def test_balance_and_connection(own: RunningSandbox) -> None:
    way = Way(own)
    way.send(way.message())
    assert way.ask("balance") == {"amount": "999999.97", "currency": "EUR"}
    assert way.ask("connection") == {"sender": ""}
    question = Question(kind="connection")
    call = SMS.ask(question, way.credentials | {"api_key": "wrong"}, way.context())
    assert SMS.answer(question, exchange(call)).reason.startswith("api_key:")
