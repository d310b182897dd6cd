"""The adapter and the sandbox, written apart from each other from one reference, understand each other on real HTTP."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from providers.contract import BadSignature, Context, Event, EventKind, Hook, Outbound, Outcome, Question, Verdict
from providers.mini_app.adapter import MINI_APP
from providers.transport import exchange
from tests.providers.sandbox.running import Heard, RunningSandbox, Webhook, eventually

HOST = "openapi.mini.zalo.me"
PATH = "/notification/template"
TEMPLATE = "00126fd75392bacce383"
CONNECTION = Question(kind="connection")
VALUES = {"title": "Kho Gạo Ba Miền", "contentTitle": "Đơn 8841", "contentDescription": "Đã đóng gói."}


def accounts(sandbox: RunningSandbox) -> dict[str, Any]:
    found: dict[str, Any] = sandbox.call("GET", "/_/accounts").json()[HOST]
    return found


def keys(shown: dict[str, Any]) -> dict[str, str]:
    """Return credentials of `/_/accounts` as the adapter's."""
    return {"api_key": shown["apiKey"], "zalo_app_id": shown["zaloAppId"], "mini_app_id": shown["miniAppId"]}


def owner(sandbox: RunningSandbox, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in accounts(sandbox)["owners"] if one["name"] == name)
    return found


def magic(sandbox: RunningSandbox, outcome: str) -> str:
    found: str = next(user for user, end in accounts(sandbox)["magic"].items() if end == outcome)
    return found


def context(sandbox: RunningSandbox, timeout: float = 5.0) -> Context:
    return Context(now=datetime.now(UTC), origin=f"http://127.0.0.1:{sandbox.port}", timeout=timeout)


def send(
    sandbox: RunningSandbox, *, timeout: float = 5.0, credentials: dict[str, str] | None = None, **changed: Any
) -> Outcome:
    given: dict[str, Any] = {
        "leg_id": uuid4().hex,
        "mini_app_user_id": str(uuid4().int)[:18],
        "template": TEMPLATE,
        "values": VALUES,
    }
    known = keys(accounts(sandbox)["credentials"]) | (credentials or {})
    (call,) = MINI_APP.pack([Outbound(**(given | changed))], known, context(sandbox, timeout))
    (outcome,) = MINI_APP.unpack(call, exchange(call))
    return outcome


def code(outcome: Outcome) -> str:
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.error is not None
    return outcome.error.code


def received(sandbox: RunningSandbox, user: str) -> int:
    return len([one for one in sandbox.record(host=HOST, path=PATH) if one["headers"]["x-user-id"] == user])


def test_a_notification_is_accepted_and_shown(sandbox: RunningSandbox) -> None:
    outcome = send(sandbox, mini_app_user_id="5600000000000000078", values=VALUES | {"buttonText": "Theo dõi đơn"})
    assert (outcome.verdict, outcome.provider_message_id, outcome.text) == (Verdict.ACCEPTED, "", "")
    page = eventually(lambda: "Theo dõi đơn" in sandbox.call("GET", "/_/inbox?to=5600000000000000078").body.decode())
    assert page


@pytest.mark.parametrize("name", ["bill", "order", "otp", "promotion"])
def test_every_seeded_template_can_be_sent(sandbox: RunningSandbox, name: str) -> None:
    template = next(one for one in accounts(sandbox)["templates"] if one["name"] == name)
    outcome = send(sandbox, template=template["id"], values=dict.fromkeys(template["params"], "1"))
    assert outcome.verdict is Verdict.ACCEPTED


def test_the_test_account_takes_any_template(sandbox: RunningSandbox) -> None:
    outcome = send(sandbox, credentials=keys(accounts(sandbox)["test"]), template="anything", values={"a": "b"})
    assert outcome.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("end", "expected", "status"),
    [
        ("not_on_zalo", "-110", 200),
        ("blocked", "-111", 200),
        ("quota_exceeded", "-109", 200),
        ("server_error", "-107", 500),
    ],
)
def test_a_refused_person_is_refused_every_time(sandbox: RunningSandbox, end: str, expected: str, status: int) -> None:
    for _ in range(2):
        outcome = send(sandbox, mini_app_user_id=magic(sandbox, end))
        assert (code(outcome), outcome.http_status) == (expected, status)


def test_a_failure_that_passes_is_met_once(sandbox: RunningSandbox) -> None:
    user, values = magic(sandbox, "transient_then_delivered"), VALUES | {"contentTitle": uuid4().hex}
    assert code(send(sandbox, mini_app_user_id=user, values=values)) == "-107"
    assert send(sandbox, mini_app_user_id=user, values=values).verdict is Verdict.ACCEPTED


def test_an_answer_that_never_comes_is_unknown_and_not_asked_for_twice(sandbox: RunningSandbox) -> None:
    user = magic(sandbox, "timeout_after_accept")
    before = received(sandbox, user)
    outcome = send(sandbox, mini_app_user_id=user, timeout=0.4)
    assert (outcome.verdict, outcome.text) == (Verdict.UNKNOWN, "timed out")
    assert eventually(lambda: received(sandbox, user) == before + 1)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"credentials": {"api_key": "wrong"}}, "-102"),
        ({"credentials": {"api_key": ""}}, "-102"),
        ({"credentials": {"mini_app_id": "1"}}, "-114"),
        ({"template": "404"}, "-101"),
        ({"template": ""}, "-100"),
        ({"values": {"title": "Kho"}}, "-101"),
        ({"mini_app_user_id": "1234567890123456789012"[:20]}, ""),
    ],
)
def test_what_is_wrong_is_refused_by_its_code(sandbox: RunningSandbox, changed: dict[str, Any], expected: str) -> None:
    outcome = send(sandbox, **changed)
    assert (outcome.error.code if outcome.error else "") == expected


def test_a_key_without_the_scope_is_refused(sandbox: RunningSandbox) -> None:
    assert code(send(sandbox, credentials=keys(owner(sandbox, "Statistics alone")))) == "-112"
    assert send(sandbox, credentials=keys(owner(sandbox, "Notifications alone"))).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("number", [-103, -106, -113, -115, -116, -117, -999])
def test_a_fault_speaks_as_zalo_does_and_finds_its_person(sandbox: RunningSandbox, number: int) -> None:
    fault = {"host": HOST, "fault": "error", "code": number, "message": "no", "to": "5600000000000000099", "times": 1}
    sandbox.call("POST", "/_/faults", fault)
    assert send(sandbox).verdict is Verdict.ACCEPTED
    assert code(send(sandbox, mini_app_user_id="5600000000000000099")) == str(number)


@pytest.mark.parametrize("fault", ["reset", "html502", "empty"])
def test_a_fault_has_an_unknown_outcome_and_no_second_call(sandbox: RunningSandbox, fault: str) -> None:
    user = str(uuid4().int)[:18]
    sandbox.call("POST", "/_/faults", {"host": HOST, "fault": fault, "times": 1})
    assert send(sandbox, mini_app_user_id=user).verdict is Verdict.UNKNOWN
    assert received(sandbox, user) == 1


def test_nothing_was_sent_where_nobody_listens(sandbox: RunningSandbox) -> None:
    message = Outbound(leg_id="a" * 32, mini_app_user_id="5600000000000000078", template=TEMPLATE)
    unheard = replace(context(sandbox), origin="http://127.0.0.1:9")
    (call,) = MINI_APP.pack([message], keys(accounts(sandbox)["credentials"]), unheard)
    assert MINI_APP.unpack(call, exchange(call))[0].verdict is Verdict.NOT_SENT


def test_zalos_own_limits_of_a_day_can_be_set(sandbox: RunningSandbox) -> None:
    other = keys(owner(sandbox, "Cửa hàng Hoa Sen Xanh"))
    try:
        sandbox.settings(miniAppUserDaily=1)
        assert send(sandbox, mini_app_user_id="5600000000000000055", credentials=other).verdict is Verdict.ACCEPTED
        assert code(send(sandbox, mini_app_user_id="5600000000000000055", credentials=other)) == "-109"
        sandbox.settings(miniAppDaily=2)
        assert send(sandbox, mini_app_user_id="5600000000000000056", credentials=other).verdict is Verdict.ACCEPTED
        assert code(send(sandbox, mini_app_user_id="5600000000000000057", credentials=other)) == "-109"
    finally:
        sandbox.settings(miniAppUserDaily=1_000, miniAppDaily=100_000_000)


@pytest.mark.parametrize(("hour", "refused"), [(5, True), (6, False), (21, False), (22, True)])
def test_zalos_own_hours_can_be_set_whatever_the_clock_says(sandbox: RunningSandbox, hour: int, refused: bool) -> None:
    sandbox.settings(miniAppHours=True, miniAppHour=hour)
    outcome = send(sandbox)
    sandbox.settings(miniAppHours=False, miniAppHour=None)
    assert (outcome.error.code if outcome.error else "") == ("-111" if refused else "")


def heard(found: Heard) -> Hook:
    return Hook(method="POST", path="/hook", headers=found.headers, body=found.body)


def events(webhook: Webhook, secrets: dict[str, str], count: int) -> list[Event]:
    now = Context(now=datetime.now(UTC))
    return [event for found in webhook.wait(count) for event in MINI_APP.read_events(heard(found), secrets, now)]


def report(sandbox: RunningSandbox, account: str, **fields: Any) -> None:
    event = {"timestamp": int(time.time() * 1000), **fields}
    assert sandbox.call("POST", "/_/events", {"host": HOST, "oaId": account, "event": event}).status == 202


def test_who_withdraws_is_reported_and_refused_from_then_on(sandbox: RunningSandbox, webhook: Webhook) -> None:
    shown, user = owner(sandbox, "Cửa hàng Hoa Sen Xanh"), str(uuid4().int)[:18]
    sandbox.call("PUT", "/_/webhook", {"appId": shown["zaloAppId"], "url": webhook.url})
    assert send(sandbox, mini_app_user_id=user, credentials=keys(shown)).verdict is Verdict.ACCEPTED
    report(sandbox, shown["zaloAppId"], event="user.revoke.consent", appId=shown["miniAppId"], userId=user)
    secrets = {"api_key": shown["apiKey"], "mini_app_id": shown["miniAppId"]}
    (event,) = events(webhook, secrets, 1)
    assert (event.kind, event.account_id, event.person) == (EventKind.WITHDRAWN, shown["miniAppId"], user)
    assert code(send(sandbox, mini_app_user_id=user, credentials=keys(shown))) == "-111"
    with pytest.raises(BadSignature):
        events(webhook, secrets | {"api_key": accounts(sandbox)["credentials"]["apiKey"]}, 1)


def test_a_report_that_is_not_taken_comes_again_with_the_same_key(sandbox: RunningSandbox, webhook: Webhook) -> None:
    shown = owner(sandbox, "Notifications alone")
    webhook.statuses.extend([500, 503])
    sandbox.call("PUT", "/_/webhook", {"appId": shown["zaloAppId"], "url": webhook.url})
    report(sandbox, shown["zaloAppId"], event="user.revoke.consent", appId=shown["miniAppId"], userId="1" * 12)
    found = events(webhook, {"api_key": shown["apiKey"], "mini_app_id": shown["miniAppId"]}, 3)
    assert (len(found), len({event.key for event in found})) == (3, 1)


def ask(sandbox: RunningSandbox, question: Question, **changed: str) -> Any:
    known = keys(accounts(sandbox)["credentials"]) | changed
    return MINI_APP.answer(question, exchange(MINI_APP.ask(question, known, context(sandbox))))


def test_the_connection_is_found_in_order(sandbox: RunningSandbox) -> None:
    assert ask(sandbox, CONNECTION).ok


@pytest.mark.parametrize(
    ("changed", "setting"),
    [({"api_key": "x"}, "api_key"), ({"zalo_app_id": "1"}, "zalo_app_id"), ({"mini_app_id": "1"}, "mini_app_id")],
)
def test_a_connection_that_fails_names_the_setting(
    sandbox: RunningSandbox, changed: dict[str, str], setting: str
) -> None:
    assert ask(sandbox, CONNECTION, **changed).reason.startswith(f"{setting}: ")


def test_a_key_that_may_only_send_is_told_from_a_wrong_one(sandbox: RunningSandbox) -> None:
    sender = keys(owner(sandbox, "Notifications alone"))
    assert ask(sandbox, CONNECTION, **sender).reason.startswith("scopes of the key: ")


def test_statistics_of_ninety_days(sandbox: RunningSandbox) -> None:
    days = {"type": "platform", "first_day": "2026-01-01", "last_day": "2026-03-31"}
    assert len(ask(sandbox, Question(kind="stats", params=days)).data["series"]) == 90


def test_what_was_withdrawn_survives_a_restart(tmp_path: Path) -> None:
    running = RunningSandbox(tmp_path / "home")
    try:
        shown = accounts(running)["credentials"]
        fields = {"event": "user.revoke.consent", "appId": shown["miniAppId"], "userId": "5600000000000000077"}
        report(running, shown["zaloAppId"], **fields)
        running.stop()
        running.start()
        assert code(send(running, mini_app_user_id="5600000000000000077")) == "-111"
    finally:
        running.stop()
