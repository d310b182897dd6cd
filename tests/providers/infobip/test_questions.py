"""What is asked of Infobip beside sending, byte for byte, and how its answers are read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import (
    Answer,
    DeliveryStatus,
    EventKind,
    NoAnswer,
    NotSent,
    Question,
    Quota,
    Reply,
    TemplateDetail,
    TemplateParameter,
)
from providers.infobip.adapter import INFOBIP
from tests.providers.infobip.cases import ACCEPT, APP, CONTEXT, CREDENTIALS, JSON, LEG

HOST = "https://api.infobip.com"
SENDER = HOST + "/zalo/1/sender/1234567890123456789"


def question(kind: str, **params: str) -> Question:
    return Question(kind=kind, params=params)


def answered(asked: Question, body: str, status: int = 200) -> Answer:
    return INFOBIP.answer(asked, Reply(status=status, headers={}, body=body.encode()))


GET = {
    "status": (question("status", message_id="a,b/c"), f"{HOST}/zalo/1/logs?limit=10&messageId=a%2Cb%2Fc"),
    "records": (question("records"), f"{HOST}/zalo/1/logs?limit=500"),
    "records of some": (
        question("records", message_ids="a,b", since="2026-12-01T02:00:00.000+0000", limit="50"),
        f"{HOST}/zalo/1/logs?limit=50&messageId=a%2Cb&sentSince=2026-12-01T02%3A00%3A00.000%2B0000",
    ),
    "quota": (question("quota"), f"{SENDER}/quota"),
    "templates": (question("templates"), f"{SENDER}/templates?page=0&size=100"),
    "templates, a later page": (
        question("templates", offset="200", limit="100", status="ENABLED"),
        f"{SENDER}/templates?page=2&size=100&status=ENABLED",
    ),
    "template": (question("template", template_id="100200"), f"{SENDER}/templates/100200"),
    "public key": (question("public_key"), f"{SENDER}/public-key"),
    "balance": (question("balance"), f"{HOST}/account/1/balance"),
    "connection": (question("connection"), f"{SENDER}/quota"),
    "connection of another sender": (question("connection", sender="7/8"), f"{HOST}/zalo/1/sender/7%2F8/quota"),
}


@pytest.mark.parametrize(("asked", "url"), GET.values(), ids=GET.keys())
def test_a_question_is_a_get_with_the_key(asked: Question, url: str) -> None:
    call = INFOBIP.ask(asked, CREDENTIALS, CONTEXT)
    assert (call.method, call.url, call.headers, call.body) == ("GET", url, (APP, ACCEPT), b"")
    assert (call.legs, call.timeout) == ((), 8.0)


def test_a_key_is_made_by_a_post() -> None:
    call = INFOBIP.ask(question("create_public_key"), CREDENTIALS, CONTEXT)
    assert (call.method, call.url, call.headers) == ("POST", f"{SENDER}/public-key", (APP, ACCEPT, JSON))


@pytest.mark.parametrize("asked", [question("weather"), question("status"), question("template")])
def test_what_cannot_be_asked_is_a_key_error(asked: Question) -> None:
    with pytest.raises(KeyError):
        INFOBIP.ask(asked, CREDENTIALS, CONTEXT)


def test_the_capabilities_name_every_question() -> None:
    assert INFOBIP.capabilities.questions == {
        *("status", "records", "quota", "templates", "template"),
        *("public_key", "create_public_key", "balance", "connection"),
    }


def row(group: str, name: str, leg: str = LEG) -> str:
    return f'{{"messageId":"{leg}","to":"84900000001","status":{{"groupName":"{group}","name":"{name}"}}}}'


DELIVERED, FAILED = row("DELIVERED", "DELIVERED_TO_HANDSET"), row("EXPIRED", "EXPIRED_EXPIRED")
PENDING = row("PENDING", "PENDING_ENROUTE")


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([DELIVERED], DeliveryStatus.DELIVERED),
        ([FAILED], DeliveryStatus.FAILED),
        ([PENDING], DeliveryStatus.PENDING),
        ([], DeliveryStatus.NOT_FOUND),
        ([PENDING, DELIVERED], DeliveryStatus.DELIVERED),
        ([FAILED, DELIVERED], DeliveryStatus.DELIVERED),
        ([row("DELIVERED", "DELIVERED_TO_HANDSET", "b" * 32)], DeliveryStatus.NOT_FOUND),
    ],
)
def test_a_status_is_read(rows: list[str], status: DeliveryStatus) -> None:
    body = f'{{"results":[{",".join(rows)}]}}'
    assert answered(question("status", message_id=LEG), body) == Answer(ok=True, data=status)


def test_records_are_read_as_events() -> None:
    answer = answered(question("records", limit="2"), f'{{"results":[{DELIVERED},{FAILED}]}}')
    assert [event.kind for event in answer.data["events"]] == [EventKind.DELIVERED, EventKind.FAILED]
    assert answer.data["more"] is True
    assert answered(question("records"), f'{{"results":[{DELIVERED}]}}').data["more"] is False


def test_a_quota_is_read() -> None:
    body = '{"dailyQuota":500,"remainingDailyQuota":"499","monthlyPromotionQuota":9,"remainingMonthlyPromotionQuota":8}'
    assert answered(question("quota"), body).data == {
        "quota": Quota(daily=500, remaining=499),
        "promotion": {"monthly": 9, "monthly_remaining": 8, "next_month_estimate": None},
    }


def test_a_list_of_templates_is_read() -> None:
    rows = (
        '{"templateName":900025,"displayName":"T1","status":"ENABLED"},{"templateName":"900026","status":"REJECT"},{}'
    )
    body = f'{{"results":[{rows}],"paging":{{"page":0,"size":2,"totalPages":4,"totalResults":7}}}}'
    assert answered(question("templates"), body).data == {
        "ids": ["900025", "900026"],
        "items": [
            {"id": "900025", "name": "T1", "status": "ENABLE", "quality": ""},
            {"id": "900026", "name": "", "status": "REJECT", "quality": ""},
        ],
        "total": 7,
    }


def test_a_template_is_read() -> None:
    body = (
        '{"templateName":900025,"displayName":"T1","status":"ENABLE","templateTag":"CUSTOMER_CARE","previewUrl":"https://p",'
        '"templateProperties":[{"name":"code","required":true,"type":"STRING","maxLength":30,"minLength":"2"},'
        '{"name":"note","required":false},{"type":"STRING"}]}'
    )
    assert answered(question("template", template_id="900025"), body).data == TemplateDetail(
        id="900025",
        name="T1",
        status="ENABLE",
        tag="customer_care",
        parameters=(
            TemplateParameter(name="code", min_length=2, max_length=30),
            TemplateParameter(name="note", required=False),
        ),
        preview_url="https://p",
    )


@pytest.mark.parametrize("kind", ["public_key", "create_public_key"])
def test_a_public_key_is_read(kind: str) -> None:
    assert answered(question(kind), '{"publicKey":"MII"}').data == {"public_key": "MII"}


def test_a_balance_is_read() -> None:
    assert answered(question("balance"), '{"balance":47.79,"currency":"EUR"}').data == {
        "amount": "47.79",
        "currency": "EUR",
    }


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        (question("status", message_id=LEG), "{}"),
        (question("records"), '{"results":null}'),
        (question("template", template_id="1"), "{}"),
        (question("public_key"), "{}"),
        (question("balance"), "{}"),
        (question("quota"), "<html>"),
    ],
)
def test_an_answer_without_what_was_asked_is_no_answer(asked: Question, body: str) -> None:
    answer = answered(asked, body)
    assert (answer.ok, answer.data) == (False, None)
    assert answer.reason


@pytest.mark.parametrize(
    ("status", "setting", "code"),
    [(401, "api_key:", "HTTP_401"), (403, "api_key:", "HTTP_403"), (404, "sender:", "HTTP_404")],
)
def test_a_connection_test_names_the_setting_that_fails(status: int, setting: str, code: str) -> None:
    answer = answered(question("connection"), '{"errorCode":"E4","description":"No."}', status)
    assert answer.error is not None
    assert (answer.ok, answer.reason.split()[0], answer.error.code) == (False, setting, code)
    assert "E4: No." in answer.reason


def test_a_host_that_cannot_be_reached_is_a_setting_too() -> None:
    assert INFOBIP.answer(question("connection"), NotSent(reason="no such host")).reason == "base_url: no such host"


def test_silence_names_no_setting() -> None:
    assert INFOBIP.answer(question("connection"), NoAnswer(reason="timed out")) == Answer(ok=False, reason="timed out")


def test_a_good_connection_names_the_sender() -> None:
    asked = question("connection", sender="123")
    assert answered(asked, '{"dailyQuota":1}') == Answer(ok=True, data={"sender": "123"})


def test_a_key_that_exists_is_told_as_such() -> None:
    body = '{"errorCode":"ZALO-RSA409","description":"Exists."}'
    answer = answered(question("create_public_key"), body, 409)
    assert (answer.ok, answer.reason) == (False, "ZALO-RSA409: Exists.")


def test_an_answer_holds_nothing_that_was_asked_about() -> None:
    body = '{"errorCode":"E400","description":"message 84987654321 a,b is bad"}'
    assert "84987654321" not in answered(question("status", message_id="a,b"), body, 400).reason


@given(
    st.sampled_from(sorted(INFOBIP.capabilities.questions)),
    st.binary(max_size=200),
    st.sampled_from([200, 302, 404, 500]),
)
def test_no_bytes_make_it_raise(kind: str, body: bytes, status: int) -> None:
    asked = question(kind, message_id="a", template_id="1")
    answer: Any = INFOBIP.answer(asked, Reply(status=status, headers={}, body=body))
    assert isinstance(answer, Answer)
