"""The adapter and the sandbox, written apart from each other from one reference, understand each other on real HTTP."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from providers.contract import EventKind, Outbound, Outcome, Question, Verdict
from providers.nxcloud.adapter import NXCLOUD
from providers.transport import exchange
from tests.providers.nxcloud.listening import API, API2, Reports, accounts, context, keys, template
from tests.providers.sandbox.running import RunningSandbox, eventually

PATH = "/v1/zalo/mt"


def magic(sandbox: RunningSandbox, outcome: str) -> str:
    found: str = next(phone for phone, end in accounts(sandbox)["magic"].items() if end == outcome)
    return found


def send(
    sandbox: RunningSandbox,
    reports: Reports | None = None,
    *,
    timeout: float = 5.0,
    credentials: dict[str, str] | None = None,
    ago: float = 0.0,
    **changed: Any,
) -> Outcome:
    given: dict[str, Any] = {"leg_id": uuid4().hex, "phone": "84987654321", "values": {"otp": "123456"}}
    given["template"] = template(sandbox, "otp")
    known = keys(accounts(sandbox)["credentials"]) | (credentials or {})
    at = context(sandbox, reports, timeout)
    (call,) = NXCLOUD.pack([Outbound(**(given | changed))], known, replace(at, now=at.now - timedelta(seconds=ago)))
    (outcome,) = NXCLOUD.unpack(call, exchange(call))
    return outcome


def code(outcome: Outcome) -> str:
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.error is not None
    return outcome.error.code


@pytest.mark.parametrize("algorithm", ["", "md5", "sha256"])
def test_a_message_is_accepted(sandbox: RunningSandbox, algorithm: str) -> None:
    outcome = send(sandbox, credentials={"algorithm": algorithm})
    assert outcome.verdict is Verdict.ACCEPTED
    assert outcome.provider_message_id.startswith("zalomid.")


def test_the_reports_lead_back_to_the_leg(sandbox: RunningSandbox, reports: Reports) -> None:
    outcome = send(sandbox, reports, leg_id="b" * 32)
    sent, delivered = sorted(reports.events(NXCLOUD, "b" * 32, 2), key=lambda event: event.kind is not EventKind.SENT)
    assert (sent.kind, delivered.kind) == (EventKind.SENT, EventKind.DELIVERED)
    assert sent.provider_message_id == delivered.provider_message_id == outcome.provider_message_id
    assert sent.data["cost"] == {"amount": "0.02", "currency": "USD"}


def test_the_rest_of_the_days_quota_falls(sandbox: RunningSandbox, reports: Reports) -> None:
    left = []
    for leg in ("c" * 32, "d" * 32):
        send(sandbox, reports, leg_id=leg)
        (sent,) = [event for event in reports.events(NXCLOUD, leg, 2) if event.kind is EventKind.SENT]
        left.append(sent.data["quota"]["remaining"])
    assert left[0] - left[1] == 1


def test_a_journey_is_reported_with_its_cost(sandbox: RunningSandbox, reports: Reports) -> None:
    outcome = send(sandbox, reports, leg_id="e" * 32, journey_token="jt")
    kinds = {event.kind: event for event in reports.events(NXCLOUD, "e" * 32, 3)}
    assert set(kinds) == {EventKind.SENT, EventKind.DELIVERED, EventKind.JOURNEY}
    assert kinds[EventKind.JOURNEY].provider_message_id == outcome.provider_message_id
    assert kinds[EventKind.JOURNEY].data["state"] == "acknowledged"


@pytest.mark.parametrize(("end", "native", "days"), [("not_on_zalo", "-118", 30), ("blocked", "-141", 90)])
def test_zalos_refusal_comes_in_a_report(
    sandbox: RunningSandbox, reports: Reports, end: str, native: str, days: int
) -> None:
    leg = uuid4().hex
    assert send(sandbox, reports, leg_id=leg, phone=magic(sandbox, end)).verdict is Verdict.ACCEPTED
    (failed,) = reports.events(NXCLOUD, leg, 1)
    assert (failed.kind, failed.data["error_code"]) == (EventKind.FAILED, native)
    assert NXCLOUD.errors[native].remember_days == days


def test_a_value_that_does_not_fit_is_reported(sandbox: RunningSandbox, reports: Reports) -> None:
    leg = uuid4().hex
    assert send(sandbox, reports, leg_id=leg, values={"otp": "12345678901"}).verdict is Verdict.ACCEPTED
    (failed,) = reports.events(NXCLOUD, leg, 1)
    assert failed.data["error_code"] == "-1121"
    assert "12345678901" not in repr(failed)


def test_one_that_never_arrives_is_reported_as_sent_alone(sandbox: RunningSandbox, reports: Reports) -> None:
    silent, loud = uuid4().hex, uuid4().hex
    send(sandbox, reports, leg_id=silent, phone=magic(sandbox, "never_delivered"))
    send(sandbox, reports, leg_id=loud)
    assert len(reports.events(NXCLOUD, loud, 2)) == 2
    assert [event.kind for event in reports.events(NXCLOUD, silent, 1)] == [EventKind.SENT]


def test_a_late_report_is_late(sandbox: RunningSandbox, reports: Reports) -> None:
    leg = uuid4().hex
    send(sandbox, reports, leg_id=leg, phone=magic(sandbox, "late_receipt"))
    began = time.monotonic()
    events = reports.events(NXCLOUD, leg, 2)
    assert [event.kind for event in events] == [EventKind.SENT, EventKind.DELIVERED]
    assert time.monotonic() - began > 0.4


def test_a_duplicate_has_the_key_of_the_first(sandbox: RunningSandbox, reports: Reports) -> None:
    leg = uuid4().hex
    send(sandbox, reports, leg_id=leg, phone=magic(sandbox, "duplicate_receipt"))
    delivered = [event for event in reports.events(NXCLOUD, leg, 3) if event.kind is EventKind.DELIVERED]
    assert len(delivered) == 2
    assert delivered[0] == delivered[1]


def test_a_report_may_come_before_the_answer_and_out_of_order(sandbox: RunningSandbox, reports: Reports) -> None:
    leg = uuid4().hex
    outcome = send(sandbox, reports, leg_id=leg, phone=magic(sandbox, "receipt_before_answer"))
    first = reports.hooks[0].body
    assert (b'"delivered"' in first, outcome.provider_message_id.encode() in first) == (True, True)
    kinds = [event.kind for event in reports.events(NXCLOUD, leg, 2)]
    assert kinds == [EventKind.DELIVERED, EventKind.SENT]


def test_a_passing_failure_passes(sandbox: RunningSandbox) -> None:
    leg, phone = uuid4().hex, magic(sandbox, "transient_then_delivered")
    assert code(send(sandbox, leg_id=leg, phone=phone)) == "-1"
    assert send(sandbox, leg_id=leg, phone=phone).verdict is Verdict.ACCEPTED


def test_an_answer_that_never_comes_is_unknown_until_the_report(sandbox: RunningSandbox, reports: Reports) -> None:
    leg = uuid4().hex
    phone = magic(sandbox, "timeout_after_accept")
    assert send(sandbox, reports, leg_id=leg, phone=phone, timeout=0.4).verdict is Verdict.UNKNOWN
    assert {event.kind for event in reports.events(NXCLOUD, leg, 2)} == {EventKind.SENT, EventKind.DELIVERED}


@pytest.mark.parametrize(
    ("end", "expected", "status"), [("quota_exceeded", "1102", 200), ("server_error", "9001", 500)]
)
def test_a_refused_recipient_is_refused_every_time(
    sandbox: RunningSandbox, end: str, expected: str, status: int
) -> None:
    for _ in range(2):
        outcome = send(sandbox, phone=magic(sandbox, end))
        assert (code(outcome), outcome.http_status) == (expected, status)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"credentials": {"access_secret": "wrong"}}, "1003"),
        ({"ago": 90.0}, "1004"),
        ({"ago": -90.0}, "1004"),
        ({"credentials": {"access_key": "wrong"}}, "1005"),
        ({"credentials": {"access_key": ""}}, "1001"),
        ({"credentials": {"appkey": "wrong"}}, "9003"),
        ({"phone": "12"}, "9002"),
        ({"template": "404"}, "17001"),
        ({"template": "411005"}, "17002"),
        ({"template": ""}, "9000"),
    ],
)
def test_what_is_wrong_is_refused_by_its_code(sandbox: RunningSandbox, changed: dict[str, Any], expected: str) -> None:
    assert code(send(sandbox, **changed)) == expected


def test_a_customer_without_money_is_refused(sandbox: RunningSandbox) -> None:
    poor = next(one for one in accounts(sandbox)["customers"] if one["name"] == "Nearly broke")
    otp = next(one["id"] for one in poor["templates"] if one["name"] == "otp")
    verdicts = [send(sandbox, credentials=keys(poor), template=otp) for _ in range(3)]
    assert [outcome.verdict for outcome in verdicts[:2]] == [Verdict.ACCEPTED] * 2
    assert (code(verdicts[2]), verdicts[2].retry_after) == ("1102", 300)


def test_the_test_customer_takes_any_template(sandbox: RunningSandbox) -> None:
    outcome = send(sandbox, credentials=keys(accounts(sandbox)["test"]), template="anything", values={"a": "b"})
    assert outcome.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("fault", ["reset", "html502", "empty"])
def test_a_fault_has_an_unknown_outcome_and_no_second_call(sandbox: RunningSandbox, fault: str) -> None:
    leg = uuid4().hex
    sandbox.call("POST", "/_/faults", {"host": API, "fault": fault, "times": 1})
    assert send(sandbox, leg_id=leg).verdict is Verdict.UNKNOWN
    assert len([one for one in sandbox.record(host=API, path=PATH) if leg in one["body"]]) == 1


def test_nothing_was_sent_where_nobody_listens(sandbox: RunningSandbox) -> None:
    unheard = replace(context(sandbox), origin="http://127.0.0.1:9")
    given = Outbound(leg_id="a" * 32, phone="84987654321", template="1", values={"otp": "1"})
    (call,) = NXCLOUD.pack([given], keys(accounts(sandbox)["credentials"]), unheard)
    assert NXCLOUD.unpack(call, exchange(call))[0].verdict is Verdict.NOT_SENT


def test_a_fault_speaks_as_nxcloud_does_and_finds_its_recipient(sandbox: RunningSandbox) -> None:
    fault = {"host": API, "fault": "error", "code": 9005, "message": "no route", "to": "84911111111", "times": 1}
    sandbox.call("POST", "/_/faults", fault)
    assert send(sandbox).verdict is Verdict.ACCEPTED
    assert code(send(sandbox, phone="84911111111")) == "9005"


def test_the_other_host_serves_the_same(sandbox: RunningSandbox) -> None:
    assert send(sandbox, credentials={"host": API2}).verdict is Verdict.ACCEPTED


def test_a_report_that_is_not_taken_comes_again(sandbox: RunningSandbox, reports: Reports) -> None:
    reports.statuses.extend([500, 503])
    leg = uuid4().hex
    send(sandbox, reports, leg_id=leg, phone=magic(sandbox, "not_on_zalo"))
    assert len(reports.events(NXCLOUD, leg, 3)) == 3


def test_a_report_goes_to_the_applications_address_where_the_message_names_none(
    sandbox: RunningSandbox, reports: Reports
) -> None:
    leg, appkey = uuid4().hex, accounts(sandbox)["credentials"]["appkey"]
    sandbox.call("PUT", "/_/webhook", {"appId": appkey, "url": reports.url})
    try:
        send(sandbox, leg_id=leg)
        assert len(reports.events(NXCLOUD, leg, 2)) == 2
    finally:
        sandbox.call("PUT", "/_/webhook", {"appId": appkey, "url": ""})


def ask(sandbox: RunningSandbox, kind: str, **changed: str) -> Any:
    known = keys(accounts(sandbox)["credentials"]) | changed
    question = Question(kind=kind)
    return NXCLOUD.answer(question, exchange(NXCLOUD.ask(question, known, context(sandbox))))


def test_the_connection_is_found_in_order_and_reaches_nobody(sandbox: RunningSandbox) -> None:
    before = sandbox.call("GET", "/_/inbox").body.count(b"<article>")
    assert ask(sandbox, "connection").ok
    assert sandbox.call("GET", "/_/inbox").body.count(b"<article>") == before


@pytest.mark.parametrize(
    ("changed", "setting"),
    [
        ({"access_secret": "x"}, "access_secret or algorithm"),
        ({"access_key": "x"}, "access_key"),
        ({"appkey": "x"}, "appkey"),
        ({"access_key": ""}, "access_key or access_secret"),
    ],
)
def test_a_connection_that_fails_names_the_setting(
    sandbox: RunningSandbox, changed: dict[str, str], setting: str
) -> None:
    answer = ask(sandbox, "connection", **changed)
    assert not answer.ok
    assert answer.reason.startswith(f"{setting}: ")


def test_a_message_costs_money(sandbox: RunningSandbox) -> None:
    before = ask(sandbox, "balance").data["balance"]
    send(sandbox)
    assert round(float(before) - float(ask(sandbox, "balance").data["balance"]), 3) == 0.02
    assert ask(sandbox, "balance", secretkey="x").reason.startswith("appkey or secretkey: ")


def test_the_inbox_shows_the_message(sandbox: RunningSandbox) -> None:
    send(sandbox, phone="84977777777", values={"otp": "771177"})
    assert eventually(lambda: b"771177" in sandbox.call("GET", "/_/inbox?to=84977777777").body)


def test_pending_reports_and_money_survive_a_restart(tmp_path: Path, reports: Reports) -> None:
    running = RunningSandbox(tmp_path / "home")
    try:
        running.settings(receiptDelayMs=1_500)
        leg = uuid4().hex
        send(running, reports, leg_id=leg)
        before = ask(running, "balance").data["balance"]
        running.stop()
        running.start()
        assert ask(running, "balance").data["balance"] == before
        assert EventKind.DELIVERED in {event.kind for event in reports.events(NXCLOUD, leg, 2)}
    finally:
        running.stop()
