"""What is asked about texts, byte for byte, and how the answers are read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from providers.contract import Answer, Context, DeliveryStatus, NoAnswer, Question, Reply
from providers.nxcloud_sms.adapter import NXCLOUD_SMS
from tests.providers.nxcloud_sms.cases import CONTEXT, CREDENTIALS, FORM, FORM_URL, V1, signed

API2 = "https://api2.nxcloud.com"
KEYS = "appkey=appdemo1&secretkey=sk%261"


def question(kind: str, **params: str) -> Question:
    return Question(kind=kind, params=params)


def answered(kind: str, body: str, status: int = 200) -> Answer:
    return NXCLOUD_SMS.answer(question(kind, message_id="m-1"), Reply(status=status, headers={}, body=body.encode()))


ASKED = {
    "status": (question("status", message_id="m/1"), "/api/sms/get", "&date=20260101&messageid=m%2F1"),
    "status of a day": (
        question("status", message_id="m", date="20251231"),
        "/api/sms/get",
        "&date=20251231&messageid=m",
    ),
    "status, sent in UTC before midnight over there": (
        question("status", message_id="m", sent_at="2025-12-30T15:59:59Z"),
        "/api/sms/get",
        "&date=20251230&messageid=m",
    ),
    "status, sent in UTC after midnight over there": (
        question("status", message_id="m", sent_at="2025-12-30T16:00:00+00:00"),
        "/api/sms/get",
        "&date=20251231&messageid=m",
    ),
    "records": (question("records"), "/api/sms/getSmsCdr", "&date=20260101&page=1&page_size=500&sort_type=0"),
    "records, a later page": (
        question("records", date="20251231", page="3", page_size="10"),
        "/api/sms/getSmsCdr",
        "&date=20251231&page=3&page_size=10&sort_type=0",
    ),
}


@pytest.mark.parametrize(("asked", "path", "fields"), ASKED.values(), ids=ASKED.keys())
def test_a_question_about_texts_is_a_form(asked: Question, path: str, fields: str) -> None:
    call = NXCLOUD_SMS.ask(asked, CREDENTIALS, CONTEXT)
    assert (call.method, call.url, call.headers) == ("POST", API2 + path, (FORM,))
    assert (call.body.decode(), call.legs, call.timeout) == (KEYS + fields, (), 8.0)


def test_today_is_that_of_nxcloud() -> None:
    late: Context = replace(CONTEXT, now=datetime(2026, 1, 1, 16, 0, tzinfo=UTC))
    call = NXCLOUD_SMS.ask(question("status", message_id="m"), CREDENTIALS, late)
    assert b"date=20260102" in call.body


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        NXCLOUD_SMS.ask(question("status", message_id="m", sent_at="2026-01-01T00:00:00"), CREDENTIALS, CONTEXT)


@pytest.mark.parametrize(
    ("dr", "dr_status", "status"),
    [
        ("DELIVRD", "Success", DeliveryStatus.DELIVERED),
        ("DELIVRD", "成功", DeliveryStatus.DELIVERED),
        ("", "2", DeliveryStatus.DELIVERED),
        ("UNDELIV", "Fail", DeliveryStatus.FAILED),
        ("DND", "9", DeliveryStatus.FAILED),
        ("UNKNOWN", "12", DeliveryStatus.FAILED),
        ("", "", DeliveryStatus.PENDING),
        ("ACCEPTD", "1", DeliveryStatus.PENDING),
    ],
)
def test_a_status_is_read(dr: str, dr_status: str, status: DeliveryStatus) -> None:
    body = f'{{"code":"0","row":{{"msgid":"m-1","dr":"{dr}","dr_status":"{dr_status}"}}}}'
    assert answered("status", body) == Answer(ok=True, data=status)


@pytest.mark.parametrize("body", ['{"code":"0"}', '{"code":"0","row":null}', '{"code":0,"row":{}}'])
def test_a_text_that_is_not_there(body: str) -> None:
    assert answered("status", body).data is DeliveryStatus.NOT_FOUND


@pytest.mark.parametrize("kind", ["status", "records"])
@pytest.mark.parametrize("code", [1, 2, 3, 4, 5])
def test_a_refused_query(kind: str, code: int) -> None:
    answer = answered(kind, f'{{"code":"{code}"}}')
    assert (answer.ok, answer.error) == (False, NXCLOUD_SMS.errors[f"query-{code}"])


def test_a_page_of_records_is_read_without_numbers_and_texts() -> None:
    row = (
        '{"senderid":"SaoMai","body":"Mã 482913","phone":"84987654321","msgid":"m-1","dr":"DELIVRD",'
        '"dr_status":"Success","billing_size":2,"billing_price":0.09,"date":"2026-01-01 23:40:00",'
        '"dr_time":"2026-01-01 23:42:00","billing_status":"Billed","network":893}'
    )
    pending = '{"msgid":"m-2","dr":"","date":"2026-01-01 23:41:00"}'
    answer = answered(
        "records", f'{{"code":"0","info":{{"total":1119,"page":1,"pageSize":2,"rows":[{row},{pending}]}}}}'
    )
    assert answer.data == {
        "records": [
            {
                "message_id": "m-1",
                "name": "DELIVRD",
                "status": DeliveryStatus.DELIVERED,
                "sent_at": datetime(2026, 1, 1, 15, 40, tzinfo=UTC),
                "reported_at": datetime(2026, 1, 1, 15, 42, tzinfo=UTC),
                "segments": 2,
                "cost": {"amount": "0.09", "currency": ""},
            },
            {
                "message_id": "m-2",
                "name": "",
                "status": DeliveryStatus.PENDING,
                "sent_at": datetime(2026, 1, 1, 15, 41, tzinfo=UTC),
                "reported_at": None,
                "segments": None,
            },
        ],
        "total": 1119,
    }


def test_a_page_without_a_total_counts_its_rows() -> None:
    assert answered("records", '{"code":"0","info":{"rows":[null]}}').data == {"records": [], "total": 0}


def test_the_balance() -> None:
    call = NXCLOUD_SMS.ask(question("balance"), CREDENTIALS, CONTEXT)
    assert (call.url, call.body.decode()) == ("https://api.nxcloud.com/api/common/getBalance", KEYS)
    assert answered("balance", '{"code":"0","balance":"9.1","credit_balance":"1"}').data == {
        "balance": "9.1",
        "credit": "1",
    }


def test_the_connection_is_tested_by_a_text_that_can_reach_nobody() -> None:
    call = NXCLOUD_SMS.ask(question("connection"), CREDENTIALS, CONTEXT)
    # md5sum of accessKey=AKdemo01&action=mtsend&bizType=3&ts=1767225600000&body=...&accessSecret=secretDemo
    assert (call.url, call.headers, call.body) == (
        V1,
        signed("e46644c832db6177228abf7f0c2bc75a"),
        b'{"appKey":"appdemo1"}',
    )


def test_the_connection_of_the_form_api() -> None:
    call = NXCLOUD_SMS.ask(question("connection"), CREDENTIALS | {"api": "form"}, CONTEXT)
    assert (call.url, call.headers, call.body.decode()) == (FORM_URL, (FORM,), KEYS)


@pytest.mark.parametrize("code", ['"2"', "4", "6", "9000", "9002"])
def test_a_complaint_about_the_text_proves_the_settings(code: str) -> None:
    assert answered("connection", f'{{"code":{code}}}') == Answer(ok=True, data={"let_through": True})


@pytest.mark.parametrize(
    ("code", "setting"),
    [
        ("1", "appkey or secretkey"),
        ("3", "balance"),
        ("9", "allowed addresses at NXCloud"),
        ("1003", "access_secret or algorithm"),
        ("1005", "access_key"),
    ],
)
def test_a_failed_connection_names_the_setting(code: str, setting: str) -> None:
    answer = answered("connection", f'{{"code":"{code}"}}')
    assert (answer.ok, answer.error) == (False, NXCLOUD_SMS.errors[code])
    assert answer.reason.startswith(f"{setting}: ")


def test_what_is_no_answer_is_told() -> None:
    assert answered("status", "<html>", 502).reason == "HTTP 502 with a body that is no answer of the API"
    assert NXCLOUD_SMS.answer(question("records"), NoAnswer(reason="timed out")).reason == "timed out"


@pytest.mark.parametrize("asked", [question("weather"), question("status"), question("templates")])
def test_what_cannot_be_asked_is_a_key_error(asked: Question) -> None:
    with pytest.raises(KeyError):
        NXCLOUD_SMS.ask(asked, CREDENTIALS, CONTEXT)


def test_the_capabilities_name_every_question() -> None:
    assert NXCLOUD_SMS.capabilities.questions == {"status", "records", "balance", "connection"}


@given(st.sampled_from(["status", "records", "balance", "connection"]), st.binary(max_size=100))
def test_no_bytes_make_it_raise(kind: str, body: bytes) -> None:
    assert isinstance(NXCLOUD_SMS.answer(question(kind), Reply(status=200, headers={}, body=body)).ok, bool)
