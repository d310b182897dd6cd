"""What is asked of Zalo beside sending, byte for byte, and how its answers are read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import (
    Answer,
    DeliveryStatus,
    NoAnswer,
    NotSent,
    Question,
    Quota,
    Reply,
    TemplateDetail,
    TemplateParameter,
)
from providers.registry import provider
from providers.zns.errors import ERRORS
from tests.providers.zns.cases import CONTEXT, CREDENTIALS, JSON, PROOF, TOKEN

ZNS = provider("zns")
BUSINESS = "https://business.openapi.zalo.me"


def question(kind: str, **params: str) -> Question:
    return Question(kind=kind, params=params)


def answered(asked: Question, body: str, status: int = 200) -> Answer:
    return ZNS.answer(asked, Reply(status=status, headers={}, body=body.encode()))


GET = {
    "status": (question("status", message_id="5c/4"), BUSINESS + "/message/status?message_id=5c%2F4"),
    "templates": (question("templates"), BUSINESS + "/template/all?offset=0&limit=100&filterPreset=0"),
    "templates, a later page": (
        question("templates", offset="100", limit="50", status="1"),
        BUSINESS + "/template/all?offset=100&limit=50&filterPreset=0&status=1",
    ),
    "template": (question("template", template_id="205644"), BUSINESS + "/template/info/v2?template_id=205644"),
    "sample": (question("template_sample", template_id="1"), BUSINESS + "/template/sample-data?template_id=1"),
    "quota": (question("quota"), BUSINESS + "/message/quota"),
    "tags": (question("tags"), BUSINESS + "/message/template-tag"),
    "quality": (question("quality"), BUSINESS + "/quality"),
    "connection": (question("connection", oa_id="289"), "https://openapi.zalo.me/v2.0/oa/getoa"),
}


@pytest.mark.parametrize(("asked", "url"), GET.values(), ids=GET.keys())
def test_a_question_is_a_get_with_the_token(asked: Question, url: str) -> None:
    call = ZNS.ask(asked, CREDENTIALS, CONTEXT)
    assert (call.method, call.url, call.headers, call.body) == ("GET", url, (TOKEN,), b"")
    assert (call.legs, call.timeout) == ((), 8.0)


def test_a_question_carries_the_proof_where_the_app_asks_for_it() -> None:
    assert ZNS.ask(question("quota"), CREDENTIALS | {"prove": "1"}, CONTEXT).headers == (TOKEN, PROOF)


def test_a_journey_token_is_asked_for_a_number() -> None:
    call = ZNS.ask(question("journey_token", phone="84987654321"), CREDENTIALS, CONTEXT)
    assert (call.method, call.url) == ("POST", BUSINESS + "/journey/get-token")
    assert (call.headers, call.body) == ((TOKEN, JSON), b'{"phone":"84987654321"}')


def test_a_journey_token_is_checked_in_a_header() -> None:
    call = ZNS.ask(question("journey_check", journey_token="jt"), CREDENTIALS, CONTEXT)
    assert (call.method, call.url) == ("GET", BUSINESS + "/journey/check-token")
    assert call.headers == (TOKEN, ("journey_token", "jt"))


@pytest.mark.parametrize("asked", [question("weather"), question("status"), question("template")])
def test_what_cannot_be_asked_is_a_key_error(asked: Question) -> None:
    with pytest.raises(KeyError):
        ZNS.ask(asked, CREDENTIALS, CONTEXT)


def test_the_capabilities_name_every_question() -> None:
    assert ZNS.capabilities.questions == {
        *("status", "templates", "template", "template_sample", "quota", "tags", "quality"),
        *("connection", "journey_token", "journey_check"),
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"error":0,"data":{"delivery_time":"1","status":1}}', DeliveryStatus.DELIVERED),
        ('{"error":0,"data":{"status":"0"}}', DeliveryStatus.PENDING),
        ('{"error":0,"data":{"status":-1}}', DeliveryStatus.NOT_FOUND),
        ('{"error":-107,"message":"Message ID invalid"}', DeliveryStatus.NOT_FOUND),
    ],
)
def test_a_status_is_read(body: str, status: DeliveryStatus) -> None:
    assert answered(question("status", message_id="5c"), body) == Answer(ok=True, data=status)


@pytest.mark.parametrize(
    "body", ['{"error":0}', '{"error":0,"data":{"status":"soon"}}', '{"error":0,"data":{"status":7}}']
)
def test_a_status_that_is_not_told_is_no_answer(body: str) -> None:
    answer = answered(question("status", message_id="5c"), body)
    assert (answer.ok, answer.data) == (False, None)


def test_a_list_of_templates_is_read() -> None:
    body = (
        '{"error":0,"data":[{"templateId":205644,"templateName":"Order","createdTime":1,"status":"ENABLE",'
        '"templateQuality":"HIGH"},{"templateId":"7","templateName":"Old","status":3},{"templateName":"no id"},null],'
        '"metadata":{"total":"31"}}'
    )
    assert answered(question("templates"), body).data == {
        "ids": ["205644", "7"],
        "items": [
            {"id": "205644", "name": "Order", "status": "ENABLE", "quality": "HIGH"},
            {"id": "7", "name": "Old", "status": "REJECT", "quality": ""},
        ],
        "total": 31,
    }


def test_a_list_without_a_total_counts_what_was_seen() -> None:
    answer = answered(question("templates", offset="100"), '{"error":0,"data":[{"templateId":1}]}')
    assert answer.data["total"] == 101


DETAIL = """{"error":0,"message":"Success","data":{"templateId":205644,"templateName":"Order paid","status":"ENABLE",
 "listParams":[{"name":"otp","require":true,"type":"STRING","maxLength":10,"minLength":0,"acceptNull":false},
               {"name":"note","require":"false","maxLength":"90","minLength":"2"},{"type":"STRING"}],
 "listButtons":[],"timeout":7200000,"previewUrl":"https://p","templateQuality":"UNDEFINED",
 "templateTag":"TRANSACTION","price":"300","price_sdt":"310","price_uid":"210"}}"""


def test_a_template_is_read() -> None:
    assert answered(question("template", template_id="205644"), DETAIL).data == TemplateDetail(
        id="205644",
        name="Order paid",
        status="ENABLE",
        tag="transaction",
        quality="UNDEFINED",
        parameters=(
            TemplateParameter(name="otp", required=True, type="STRING", min_length=0, max_length=10),
            TemplateParameter(name="note", required=False, type="STRING", min_length=2, max_length=90),
        ),
        timeout=7200.0,
        price="310",
        preview_url="https://p",
    )


def test_a_transaction_template_held_to_fifteen_seconds_is_an_otp() -> None:
    detail = answered(question("template", template_id="1"), DETAIL.replace("7200000", '"15000"')).data
    assert (detail.tag, detail.timeout) == ("otp", 15.0)


def test_a_promotion_held_to_fifteen_seconds_is_none() -> None:
    body = DETAIL.replace("7200000", "15000").replace("TRANSACTION", "PROMOTION")
    assert answered(question("template", template_id="1"), body).data.tag == "promotion"


def test_a_template_with_little_told_is_read() -> None:
    detail = answered(question("template", template_id="9"), '{"error":0,"data":{"templateName":"x"}}').data
    assert detail == TemplateDetail(id="9", name="x", status="")


def test_no_template_in_the_answer_is_no_answer() -> None:
    assert answered(question("template", template_id="9"), '{"error":0,"data":null}').ok is False


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("TRANSACTION", "transaction"),
        ("IN_TRANSACTION", "transaction"),
        ("POST_TRANSACTION", "transaction"),
        ("CUSTOMER_CARE", "customer_care"),
        ("ACCOUNT_UPDATE", "customer_care"),
        ("GENERAL_UPDATE", "customer_care"),
        ("PROMOTION", "promotion"),
        ("FOLLOW_UP", "promotion"),
        ("OTP", "otp"),
        ("otp", "otp"),
        ("1", "transaction"),
        ("SOMETHING_NEW", "something_new"),
    ],
)
def test_tags_are_known_by_their_new_and_old_names(name: str, tag: str) -> None:
    assert answered(question("tags"), f'{{"error":0,"data":["{name}"]}}').data == [tag]


READ: dict[str, tuple[Question, str, Any]] = {
    "sample": (question("template_sample", template_id="1"), '{"otp":"123","n":5}', {"otp": "123", "n": "5"}),
    "quota": (
        question("quota"),
        '{"dailyQuota":"500","remainingQuota":499,"dailyQuotaPromotion":null,"monthlyPromotionQuota":10000,'
        '"remainingMonthlyPromotionQuota":"9999","estimatedNextMonthPromotionQuota":0}',
        {
            "quota": Quota(daily=500, remaining=499),
            "promotion": {
                "daily": None,
                "daily_remaining": None,
                "monthly": 10000,
                "monthly_remaining": 9999,
                "next_month_estimate": 0,
            },
        },
    ),
    "quality": (
        question("quality"),
        '{"oaCurrentQuality":"HIGH","oa7dayQuality":"MEDIUM"}',
        {"now": "HIGH", "seven_days": "MEDIUM"},
    ),
    "connection": (
        question("connection", oa_id="289"),
        '{"oaid":289,"name":"Shop","is_verified":"true","package_name":"Nâng cao",'
        '"package_valid_through_date":"01/01/2027","linked_ZCA":"z"}',
        {
            "oa_id": "289",
            "name": "Shop",
            "verified": True,
            "package": "Nâng cao",
            "package_until": "01/01/2027",
            "billing_account": "z",
        },
    ),
    "journey check": (
        question("journey_check", journey_token="jt"),
        '{"appId":1,"oaId":"289","createdAt":"1760000005000","expiredAt":1760000005050}',
        {
            "app_id": "1",
            "oa_id": "289",
            "created_at": datetime(2025, 10, 9, 8, 53, 25, tzinfo=UTC),
            "expires_at": datetime(2025, 10, 9, 8, 53, 25, 50000, tzinfo=UTC),
        },
    ),
}


@pytest.mark.parametrize(("asked", "data", "read"), READ.values(), ids=READ.keys())
def test_an_answer_is_read(asked: Question, data: str, read: Any) -> None:
    assert answered(asked, f'{{"error":0,"data":{data}}}') == Answer(ok=True, data=read)


def test_a_journey_token_stands_beside_the_data() -> None:
    body = '{"error":0,"message":"Success","token":"jt","journey_id":123}'
    answer = answered(question("journey_token", phone="84987654321"), body)
    assert answer.data == {"token": "jt", "journey_id": "123"}


def test_a_connection_of_another_official_account_is_named() -> None:
    answer = answered(question("connection", oa_id="289"), '{"error":0,"data":{"oa_id":"777"}}')
    assert answer.ok is False
    assert "777" in answer.reason


@pytest.mark.parametrize(
    ("code", "error_class"),
    [("-216", "token"), ("-220", "token"), ("-212", "configuration"), ("-242", "configuration"), ("-5", "transient")],
)
def test_what_is_wrong_with_a_connection_is_named(code: str, error_class: str) -> None:
    answer = answered(question("connection"), f'{{"error":{code},"message":"why"}}')
    assert answer.error is not None
    assert (answer.ok, answer.error.code, answer.error.error_class, answer.reason) == (False, code, error_class, "why")
    assert answer.error.advice


def test_a_refused_question_gives_the_row_and_hides_the_number() -> None:
    body = '{"error":-108,"message":"Phone 0987654321 invalid"}'
    answer = answered(question("journey_token", phone="84987654321"), body)
    assert answer == Answer(ok=False, error=ERRORS["-108"], reason="Phone *** invalid")


@pytest.mark.parametrize(("response", "reason"), [(NotSent(reason="dns"), "dns"), (NoAnswer(reason="late"), "late")])
def test_a_question_that_was_not_answered_says_so(response: NotSent | NoAnswer, reason: str) -> None:
    assert ZNS.answer(question("quota"), response) == Answer(ok=False, reason=reason)


def test_too_many_questions_have_a_row() -> None:
    assert answered(question("quota"), "<html>", 429).error is ERRORS["http-429"]


def test_a_page_of_a_gateway_is_no_answer() -> None:
    assert answered(question("quota"), "<html>", 502) == Answer(
        ok=False, reason="HTTP 502 with a body that is no answer of the API"
    )


SHAPES = st.recursive(
    st.sampled_from(["null", "true", "0", "-1", '"x"', "1e9", '""']),
    lambda inner: (
        st.builds("[{0},{1}]".format, inner, inner)
        | st.builds(
            '{{"{0}":{1}}}'.format,
            st.sampled_from(
                ["templateId", "listParams", "status", "dailyQuota", "timeout", "token", "name", "createdAt"]
            ),
            inner,
        )
    ),
    max_leaves=5,
)


@given(st.sampled_from(sorted(ZNS.capabilities.questions)), SHAPES)
def test_no_shape_makes_it_raise(kind: str, data: str) -> None:
    assert isinstance(answered(question(kind), f'{{"error":0,"data":{data}}}'), Answer)


@given(st.sampled_from(sorted(ZNS.capabilities.questions)), st.binary(max_size=100), st.integers(100, 599))
def test_no_bytes_make_it_raise(kind: str, body: bytes, status: int) -> None:
    assert isinstance(ZNS.answer(question(kind), Reply(status=status, headers={}, body=body)), Answer)
