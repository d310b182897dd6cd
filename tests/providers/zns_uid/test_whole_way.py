"""Templates by user id over real HTTP: the adapter against the sandbox, written apart from each other."""

from typing import Any

import pytest

from providers.contract import EventKind, Outcome, Verdict
from tests.providers.oa.talking import Talk

ORDER = {"customer": "Trần Văn Bình", "order_code": "DH-1", "date": "21/11/2026", "total": "350000"}


def send(talk: Talk, user: str = "", timeout: float = 5.0, **changed: Any) -> Outcome:
    return talk.send(user, timeout, **({"template": "301001", "values": ORDER} | changed))


def code(outcome: Outcome) -> str:
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.error is not None
    return outcome.error.code


def test_a_template_is_accepted_and_received(talk: Talk) -> None:
    outcome = send(talk)
    assert (outcome.verdict, outcome.quota) == (Verdict.ACCEPTED, None)
    assert outcome.sent_at is not None
    (receipt,) = talk.events("user_received_message")
    assert (receipt.kind, receipt.provider_message_id) == (EventKind.DELIVERED, outcome.provider_message_id)
    assert (receipt.account_id, receipt.person, receipt.leg_id) == (talk.oa_id, talk.user(), "")


def test_every_listed_template_takes_its_sample(talk: Talk) -> None:
    listed = talk.listed()["templates"]
    assert [one["name"] for one in listed] == ["bill", "order", "promotion"]
    for one in listed:
        sample = talk.ask("template_sample", template_id=one["id"]).data
        assert send(talk, template=one["id"], values=sample).verdict is Verdict.ACCEPTED


def test_no_window_holds_for_templates(talk: Talk) -> None:
    user = talk.user("84912000011")
    talk.act(user, silentHours=10_000, follows=False)
    assert send(talk, user).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"template": "301002", "values": {"otp": "123456"}}, "-249"),
        ({"template": "301006"}, "-249"),
        ({"template": "301004"}, "-131"),
        ({"template": "302001"}, "-117"),
        ({"template": "999"}, "-109"),
        ({"values": {}}, "-112"),
        ({"values": {"customer": "x"}}, "-1122"),
        ({"values": ORDER | {"total": "1234567890123"}}, "-1121"),
        ({"user": "67500012" + "84912345678"}, "-201-user"),
    ],
)
def test_a_template_is_refused(talk: Talk, changed: dict[str, Any], expected: str) -> None:
    assert code(send(talk, **changed)) == expected


def test_a_value_that_is_too_long_is_not_echoed(talk: Talk) -> None:
    assert "1234567890123" not in send(talk, values=ORDER | {"total": "1234567890123"}).text


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [("not_on_zalo", "-201-user"), ("blocked", "-244"), ("quota_exceeded", "-211"), ("server_error", "-200")],
)
def test_a_magic_person_is_refused(talk: Talk, outcome: str, expected: str) -> None:
    assert code(send(talk, talk.magic(outcome))) == expected


def test_a_passing_failure_is_over_at_the_second_try(talk: Talk) -> None:
    user = talk.magic("transient_then_delivered")
    assert [send(talk, user).verdict for _ in range(2)] == [Verdict.REFUSED, Verdict.ACCEPTED]


def test_an_answer_that_never_comes_is_unknown_though_the_receipt_does(talk: Talk) -> None:
    assert send(talk, talk.magic("timeout_after_accept"), timeout=0.5).verdict is Verdict.UNKNOWN
    assert len(talk.events("user_received_message")) == 1


def test_a_receipt_may_come_twice(talk: Talk) -> None:
    send(talk, talk.magic("duplicate_receipt"))
    first, second = talk.events("user_received_message", 2)
    assert first == second


def test_a_receipt_may_come_before_the_answer(talk: Talk) -> None:
    outcome = send(talk, talk.magic("receipt_before_answer"))
    heard = [event.provider_message_id for one in talk.webhook.heard for event in talk.read(one)]
    assert heard == [outcome.provider_message_id]


def test_receipts_may_come_out_of_order_or_never(talk: Talk) -> None:
    talk.sandbox.settings(lateReceiptMs=600, receiptDelayMs=0)
    late, never, soon = (send(talk, user) for user in (talk.magic("late_receipt"), talk.magic("never_delivered"), ""))
    assert never.verdict is Verdict.ACCEPTED
    ids = [event.provider_message_id for event in talk.events("user_received_message", 2)]
    assert ids == [soon.provider_message_id, late.provider_message_id]


@pytest.mark.parametrize("fault", ["reset", "html502", "empty"])
def test_a_fault_has_an_unknown_outcome(talk: Talk, fault: str) -> None:
    path = "/v3.0/oa/message/template"
    talk.sandbox.call("POST", "/_/faults", {"host": "openapi.zalo.me", "path": path, "fault": fault, "times": 1})
    assert [send(talk).verdict for _ in range(2)] == [Verdict.UNKNOWN, Verdict.ACCEPTED]


@pytest.mark.parametrize(("number", "error_class"), [(-218, "quota"), (-248, "message"), (-320, "configuration")])
def test_a_set_refusal_has_its_class(talk: Talk, number: int, error_class: str) -> None:
    fault = {"host": "openapi.zalo.me", "fault": "error", "code": number, "message": "Set", "times": 1}
    talk.sandbox.call("POST", "/_/faults", fault)
    error = send(talk).error
    assert error is not None
    assert (error.code, error.error_class) == (str(number), error_class)


def test_a_wrong_token_asks_for_a_refresh(talk: Talk) -> None:
    error = send(talk, token="wrong").error
    assert error is not None
    assert (error.code, error.error_class) == ("-216", "token")


def test_templates_and_the_account_are_asked_for(talk: Talk) -> None:
    detail = talk.ask("template", template_id="301001").data
    assert (detail.name, detail.price, len(detail.parameters)) == ("order", "140", 4)
    assert "301001" in talk.ask("templates").data["ids"]
    assert talk.ask("connection", oa_id=talk.oa_id).data["name"] == "Điện Nước Sao Mai"
    assert talk.ask("quota").data["purses"][0]["product"] == "transaction"


def test_a_test_key_reaches_anybody_with_any_template(talk: Talk) -> None:
    token = talk.listed()["test"]["accessToken"]
    outcome = send(talk, "nguoi-thu-1", token=token, template="whatever", values={"a": "b"})
    assert outcome.verdict is Verdict.ACCEPTED
    assert code(send(talk, talk.magic("blocked"), token=token)) == "-244"
