"""The OAuth calls byte for byte, and what each answer of the token endpoint means."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import Context, NoAnswer, NotSent, Reply
from providers.zalo.oauth import (
    Ambiguous,
    Fault,
    Rejected,
    Tokens,
    Transient,
    challenge_of,
    exchange_code,
    permission_url,
    read_tokens,
    refresh,
    verifier_from,
)

CONTEXT = Context(now=datetime(2026, 11, 21, tzinfo=UTC), timeout=7.0)
SANDBOXED = Context(now=datetime(2026, 11, 21, tzinfo=UTC), origin="http://127.0.0.1:8001")


def reply(body: bytes, status: int = 200) -> Reply:
    return Reply(status=status, headers={}, body=body)


def test_the_challenge_is_the_one_of_rfc_7636() -> None:
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_verifier_has_43_characters_and_no_padding() -> None:
    assert verifier_from(bytes(32)) == "A" * 43


def test_a_verifier_needs_32_bytes() -> None:
    with pytest.raises(ValueError, match="32"):
        verifier_from(b"short")


def test_the_consent_page_carries_app_redirect_challenge_and_state() -> None:
    url = permission_url("123", "https://gw.example/back?x=1", "s&t", "chal", CONTEXT)
    assert url == (
        "https://oauth.zaloapp.com/v4/oa/permission?app_id=123&redirect_uri=https%3A%2F%2Fgw.example%2Fback%3Fx%3D1"
        "&code_challenge=chal&state=s%26t"
    )


def test_the_consent_page_without_pkce_has_no_challenge() -> None:
    query = parse_qs(urlsplit(permission_url("123", "https://gw.example/", "s", None, CONTEXT)).query)
    assert query == {"app_id": ["123"], "redirect_uri": ["https://gw.example/"], "state": ["s"]}


def test_the_consent_page_of_the_sandbox_is_under_its_origin() -> None:
    assert permission_url("1", "https://a/", "s", None, SANDBOXED).startswith(
        "http://127.0.0.1:8001/oauth.zaloapp.com/v4/oa/permission?"
    )


def test_a_code_is_exchanged_with_the_secret_in_a_header() -> None:
    call = exchange_code(app_id="123", app_secret="sec", code="c/1", verifier="v", context=CONTEXT)
    assert (call.method, call.url) == ("POST", "https://oauth.zaloapp.com/v4/oa/access_token")
    assert call.headers == (("secret_key", "sec"), ("Content-Type", "application/x-www-form-urlencoded"))
    assert call.body == b"code=c%2F1&app_id=123&grant_type=authorization_code&code_verifier=v"
    assert call.timeout == 7.0


def test_a_code_without_pkce_sends_no_verifier() -> None:
    call = exchange_code(app_id="123", app_secret="sec", code="c", context=CONTEXT)
    assert call.body == b"code=c&app_id=123&grant_type=authorization_code"


def test_a_refresh_sends_the_refresh_token() -> None:
    call = refresh(app_id="123", app_secret="sec", refresh_token="r+1", context=SANDBOXED)
    assert call.url == "http://127.0.0.1:8001/oauth.zaloapp.com/v4/oa/access_token"
    assert call.headers[0] == ("secret_key", "sec")
    assert call.body == b"refresh_token=r%2B1&app_id=123&grant_type=refresh_token"


READ = {
    "a pair, lives as text": (
        reply(b'{"access_token":"a","refresh_token":"r","expires_in":"90000"}'),
        Tokens(access_token="a", refresh_token="r", expires_in=90000),
    ),
    "lives as numbers": (
        reply(b'{"access_token":"a","refresh_token":"r","expires_in":3600,"refresh_token_expires_in":7776000}'),
        Tokens(access_token="a", refresh_token="r", expires_in=3600, refresh_expires_in=7776000),
    ),
    "no refresh token": (
        reply(b'{"access_token":"a","refresh_token":null,"expires_in":"90000"}'),
        Tokens(access_token="a", refresh_token="", expires_in=90000),
    ),
    "no life": (reply(b'{"access_token":"a"}'), Tokens(access_token="a", refresh_token="", expires_in=3600)),
    "an impossible life": (
        reply(b'{"access_token":"a","expires_in":"-5"}'),
        Tokens(access_token="a", refresh_token="", expires_in=3600),
    ),
    "an invalid refresh token": (
        reply(b'{"error":-14014,"error_name":"Invalid refresh token.","error_reason":"","error_description":"again"}'),
        Rejected(code=-14014, name="Invalid refresh token.", reason="again", fault=Fault.RECONNECT),
    ),
    "a quoted error": (
        reply(b'{"error":"-14014","error_name":"Invalid refresh token."}'),
        Rejected(code=-14014, name="Invalid refresh token.", reason="", fault=Fault.RECONNECT),
    ),
    "an error with status 400": (
        reply(b'{"error":-14005,"error_name":"Invalid code"}', 400),
        Rejected(code=-14005, name="Invalid code", reason="", fault=Fault.RECONNECT),
    ),
    "a known error with status 500": (
        reply(b'{"error":-14014,"error_name":"Invalid refresh token."}', 500),
        Rejected(code=-14014, name="Invalid refresh token.", reason="", fault=Fault.RECONNECT),
    ),
    "a name without a number": (
        reply(b'{"error_name":"Invalid refresh token."}'),
        Rejected(code=0, name="Invalid refresh token.", reason="", fault=Fault.RECONNECT),
    ),
    "a wrong app": (
        reply(b'{"error":-14002,"error_name":"Invalid appId"}'),
        Rejected(code=-14002, name="Invalid appId", reason="", fault=Fault.CONFIGURATION),
    ),
    "a wrong redirect": (
        reply(b'{"error":-14003,"error_name":"Invalid redirect uri"}'),
        Rejected(code=-14003, name="Invalid redirect uri", reason="", fault=Fault.CONFIGURATION),
    ),
    "a wrong secret": (
        reply(b'{"error":-14004,"error_name":"x"}'),
        Rejected(code=-14004, name="x", reason="", fault=Fault.CONFIGURATION),
    ),
    "a wrong grant": (
        reply(b'{"error":-14018,"error_name":"x"}'),
        Rejected(code=-14018, name="x", reason="", fault=Fault.CONFIGURATION),
    ),
    "an empty access token beside an error": (
        reply(b'{"access_token":"","error":-14014,"error_name":"x"}'),
        Rejected(code=-14014, name="x", reason="", fault=Fault.RECONNECT),
    ),
    "an empty 200: used before": (
        reply(b""),
        Rejected(code=0, name="empty answer", reason="the token was used before", fault=Fault.RECONNECT),
    ),
    "an empty 500": (reply(b"", 500), Transient(reason="HTTP 500 with no body")),
    "an HTML page": (
        reply(b"<html>Bad gateway</html>", 502),
        Transient(reason="HTTP 502 with a body that is no answer of the API"),
    ),
    "an HTML page with 200": (
        reply(b"<html>busy</html>"),
        Transient(reason="HTTP 200 with a body that is no answer of the API"),
    ),
    "an empty object": (reply(b"{}"), Transient(reason="HTTP 200 with a body that is no answer of the API")),
    "too many calls": (reply(b'{"error":-32,"message":"slow down"}'), Transient(reason="slow down")),
    "an unknown error with 503": (reply(b'{"error":-1,"message":"later"}', 503), Transient(reason="later")),
    "an error of another family": (reply(b'{"error":-1,"message":"system"}'), Transient(reason="system")),
    "an error without a word": (reply(b'{"error":-1}'), Transient(reason="error -1")),
    "an unknown error of the family": (
        reply(b'{"error":-14999,"error_name":"x"}'),
        Rejected(code=-14999, name="x", reason="", fault=Fault.RECONNECT),
    ),
    "success without a token": (
        reply(b'{"error":0,"message":"Success"}'),
        Transient(reason="HTTP 200 with a body that is no answer of the API"),
    ),
    "not sent": (NotSent(reason="refused"), Transient(reason="refused")),
    "no answer": (NoAnswer(reason="timed out"), Ambiguous(reason="timed out")),
}


@pytest.mark.parametrize(("response", "meaning"), READ.values(), ids=READ.keys())
def test_an_answer_of_the_token_endpoint_means(response: Reply | NotSent | NoAnswer, meaning: object) -> None:
    assert read_tokens(response) == meaning


def test_tokens_do_not_print_themselves() -> None:
    assert "s3cret" not in repr(Tokens(access_token="s3cret", refresh_token="s3cret", expires_in=1))


def test_a_token_echoed_in_an_error_is_masked() -> None:
    token = "Ab1" * 20
    answer = read_tokens(reply(b'{"error":-14014,"error_name":"Invalid %s"}' % token.encode()))
    assert isinstance(answer, Rejected)
    assert answer.name == "Invalid ***"


@given(st.binary(max_size=200), st.integers(100, 599))
def test_no_bytes_make_it_raise_or_invent_tokens(body: bytes, status: int) -> None:
    answer = read_tokens(reply(body, status))
    assert not isinstance(answer, Tokens) or b"access_token" in body
