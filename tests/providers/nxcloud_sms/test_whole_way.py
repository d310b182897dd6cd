"""Texts over real HTTP: three APIs, one report each, and the records that take the place of a lost one."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from providers.contract import DeliveryStatus, EventKind, Outbound, Outcome, Question, Verdict
from providers.nxcloud_sms.adapter import NXCLOUD_SMS
from providers.transport import exchange
from tests.providers.nxcloud.listening import API, API2, Reports, accounts, context, keys
from tests.providers.sandbox.running import RunningSandbox, eventually

APIS = ["v1", "v2", "form"]
PATHS = {"v1": (API, "/v1/sms/mt"), "v2": (API2, "/api/sms/mtsend_v2"), "form": (API2, "/api/sms/mtsend")}


def magic(sandbox: RunningSandbox, outcome: str) -> str:
    found: str = next(phone for phone, end in accounts(sandbox, API2)["magic"].items() if end == outcome)
    return found


def send(
    sandbox: RunningSandbox,
    reports: Reports | None = None,
    *,
    timeout: float = 5.0,
    credentials: dict[str, str] | None = None,
    **changed: Any,
) -> Outcome:
    given: dict[str, Any] = {"leg_id": uuid4().hex, "phone": "84987654321", "text": "Mã của bạn: 482913"}
    known = keys(accounts(sandbox)["credentials"]) | (credentials or {})
    (call,) = NXCLOUD_SMS.pack([Outbound(**(given | changed))], known, context(sandbox, reports, timeout))
    (outcome,) = NXCLOUD_SMS.unpack(call, exchange(call))
    return outcome


def ask(sandbox: RunningSandbox, kind: str, credentials: dict[str, str] | None = None, **params: str) -> Any:
    known = keys(accounts(sandbox)["credentials"]) | (credentials or {})
    question = Question(kind=kind, params=params)
    return NXCLOUD_SMS.answer(question, exchange(NXCLOUD_SMS.ask(question, known, context(sandbox))))


def code(outcome: Outcome) -> str:
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.error is not None
    return outcome.error.code


@pytest.mark.parametrize("api", APIS)
def test_a_text_is_accepted_and_reported(sandbox: RunningSandbox, reports: Reports, api: str) -> None:
    leg = uuid4().hex
    outcome = send(sandbox, reports, credentials={"api": api}, leg_id=leg, sender="SaoMai")
    assert outcome.verdict is Verdict.ACCEPTED
    (event,) = reports.events(NXCLOUD_SMS, leg, 1)
    assert (event.kind, event.provider_message_id) == (EventKind.DELIVERED, outcome.provider_message_id)
    assert event.data == {"cost": {"amount": "0.030", "currency": "USD"}, "segments": 1}


def test_every_part_of_a_long_text_costs(sandbox: RunningSandbox, reports: Reports) -> None:
    leg = uuid4().hex
    send(sandbox, reports, leg_id=leg, text="ệ" * 71)
    (event,) = reports.events(NXCLOUD_SMS, leg, 1)
    assert event.data == {"cost": {"amount": "0.060", "currency": "USD"}, "segments": 2}


def test_a_report_is_made_once_even_if_it_is_not_taken(sandbox: RunningSandbox, reports: Reports) -> None:
    reports.statuses.append(500)
    lost, next_one = uuid4().hex, uuid4().hex
    outcome = send(sandbox, reports, leg_id=lost)
    assert len(reports.events(NXCLOUD_SMS, lost, 1)) == 1
    send(sandbox, reports, leg_id=next_one, phone=magic(sandbox, "late_receipt"))
    reports.events(NXCLOUD_SMS, next_one, 1)
    assert len(reports.events(NXCLOUD_SMS, lost, 1)) == 1
    assert ask(sandbox, "status", message_id=outcome.provider_message_id).data is DeliveryStatus.DELIVERED


def test_an_old_customers_report_comes_in_the_query(sandbox: RunningSandbox, reports: Reports) -> None:
    old = next(one for one in accounts(sandbox)["customers"] if one["smsReports"] == "query")
    leg = uuid4().hex
    send(sandbox, reports, leg_id=leg, credentials=keys(old))
    (event,) = reports.events(NXCLOUD_SMS, leg, 1)
    assert (event.kind, reports.hooks[0].body) == (EventKind.DELIVERED, b"")


def test_an_opt_out_is_reported(sandbox: RunningSandbox, reports: Reports) -> None:
    leg = uuid4().hex
    outcome = send(sandbox, reports, leg_id=leg, phone=magic(sandbox, "blocked"))
    (event,) = reports.events(NXCLOUD_SMS, leg, 1)
    assert (event.kind, event.data["error_code"]) == (EventKind.FAILED, "DND")
    assert ask(sandbox, "status", message_id=outcome.provider_message_id).data is DeliveryStatus.FAILED


def test_a_duplicate_has_the_key_of_the_first(sandbox: RunningSandbox, reports: Reports) -> None:
    leg = uuid4().hex
    send(sandbox, reports, leg_id=leg, phone=magic(sandbox, "duplicate_receipt"))
    first, second = reports.events(NXCLOUD_SMS, leg, 2)
    assert first == second


def test_a_report_may_come_before_the_answer(sandbox: RunningSandbox, reports: Reports) -> None:
    outcome = send(sandbox, reports, phone=magic(sandbox, "receipt_before_answer"))
    assert outcome.provider_message_id.encode() in reports.hooks[0].body


def test_a_passing_failure_passes(sandbox: RunningSandbox) -> None:
    leg, phone = uuid4().hex, magic(sandbox, "transient_then_delivered")
    assert code(send(sandbox, leg_id=leg, phone=phone)) == "99"
    assert send(sandbox, leg_id=leg, phone=phone).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("api", APIS)
def test_an_answer_that_never_comes_is_found_by_our_own_id(sandbox: RunningSandbox, reports: Reports, api: str) -> None:
    leg, phone = uuid4().hex, magic(sandbox, "timeout_after_accept")
    outcome = send(sandbox, reports, leg_id=leg, phone=phone, timeout=0.4, credentials={"api": api})
    assert outcome.verdict is Verdict.UNKNOWN
    assert ask(sandbox, "status", message_id=leg).data is DeliveryStatus.PENDING
    (event,) = reports.events(NXCLOUD_SMS, leg, 1)
    assert event.kind is EventKind.DELIVERED
    assert ask(sandbox, "status", message_id=leg).data is DeliveryStatus.DELIVERED


def test_one_that_never_arrives_stays_pending(sandbox: RunningSandbox, reports: Reports) -> None:
    outcome = send(sandbox, reports, phone=magic(sandbox, "never_delivered"))
    assert ask(sandbox, "status", message_id=outcome.provider_message_id).data is DeliveryStatus.PENDING
    assert reports.hooks == []


@pytest.mark.parametrize(("end", "expected", "status"), [("quota_exceeded", "3", 200), ("server_error", "99", 500)])
@pytest.mark.parametrize("api", APIS)
def test_a_refused_recipient(sandbox: RunningSandbox, api: str, end: str, expected: str, status: int) -> None:
    outcome = send(sandbox, phone=magic(sandbox, end), credentials={"api": api})
    assert (code(outcome), outcome.http_status) == (expected, status)


def test_a_person_whom_the_zalo_hosts_refuse_gets_the_text(sandbox: RunningSandbox, reports: Reports) -> None:
    for phone in accounts(sandbox, API)["magic"]:
        leg = uuid4().hex
        assert send(sandbox, reports, leg_id=leg, phone=phone).verdict is Verdict.ACCEPTED
        assert [event.kind for event in reports.events(NXCLOUD_SMS, leg, 1)] == [EventKind.DELIVERED]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"credentials": {"access_secret": "wrong"}}, "1003"),
        ({"credentials": {"access_key": "wrong"}}, "1005"),
        ({"credentials": {"appkey": "wrong"}}, "1"),
        ({"credentials": {"api": "v2", "access_secret": "wrong"}}, "1003"),
        ({"credentials": {"api": "form", "secretkey": "wrong"}}, "1"),
        ({"credentials": {"api": "form", "appkey": "wrong"}}, "1"),
        ({"phone": "0987654321"}, "6"),
        ({"phone": "84987654321,84987654322"}, "7"),
        ({"phone": ""}, "2"),
    ],
)
def test_what_is_wrong_is_refused_by_its_code(sandbox: RunningSandbox, changed: dict[str, Any], expected: str) -> None:
    assert code(send(sandbox, **changed)) == expected


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("fault", ["reset", "html502", "empty"])
def test_a_fault_has_an_unknown_outcome_and_no_second_call(sandbox: RunningSandbox, api: str, fault: str) -> None:
    leg, (host, path) = uuid4().hex, PATHS[api]
    sandbox.call("POST", "/_/faults", {"host": host, "path": path, "fault": fault, "times": 1})
    assert send(sandbox, leg_id=leg, credentials={"api": api}).verdict is Verdict.UNKNOWN
    assert len([one for one in sandbox.record(host=host, path=path) if leg in one["body"]]) == 1


def test_a_fault_finds_its_recipient_in_a_form(sandbox: RunningSandbox) -> None:
    fault = {"host": API2, "fault": "error", "code": 28, "message": "TPS", "to": "84911111112", "times": 1}
    sandbox.call("POST", "/_/faults", fault)
    assert send(sandbox, credentials={"api": "form"}).verdict is Verdict.ACCEPTED
    assert code(send(sandbox, credentials={"api": "form"}, phone="84911111112")) == "28"


def test_the_records_of_a_day_are_read_page_by_page(sandbox: RunningSandbox) -> None:
    other = keys(accounts(sandbox)["customers"][1])
    legs = [uuid4().hex for _ in range(3)]
    for leg in legs:
        assert send(sandbox, leg_id=leg, credentials=other).provider_message_id == leg
    first = ask(sandbox, "records", other, page_size="2").data
    second = ask(sandbox, "records", other, page_size="2", page="2").data
    assert [one["message_id"] for one in (*first["records"], *second["records"])] == legs
    assert (first["total"], len(first["records"])) == (3, 2)
    assert first["records"][0]["cost"]["amount"] == "0.03"
    assert abs((datetime.now(UTC) - first["records"][0]["sent_at"]).total_seconds()) < 60


@pytest.mark.parametrize(
    ("params", "credentials", "expected"),
    [
        ({"message_id": "m", "date": "soon"}, {}, "query-1"),
        ({"message_id": ""}, {}, "query-1"),
        ({"message_id": "m"}, {"secretkey": "x"}, "query-2"),
        ({"message_id": "m", "date": "20200101"}, {}, "query-3"),
    ],
)
def test_a_refused_query(
    sandbox: RunningSandbox, params: dict[str, str], credentials: dict[str, str], expected: str
) -> None:
    answer = ask(sandbox, "status", credentials, **params)
    assert answer.error is NXCLOUD_SMS.errors[expected]


def test_a_text_that_nobody_sent_is_not_found(sandbox: RunningSandbox) -> None:
    assert ask(sandbox, "status", message_id="m" * 20).data is DeliveryStatus.NOT_FOUND


def test_another_customer_does_not_find_the_text(sandbox: RunningSandbox) -> None:
    outcome = send(sandbox)
    other = keys(accounts(sandbox)["customers"][1])
    assert ask(sandbox, "status", other, message_id=outcome.provider_message_id).data is DeliveryStatus.NOT_FOUND


@pytest.mark.parametrize("api", APIS)
def test_the_connection_is_in_order_and_reaches_nobody(sandbox: RunningSandbox, api: str) -> None:
    before = ask(sandbox, "balance").data
    assert ask(sandbox, "connection", {"api": api}).ok
    assert ask(sandbox, "balance").data == before


@pytest.mark.parametrize(
    ("changed", "setting"),
    [
        ({"access_secret": "x"}, "access_secret or algorithm"),
        ({"access_key": "x"}, "access_key"),
        ({"appkey": "x"}, "appkey or secretkey"),
        ({"api": "form", "secretkey": "x"}, "appkey or secretkey"),
    ],
)
def test_a_connection_that_fails_names_the_setting(
    sandbox: RunningSandbox, changed: dict[str, str], setting: str
) -> None:
    assert ask(sandbox, "connection", changed).reason.startswith(f"{setting}: ")


def test_the_inbox_shows_the_text(sandbox: RunningSandbox) -> None:
    send(sandbox, phone="84977777778", text="Ma 771178", sender="SaoMai")
    assert eventually(lambda: b"Ma 771178" in sandbox.call("GET", "/_/inbox?to=84977777778").body)


def test_records_and_pending_reports_survive_a_restart(tmp_path: Path, reports: Reports) -> None:
    running = RunningSandbox(tmp_path / "home")
    try:
        running.settings(receiptDelayMs=1_500)
        leg = uuid4().hex
        send(running, reports, leg_id=leg)
        running.stop()
        running.start()
        assert ask(running, "status", message_id=leg).data is not DeliveryStatus.NOT_FOUND
        assert len(reports.events(NXCLOUD_SMS, leg, 1)) == 1
    finally:
        running.stop()
