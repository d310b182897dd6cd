"""What is asked with a tenant's key, and how the answers are read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from providers.contract import NoAnswer, NotSent, Question
from providers.mini_app.adapter import MINI_APP
from providers.mini_app.stats import TYPES
from tests.providers.mini_app.cases import CONTEXT, CREDENTIALS, reply

HOST = "https://openapi.mini.zalo.me"
MARCH = {"type": "access-traffic", "first_day": "2026-03-01", "last_day": "2026-03-30"}


def stats(**changed: str) -> Question:
    return Question(kind="stats", params=MARCH | changed)


def test_statistics_are_asked_from_midnight_to_midnight_in_viet_nam() -> None:
    call = MINI_APP.ask(stats(), CREDENTIALS, CONTEXT)
    assert (call.method, call.body, call.legs, call.timeout) == ("GET", b"", (), 8.0)
    # The start is the reference's own; the end is the last millisecond of 30 March.
    assert call.url == (
        f"{HOST}/apps/1200000000000000034/stats?miniAppId=1200000000000000034&type=access-traffic"
        "&startTime=1772298000000&endTime=1774889999999"
    )
    assert call.headers == (("X-Api-Key", "Bearer key-1"), ("X-Zalo-AppID", "7100000000000000201"))


def test_filters_are_passed_on() -> None:
    call = MINI_APP.ask(stats(utm_source="all", utm_medium="a b", utm_campaign="tết", os="ios"), CREDENTIALS, CONTEXT)
    assert call.url.endswith("&utmSource=all&utmMedium=a+b&utmCampaign=t%E1%BA%BFt&os=ios")


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_type_of_statistics_can_be_asked_for(kind: str) -> None:
    assert f"&type={kind}&" in MINI_APP.ask(stats(type=kind), CREDENTIALS, CONTEXT).url


def test_there_are_these_types() -> None:
    assert sorted(TYPES) == [
        *("access-traffic", "age", "avg-used-time", "gender", "overview", "platform", "traffic-by-sources"),
        *("traffic-by-zalo-sources", "used-time", "utm-sources"),
    ]


@pytest.mark.parametrize(("first", "last"), [("2026-01-01", "2026-01-01"), ("2026-01-01", "2026-03-31")])
def test_one_to_ninety_days_can_be_asked_for(first: str, last: str) -> None:
    assert MINI_APP.ask(stats(first_day=first, last_day=last), CREDENTIALS, CONTEXT).url


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"last_day": "2026-05-30"}, "last_day"),
        ({"last_day": "2026-02-28"}, "last_day"),
        ({"first_day": "1 March"}, "first_day"),
        ({"last_day": ""}, "last_day"),
        ({"type": "ACCESS_TRAFFIC"}, "type"),
    ],
)
def test_what_cannot_be_asked_names_the_parameter(changed: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named}: "):
        MINI_APP.ask(stats(**changed), CREDENTIALS, CONTEXT)


@pytest.mark.parametrize("question", [Question(kind="balance"), Question(kind="stats", params={"type": "age"})])
def test_an_unknown_kind_or_a_missing_parameter_is_a_key_error(question: Question) -> None:
    with pytest.raises(KeyError):
        MINI_APP.ask(question, CREDENTIALS, CONTEXT)


def test_the_connection_is_tested_by_the_statistics_of_yesterday() -> None:
    # 00:30 on 1 March in Viet Nam, still February elsewhere.
    now = datetime(2026, 2, 28, 17, 30, tzinfo=UTC)
    call = MINI_APP.ask(Question(kind="connection"), CREDENTIALS, type(CONTEXT)(now=now))
    assert call.url.endswith("&type=access-traffic&startTime=1772211600000&endTime=1772297999999")


def test_statistics_are_given_as_they_are() -> None:
    answer = MINI_APP.answer(stats(), reply('{"err":0,"msg":"Success","data":{"series":[1,2]}}'))
    assert (answer.ok, answer.data) == (True, {"series": [1, 2]})


@pytest.mark.parametrize("data", ["", ',"data":null', ',"data":[]'])
def test_no_figures_are_an_empty_object(data: str) -> None:
    assert MINI_APP.answer(stats(), reply(f'{{"err":0{data}}}')).data == {}


def test_a_good_connection_tells_what_it_proved() -> None:
    answer = MINI_APP.answer(Question(kind="connection"), reply('{"err":0,"data":{}}'))
    assert answer.data == {"proved": ["api_key", "zalo_app_id", "mini_app_id", "allowed addresses"]}


@pytest.mark.parametrize(
    ("code", "setting"),
    [
        (-102, "api_key"),
        (-104, "api_key"),
        (-106, "mini_app_id"),
        (-108, "zalo_app_id"),
        (-112, "scopes of the key"),
        (-113, "allowed addresses (IP Access)"),
        (-114, "mini_app_id"),
    ],
)
def test_a_connection_that_fails_names_the_setting(code: int, setting: str) -> None:
    answer = MINI_APP.answer(Question(kind="connection"), reply(f'{{"err":{code},"msg":"no"}}'))
    assert (answer.ok, answer.error) == (False, MINI_APP.errors[str(code)])
    assert answer.reason.startswith(f"{setting}: ")


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (reply("", 401), "api_key: HTTP 401 without a code"),
        (reply("", 403), "allowed addresses (IP Access): HTTP 403 without a code"),
        (reply("<html>", 502), "HTTP 502 with a body that is no answer of the API"),
        (reply(""), "HTTP 200 with no body"),
        (reply('{"err":-107,"msg":"Failed for 0987654321"}'), "Failed for ***"),
        (reply('{"err":-107}'), "Failed without a reason"),
        (NotSent(reason="refused"), "refused"),
        (NoAnswer(reason="timed out"), "timed out"),
    ],
)
def test_a_question_without_an_answer_says_why(response: Any, reason: str) -> None:
    for question in (stats(), Question(kind="connection")):
        answer = MINI_APP.answer(question, response)
        assert (answer.ok, answer.data, answer.reason) == (False, None, reason)
