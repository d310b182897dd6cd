"""The adapter and the sandbox, written apart from each other from one reference, understand each other on real HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.contract import Call, Context, DeliveryStatus, EventKind, Hook, Outbound, Outcome, Question, Verdict
from providers.registry import provider
from providers.transport import exchange
from providers.zalo import oauth
from tests.providers.sandbox.running import RunningSandbox, Webhook

ZNS = provider("zns")
LEG = "0192f0c1a2b37c4d8e9fa0b1c2d3e4f5"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    yield running
    running.stop()


def context(sandbox: RunningSandbox, timeout: float = 5.0) -> Context:
    return Context(now=datetime.now(UTC), origin=f"http://127.0.0.1:{sandbox.port}", timeout=timeout)


def credentials(sandbox: RunningSandbox) -> dict[str, str]:
    return {"access_token": sandbox.accounts()["credentials"]["accessToken"]}


def send(sandbox: RunningSandbox, phone: str = "84987654321", timeout: float = 5.0, **changed: Any) -> Outcome:
    otp = next(one["id"] for one in sandbox.accounts()["templates"] if one["name"] == "otp")
    given: dict[str, Any] = {"leg_id": LEG, "phone": phone, "template": otp, "values": {"otp": "123456"}}
    extra = changed.pop("credentials", {})
    (call,) = ZNS.pack([Outbound(**(given | changed))], credentials(sandbox) | extra, context(sandbox, timeout))
    (outcome,) = ZNS.unpack(call, exchange(call))
    return outcome


def ask(sandbox: RunningSandbox, kind: str, **params: str) -> Any:
    question = Question(kind=kind, params=params)
    answer = ZNS.answer(question, exchange(ZNS.ask(question, credentials(sandbox), context(sandbox))))
    assert answer.ok, answer
    return answer.data


@pytest.mark.parametrize("changed", [{}, {"credentials": {"hash_phone": "1"}}], ids=["plain", "hashed"])
def test_a_message_is_accepted(sandbox: RunningSandbox, changed: dict[str, Any]) -> None:
    outcome = send(sandbox, **changed)
    assert outcome.verdict is Verdict.ACCEPTED
    assert outcome.provider_message_id
    assert outcome.sent_at is not None
    assert outcome.quota is not None
    assert outcome.quota.daily


def test_the_receipt_leads_back_to_the_leg(sandbox: RunningSandbox) -> None:
    webhook = Webhook()
    sandbox.call("PUT", "/_/webhook", {"url": webhook.url})
    try:
        outcome = send(sandbox, leg_id="b" * 32)
        heard = next(one for one in webhook.wait(1) if b"b" * 32 in one.body)
    finally:
        webhook.close()
    account = sandbox.accounts()["credentials"]
    secrets = {"app_id": account["appId"], "oa_secret_key": account["oaSecretKey"]}
    hook = Hook(method="POST", path="/hook", headers=heard.headers, body=heard.body)
    (event,) = ZNS.read_events(hook, secrets, context(sandbox))
    assert (event.kind, event.leg_id, event.account_id) == (EventKind.DELIVERED, "b" * 32, account["oaId"])
    assert event.provider_message_id == outcome.provider_message_id
    assert ask(sandbox, "status", message_id=outcome.provider_message_id) is DeliveryStatus.DELIVERED


@pytest.mark.parametrize(
    ("outcome", "code"), [("not_on_zalo", "-118"), ("blocked", "-141"), ("quota_exceeded", "-144")]
)
def test_a_magic_recipient_is_refused(sandbox: RunningSandbox, outcome: str, code: str) -> None:
    phone = next(number for number, end in sandbox.accounts()["magic"].items() if end == outcome)
    refused = send(sandbox, phone)
    assert refused.error is not None
    assert (refused.verdict, refused.error.code) == (Verdict.REFUSED, code)
    assert phone[2:] not in refused.text


def test_an_answer_that_never_comes_is_unknown(sandbox: RunningSandbox) -> None:
    phone = next(number for number, end in sandbox.accounts()["magic"].items() if end == "timeout_after_accept")
    assert send(sandbox, phone, timeout=0.5).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("fault", "verdict"), [("reset", Verdict.UNKNOWN), ("html502", Verdict.UNKNOWN), ("empty", Verdict.UNKNOWN)]
)
def test_a_fault_has_an_unknown_outcome(sandbox: RunningSandbox, fault: str, verdict: Verdict) -> None:
    sandbox.call("POST", "/_/faults", {"host": "business.openapi.zalo.me", "fault": fault, "times": 1})
    assert send(sandbox).verdict is verdict


def test_a_wrong_token_asks_for_a_refresh(sandbox: RunningSandbox) -> None:
    outcome = send(sandbox, credentials={"access_token": "wrong"})
    assert outcome.error is not None
    assert outcome.error.code == "-124"


def test_a_value_that_is_too_long_is_not_echoed(sandbox: RunningSandbox) -> None:
    outcome = send(sandbox, values={"otp": "12345678901"})
    assert outcome.error is not None
    assert outcome.error.code == "-1121"
    assert "12345678901" not in outcome.text


def test_the_templates_are_listed_with_their_details(sandbox: RunningSandbox) -> None:
    listed = ask(sandbox, "templates", status="1")
    details = {one["name"]: ask(sandbox, "template", template_id=one["id"]) for one in listed["items"]}
    assert listed["total"] == len(listed["ids"])
    assert (details["otp"].tag, details["otp"].timeout, details["otp"].status) == ("otp", 15.0, "ENABLE")
    assert [(one.name, one.max_length) for one in details["otp"].parameters] == [("otp", 10)]
    assert (details["promotion"].tag, details["promotion"].timeout) == ("promotion", 20.0)
    assert len(details["bill"].parameters) == 9


def test_every_other_question_is_answered(sandbox: RunningSandbox) -> None:
    otp = next(one["id"] for one in sandbox.accounts()["templates"] if one["name"] == "otp")
    assert "otp" in ask(sandbox, "template_sample", template_id=otp)
    assert ask(sandbox, "quota")["quota"].daily > 0
    assert "transaction" in ask(sandbox, "tags")
    assert ask(sandbox, "quality")["now"]
    oa_id = sandbox.accounts()["credentials"]["oaId"]
    assert ask(sandbox, "connection", oa_id=oa_id)["oa_id"] == oa_id
    token = ask(sandbox, "journey_token", phone="84987654321")
    assert ask(sandbox, "journey_check", journey_token=token["token"])["oa_id"] == oa_id


def test_a_pair_is_refreshed_once(sandbox: RunningSandbox) -> None:
    account = sandbox.accounts()["credentials"]
    call: Call = oauth.refresh(
        app_id=account["appId"],
        app_secret=account["secretKey"],
        refresh_token=account["refreshToken"],
        context=context(sandbox),
    )
    tokens = oauth.read_tokens(exchange(call))
    assert isinstance(tokens, oauth.Tokens)
    assert tokens.refresh_token not in ("", account["refreshToken"])
    assert sandbox.accounts()["credentials"]["accessToken"] == tokens.access_token
    again = oauth.read_tokens(exchange(call))
    assert isinstance(again, oauth.Rejected)
    assert again.fault is oauth.Fault.RECONNECT
