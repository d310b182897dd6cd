"""The calls that questions become, exact to the byte, and what their answers are read as."""

import base64
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import Answer, NoAnswer, NotSent, Question, Quota, Reply
from providers.oa.adapter import OA
from providers.oa.errors import ERRORS
from providers.oa.uploads import CannotUpload
from tests.providers.oa.cases import CONTEXT, CREDENTIALS, JSON, TOKEN, USER, reply

HOST = "https://openapi.zalo.me"


def question(kind: str, **params: str) -> Question:
    return Question(kind=kind, params=params)


ASKED: dict[str, tuple[Question, str, str]] = {
    "connection": (question("connection", oa_id="289"), "GET /v2.0/oa/getoa", ""),
    "followers": (
        question("followers"),
        "GET /v3.0/oa/user/getlist?data=%7B%22offset%22%3A0%2C%22count%22%3A50%2C%22is_follower%22%3A%22true%22%7D",
        "",
    ),
    "followers of a tag, further on": (
        question("followers", offset="50", count="10", tag_name="vip", last_interaction_period="L7D"),
        "GET /v3.0/oa/user/getlist?data=%7B%22offset%22%3A50%2C%22count%22%3A10%2C%22is_follower%22%3A%22true%22%2C"
        "%22tag_name%22%3A%22vip%22%2C%22last_interaction_period%22%3A%22L7D%22%7D",
        "",
    ),
    "person": (question("person", user_id="123"), "GET /v3.0/oa/user/detail?data=%7B%22user_id%22%3A%22123%22%7D", ""),
    "person_quota": (question("person_quota", user_id="123"), "POST /v3.0/oa/quota/message", '{"user_id":"123"}'),
    "quota": (
        question("quota"),
        "POST /v3.0/oa/quota/message",
        '{"quota_owner":"OA","product_type":"cs","quota_type":"sub_quota"}',
    ),
    "quota bought by the app": (
        question("quota", quota_owner="App", quota_type="purchase_quota"),
        "POST /v3.0/oa/quota/message",
        '{"quota_owner":"App","product_type":"cs","quota_type":"purchase_quota"}',
    ),
    "conversation": (
        question("conversation", user_id="123"),
        "GET /v2.0/oa/conversation?data=%7B%22user_id%22%3A%22123%22%2C%22offset%22%3A0%2C%22count%22%3A10%7D",
        "",
    ),
    "recent_chats": (
        question("recent_chats", offset="10", count="5"),
        "GET /v2.0/oa/listrecentchat?data=%7B%22offset%22%3A10%2C%22count%22%3A5%7D",
        "",
    ),
}


@pytest.mark.parametrize(("asked", "line", "body"), ASKED.values(), ids=ASKED.keys())
def test_a_question_becomes(asked: Question, line: str, body: str) -> None:
    call = OA.ask(asked, CREDENTIALS, CONTEXT)
    method, _, path = line.partition(" ")
    assert (call.method, call.url, call.body.decode()) == (method, HOST + path, body)
    assert call.headers == ((TOKEN, JSON) if method == "POST" else (TOKEN,))
    assert (call.legs, call.timeout) == ((), 8.0)


def test_every_question_has_a_case() -> None:
    uploads = {"upload_image", "upload_gif", "upload_file"}
    assert {asked.kind for asked, _, _ in ASKED.values()} | uploads == OA.capabilities.questions


@pytest.mark.parametrize("kind", ["person", "conversation", "person_quota", "pigeon", "upload_file"])
def test_a_question_without_what_it_needs_is_a_key_error(kind: str) -> None:
    with pytest.raises(KeyError):
        OA.ask(question(kind), CREDENTIALS, CONTEXT)


def test_an_upload_is_a_form_with_one_file() -> None:
    content = base64.b64encode(b"\x89PNG\r\n--x").decode()
    call = OA.ask(question("upload_image", name='a"\r\n.png', content=content), CREDENTIALS, CONTEXT)
    assert (call.method, call.url) == ("POST", HOST + "/v2.0/oa/upload/image")
    name, value = call.headers[1]
    boundary = value.partition("boundary=")[2]
    assert (name, call.headers[0]) == ("Content-Type", TOKEN)
    assert (
        call.body
        == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a_.png"\r\n'
            "Content-Type: image/png\r\n\r\n"
        ).encode()
        + b"\x89PNG\r\n--x"
        + f"\r\n--{boundary}--\r\n".encode()
    )


@pytest.mark.parametrize(
    ("kind", "name", "size"),
    [
        ("upload_image", "a.png", 1 << 20),
        ("upload_image", "a.JPEG", 1),
        ("upload_gif", "a.gif", 5 << 20),
        ("upload_file", "a.pdf", 5 << 20),
        ("upload_file", "a.docx", 1),
    ],
)
def test_an_upload_within_its_limits_is_made(kind: str, name: str, size: int) -> None:
    content = base64.b64encode(b"x" * size).decode()
    assert len(OA.ask(question(kind, name=name, content=content), CREDENTIALS, CONTEXT).body) > size


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("upload_image", "a.png", base64.b64encode(b"x" * ((1 << 20) + 1)).decode()),
        ("upload_gif", "a.gif", base64.b64encode(b"x" * ((5 << 20) + 1)).decode()),
        ("upload_image", "a.gif", "eA=="),
        ("upload_file", "a.exe", "eA=="),
        ("upload_file", "pdf", "eA=="),
        ("upload_file", "a.pdf", ""),
        ("upload_file", "a.pdf", "no base64"),
    ],
)
def test_an_upload_beyond_its_limits_is_not_made(kind: str, name: str, content: str) -> None:
    with pytest.raises(CannotUpload):
        OA.ask(question(kind, name=name, content=content), CREDENTIALS, CONTEXT)


_AT = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)
_PERSON = {
    "user_id": USER,
    "user_id_by_app": "",
    "external_id": "",
    "name": "",
    "alias": "",
    "sensitive": False,
    "follows": False,
    "last_interaction_on": None,
    "avatar": "",
    "tags": [],
    "notes": [],
    "shared": {},
}

ANSWERED: dict[str, tuple[Question, str, Any]] = {
    "connection": (
        question("connection", oa_id="289"),
        '{"oa_id":"289","name":"Sao Mai","is_verified":true,"package_name":"P","linked_ZCA":"z"}',
        {
            "oa_id": "289",
            "name": "Sao Mai",
            "verified": True,
            "package": "P",
            "package_until": "",
            "billing_account": "z",
        },
    ),
    "a page of followers with more to come": (
        question("followers", offset="50"),
        '{"total":"53","count":2,"offset":50,"users":[{"user_id":"1"},{"user_id":6750000000000000001},{}]}',
        {"ids": ["1", "6750000000000000001"], "total": 53, "next_offset": 52},
    ),
    "the last page of followers": (
        question("followers"),
        '{"total":1,"users":[{"user_id":"1"}]}',
        {"ids": ["1"], "total": 1, "next_offset": None},
    ),
    "an empty page before the end": (
        question("followers", offset="50"),
        '{"total":100,"users":[]}',
        {"ids": [], "total": 100, "next_offset": None},
    ),
    "a person": (
        question("person", user_id=USER),
        '{"user_id":"7","user_id_by_app":"552","user_external_id":"kh-1","display_name":"Bình","user_alias":"Anh Bình",'
        '"is_sensitive":false,"user_last_interaction_date":"20/11/2026","user_is_follower":true,"avatar":"https://a",'
        '"tags_and_notes_info":{"notes":["gọi lại"],"tag_names":["vip"]},'
        '"shared_info":{"phone":84901234567,"name":"Bình","city":""}}',
        {
            "user_id": "7",
            "user_id_by_app": "552",
            "external_id": "kh-1",
            "name": "Bình",
            "alias": "Anh Bình",
            "sensitive": False,
            "follows": True,
            "last_interaction_on": date(2026, 11, 20),
            "avatar": "https://a",
            "tags": ["vip"],
            "notes": ["gọi lại"],
            "shared": {"phone": "84901234567", "name": "Bình"},
        },
    ),
    "a person of whom little is told": (
        question("person", user_id=USER),
        '{"user_last_interaction_date":"soon"}',
        _PERSON,
    ),
    "a person's windows": (
        question("person_quota", user_id=USER),
        '{"last_interaction":"1760000000000","cs_reply":{"remain":"8","total":8},"promotion":{"daily_remain":1}}',
        {
            "last_interaction": _AT,
            "reply": {"remaining": 8, "total": 8},
            "promotion": {"daily_remaining": 1, "daily": None, "monthly_remaining": None, "monthly": None},
        },
    ),
    "purses": (
        question("quota"),
        '[{"asset_id":"a1","product_type":"cs","quota_type":"sub_quota","valid_through":"31/12/2026","total":"2000",'
        '"remain":1999},{}]',
        {
            "quota": Quota(),
            "purses": [
                {
                    "id": "a1",
                    "product": "cs",
                    "kind": "sub_quota",
                    "valid_through": date(2026, 12, 31),
                    "total": 2000,
                    "remaining": 1999,
                },
                {"id": "", "product": "", "kind": "", "valid_through": None, "total": None, "remaining": None},
            ],
        },
    ),
    "a conversation": (
        question("conversation", user_id=USER),
        '[{"src":1,"time":1760000000000,"type":"text","message":"Chào","message_id":"m2","from_id":"7","to_id":"289"},'
        '{"src":"0","time":"1760000000000","type":"photo","message_id":"m1","from_id":"289","to_id":"7","url":"https://a"}]',
        [
            {
                "message_id": "m2",
                "at": _AT,
                "inbound": True,
                "person": "7",
                "type": "text",
                "text": "Chào",
                "url": "",
            },
            {
                "message_id": "m1",
                "at": _AT,
                "inbound": False,
                "person": "7",
                "type": "photo",
                "text": "",
                "url": "https://a",
            },
        ],
    ),
    "no chats": (question("recent_chats"), "[]", []),
    "an uploaded image": (
        question("upload_image", name="a.png", content="eA=="),
        '{"attachment_id":"att"}',
        {"attachment_id": "att"},
    ),
    "an uploaded file": (question("upload_file", name="a.pdf", content="eA=="), '{"token":"t"}', {"token": "t"}),
}


@pytest.mark.parametrize(("asked", "data", "read_as"), ANSWERED.values(), ids=ANSWERED.keys())
def test_an_answer_says(asked: Question, data: str, read_as: Any) -> None:
    assert OA.answer(asked, reply(f'{{"error":0,"message":"Success","data":{data}}}')) == Answer(ok=True, data=read_as)


@pytest.mark.parametrize(
    ("asked", "body", "code", "reason"),
    [
        (
            question("connection"),
            '{"error":-216,"message":"Access token is invalid"}',
            "-216",
            "Access token is invalid",
        ),
        (question("person", user_id=USER), '{"error":-213,"message":"not a follower"}', "-213", "not a follower"),
        (question("person", user_id=USER), f'{{"error":-201,"message":"user_id {USER}"}}', "-201-user", "user_id ***"),
        (question("quota"), '{"error":-32,"message":"OA limit"}', "-32-oa", "OA limit"),
    ],
)
def test_a_question_is_refused(asked: Question, body: str, code: str, reason: str) -> None:
    assert OA.answer(asked, reply(body)) == Answer(ok=False, error=ERRORS[code], reason=reason)


@pytest.mark.parametrize("asked", [question("person", user_id=USER), question("upload_image")])
def test_success_without_what_was_asked_for_is_no_answer(asked: Question) -> None:
    answer = OA.answer(asked, reply('{"error":0,"data":{}}'))
    assert (answer.ok, bool(answer.reason)) == (False, True)


def test_the_token_of_another_account_is_named() -> None:
    answer = OA.answer(question("connection", oa_id="289"), reply('{"error":0,"data":{"oa_id":"300"}}'))
    assert (answer.ok, "300" in answer.reason) == (False, True)


@pytest.mark.parametrize("response", [NotSent(reason="refused"), NoAnswer(reason="refused"), reply("<html>", 502)])
def test_what_brought_no_answer_says_why(response: Reply | NotSent | NoAnswer) -> None:
    answer = OA.answer(question("quota"), response)
    assert (answer.ok, answer.error, bool(answer.reason)) == (False, None, True)


def test_too_many_questions_are_told_as_such() -> None:
    assert OA.answer(question("quota"), reply("", 429)).error is ERRORS["http-429"]


@given(st.sampled_from(sorted(OA.capabilities.questions)), st.binary(max_size=100), st.integers(100, 599))
def test_no_bytes_make_it_raise(kind: str, body: bytes, status: int) -> None:
    assert isinstance(OA.answer(question(kind), Reply(status=status, headers={}, body=body)), Answer)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["users", "user_id", "src"]), inner),
    max_leaves=6,
)


@given(st.sampled_from(sorted(OA.capabilities.questions)), _JSON)
def test_no_data_makes_it_raise(kind: str, data: object) -> None:
    assert isinstance(OA.answer(question(kind), reply(json.dumps({"error": 0, "data": data}))), Answer)
