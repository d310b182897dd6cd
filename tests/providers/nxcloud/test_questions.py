"""What is asked of NXCloud beside sending, byte for byte, and how its answers are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from providers.contract import Answer, NoAnswer, Question, Reply
from providers.nxcloud.adapter import NXCLOUD
from tests.providers.nxcloud.cases import CONTEXT, CREDENTIALS, URL, signed

BALANCE, CONNECTION = Question(kind="balance"), Question(kind="connection")
FORM = ("Content-Type", "application/x-www-form-urlencoded")


def answered(question: Question, body: str, status: int = 200) -> Answer:
    return NXCLOUD.answer(question, Reply(status=status, headers={}, body=body.encode()))


def test_the_balance_is_asked_by_form() -> None:
    call = NXCLOUD.ask(BALANCE, CREDENTIALS | {"secretkey": "s&k"}, CONTEXT)
    assert (call.method, call.url) == ("POST", "https://api.nxcloud.com/api/common/getBalance")
    assert (call.headers, call.body) == ((FORM,), b"appkey=appdemo1&secretkey=s%26k")
    assert (call.legs, call.timeout) == ((), 8.0)


def test_a_balance_is_read() -> None:
    body = '{"code":"0","balance":"12.5","credit_balance":"0"}'
    assert answered(BALANCE, body) == Answer(ok=True, data={"balance": "12.5", "credit": "0"})


def test_a_balance_that_is_a_number_is_read() -> None:
    assert answered(BALANCE, '{"code":0,"balance":12.5}').data == {"balance": "12.5", "credit": ""}


def test_wrong_keys_are_named() -> None:
    answer = answered(BALANCE, '{"code":"1"}')
    assert answer.error is NXCLOUD.errors["1"]
    assert answer.reason.startswith("appkey or secretkey: ")


def test_a_balance_that_is_not_told_is_no_answer() -> None:
    assert answered(BALANCE, '{"code":"0"}') == Answer(ok=False, reason="the answer tells no balance")


def test_the_connection_is_tested_by_a_send_that_can_reach_nobody() -> None:
    call = NXCLOUD.ask(CONNECTION, CREDENTIALS, CONTEXT)
    # md5sum of accessKey=AKdemo01&action=mt&bizType=9&ts=1767225600000&body=...&accessSecret=secretDemo
    assert (call.url, call.headers) == (URL, signed("ddd4259ddc6c5f1854cad480f967fdcc"))
    assert call.body == b'{"appkey":"appdemo1","functionType":"template"}'
    assert call.legs == ()


@pytest.mark.parametrize("code", [0, 9000, 9002, 1002, 17001])
def test_a_complaint_about_the_request_proves_the_settings(code: int) -> None:
    answer = answered(CONNECTION, f'{{"code":{code},"message":"x"}}')
    assert answer == Answer(ok=True, data={"proved": ["access_key", "access_secret", "appkey"]})


@pytest.mark.parametrize(
    ("code", "setting"),
    [
        (1001, "access_key or access_secret"),
        (1003, "access_secret or algorithm"),
        (1004, "this machine's clock"),
        (1005, "access_key"),
        (1100, "account at NXCloud"),
        (1102, "balance"),
        (9003, "appkey"),
        (9004, "price at NXCloud"),
        (9005, "route at NXCloud"),
    ],
)
def test_a_failed_connection_names_the_setting(code: int, setting: str) -> None:
    answer = answered(CONNECTION, f'{{"code":{code},"message":"secretDemo"}}')
    assert (answer.ok, answer.error) == (False, NXCLOUD.errors[str(code)])
    assert answer.reason.startswith(f"{setting}: ")
    assert "secretDemo" not in answer.reason


def test_a_code_about_no_setting_is_told_by_its_meaning() -> None:
    assert answered(CONNECTION, '{"code":9001}').reason == "An error in NXCloud's system"


@pytest.mark.parametrize("question", [BALANCE, CONNECTION])
def test_what_is_no_answer_is_told(question: Question) -> None:
    assert answered(question, "<html>", 502).reason == "HTTP 502 with a body that is no answer of the API"
    assert answered(question, "", 429).error is NXCLOUD.errors["http-429"]
    assert NXCLOUD.answer(question, NoAnswer(reason="timed out")) == Answer(ok=False, reason="timed out")


def test_the_capabilities_name_every_question() -> None:
    assert NXCLOUD.capabilities.questions == {"balance", "connection"}


@pytest.mark.parametrize("kind", ["status", "templates", "weather"])
def test_what_cannot_be_asked_is_a_key_error(kind: str) -> None:
    with pytest.raises(KeyError):
        NXCLOUD.ask(Question(kind=kind), CREDENTIALS, CONTEXT)


def test_in_the_sandbox_the_host_is_the_first_segment() -> None:
    call = NXCLOUD.ask(BALANCE, CREDENTIALS, replace(CONTEXT, origin="http://127.0.0.1:8001"))
    assert call.url == "http://127.0.0.1:8001/api.nxcloud.com/api/common/getBalance"


@given(st.sampled_from([BALANCE, CONNECTION]), st.binary(max_size=100))
def test_no_bytes_make_it_raise(question: Question, body: bytes) -> None:
    assert isinstance(NXCLOUD.answer(question, Reply(status=200, headers={}, body=body)).ok, bool)
