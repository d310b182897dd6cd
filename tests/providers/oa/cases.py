"""Consultation messages case by case: a message and the exact request it becomes, a reply and what it means."""

from datetime import UTC, datetime
from typing import Any

from providers.contract import Call, ContentKind, Context, Headers, NoAnswer, NotSent, Outbound, Outcome, Reply, Verdict
from providers.oa.errors import ERRORS

LEG = "0192f0c1a2b37c4d8e9fa0b1c2d3e4f5"
USER = "2512520000000000001"
CONTEXT = Context(now=datetime(2026, 11, 21, 5, tzinfo=UTC), timeout=8.0)
CREDENTIALS = {"access_token": "tok", "app_secret": "sec", "oa_id": "289", "prove": ""}
JSON = ("Content-Type", "application/json")
TOKEN = ("access_token", "tok")
# HMAC-SHA256 of "tok" under "sec", made with openssl dgst.
PROOF = ("appsecret_proof", "b13512356d1403d2449aa2e7369214f0459f0d3c08cb742b0aff4fe57aae36f5")
URL = "https://openapi.zalo.me/v3.0/oa/message/cs"

OPEN = {"title": "Mở", "type": "oa.open.url", "payload": {"url": "https://shop.example/1"}}
ASK = {"title": "Hỏi giá", "type": "oa.query.show", "payload": "#gia"}
CALL_US = {"title": "Gọi", "type": "oa.open.phone", "payload": {"phone_code": "84901234567"}}
TEXT_US = {"title": "Nhắn", "type": "oa.open.sms", "payload": {"content": "GIA", "phone_code": "84901234567"}}


def message(kind: ContentKind = ContentKind.TEXT, text: str = "", **extra: Any) -> Outbound:
    return Outbound(leg_id=LEG, oa_user_id=USER, kind=kind, text=text, extra=extra)


def _body(wire: str) -> str:
    return f'{{"recipient":{{"user_id":"{USER}"}},"message":{wire}}}'


def _media(element: str) -> str:
    return f'"attachment":{{"type":"template","payload":{{"template_type":"media","elements":[{element}]}}}}'


# name -> (message, changed credentials, headers, body)
PACKED: dict[str, tuple[Outbound, dict[str, str], Headers, str]] = {
    "text": (message(text="Xin chào"), {}, (TOKEN, JSON), _body('{"text":"Xin chào"}')),
    "composed accents": (message(text="Hoa\u0300ng"), {}, (TOKEN, JSON), _body('{"text":"Ho\u00e0ng"}')),
    "appsecret_proof": (message(text="Chào"), {"prove": "1"}, (TOKEN, PROOF, JSON), _body('{"text":"Chào"}')),
    "an answer to a message": (
        message(text="Có ạ", quote_message_id="b2db"),
        {},
        (TOKEN, JSON),
        _body('{"text":"Có ạ","quote_message_id":"b2db"}'),
    ),
    "text with buttons": (
        message(text="Chọn", buttons=[OPEN, ASK]),
        {},
        (TOKEN, JSON),
        _body(
            '{"text":"Chọn","attachment":{"type":"template","payload":{"buttons":['
            '{"title":"Mở","type":"oa.open.url","payload":{"url":"https://shop.example/1"}},'
            '{"title":"Hỏi giá","type":"oa.query.show","payload":"#gia"}]}}}'
        ),
    ),
    "image by address": (
        message(ContentKind.IMAGE, url="https://shop.example/a.png"),
        {},
        (TOKEN, JSON),
        _body("{" + _media('{"media_type":"image","url":"https://shop.example/a.png"}') + "}"),
    ),
    "uploaded image with a text": (
        message(ContentKind.IMAGE, "Ảnh", attachment_id="att-1"),
        {},
        (TOKEN, JSON),
        _body('{"text":"Ảnh",' + _media('{"media_type":"image","attachment_id":"att-1"}') + "}"),
    ),
    "gif": (
        message(ContentKind.GIF, url="https://shop.example/a.gif", width=120, height="90"),
        {},
        (TOKEN, JSON),
        _body("{" + _media('{"media_type":"gif","url":"https://shop.example/a.gif","width":120,"height":90}') + "}"),
    ),
    "file": (
        message(ContentKind.FILE, token="tok-file"),
        {},
        (TOKEN, JSON),
        _body('{"attachment":{"type":"file","payload":{"token":"tok-file"}}}'),
    ),
    "sticker": (
        message(ContentKind.STICKER, attachment_id="bfe458bf64fa8da4d4eb"),
        {},
        (TOKEN, JSON),
        _body("{" + _media('{"media_type":"sticker","attachment_id":"bfe458bf64fa8da4d4eb"}') + "}"),
    ),
    "request for details": (
        message(
            ContentKind.REQUEST_USER_INFO,
            title="Sao Mai",
            subtitle="Cho chúng tôi biết địa chỉ",
            image_url="https://shop.example/a.png",
        ),
        {},
        (TOKEN, JSON),
        _body(
            '{"attachment":{"type":"template","payload":{"template_type":"request_user_info","elements":['
            '{"title":"Sao Mai","subtitle":"Cho chúng tôi biết địa chỉ","image_url":"https://shop.example/a.png"}]}}}'
        ),
    ),
}

CALL = Call(
    method="POST",
    url=URL,
    headers=(TOKEN, JSON),
    body=_body('{"text":"Mã của bạn là 556677"}').encode(),
    legs=(LEG,),
    timeout=8.0,
)


def reply(body: str, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, headers=named, body=body.encode(), elapsed=0.25)


# What a call carries of its person, and a refusal in any words: what the words echo is to be masked.
PERSONAL = (USER, "Mã của bạn là 556677")


def refusal(words: str) -> Reply:
    return reply(f'{{"error":-248,"message":"{words}"}}')


def outcome(verdict: Verdict, http_status: int = 200, elapsed: float = 0.25, **more: Any) -> Outcome:
    return Outcome(leg_id=LEG, verdict=verdict, http_status=http_status, elapsed=elapsed, **more)


def refused(code: str, text: str, http_status: int = 200, **more: Any) -> Outcome:
    return outcome(Verdict.REFUSED, http_status, error=ERRORS[code], text=text, **more)


_SENT = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)
_NO_API = "with a body that is no answer of the API"

# name -> (response, outcome)
ANSWERED: dict[str, tuple[Reply | NotSent | NoAnswer, Outcome]] = {
    "accepted": (
        reply(
            f'{{"error":0,"message":"Success","data":{{"message_id":"63ecf43f0df7dba892e6","user_id":"{USER}",'
            '"sent_time":"1760000000000","quota":{"quota_type":"reply"}}}'
        ),
        outcome(Verdict.ACCEPTED, provider_message_id="63ecf43f0df7dba892e6", sent_at=_SENT),
    ),
    "accepted, time beside the data, a purse that runs out": (
        reply('{"error":0,"sent_time":1760000000000,"data":{"message_id":"m","quota":{"remain":"0"}}}'),
        outcome(Verdict.ACCEPTED, provider_message_id="m", sent_at=_SENT),
    ),
    "accepted without data": (reply('{"error":"0","data":null}'), outcome(Verdict.ACCEPTED)),
    "outside the window": (
        reply('{"error":-230,"message":"User has not interacted with the OA in the past 7 days"}'),
        refused("-230", "User has not interacted with the OA in the past 7 days"),
    ),
    "nobody's id": (
        reply('{"error":-201,"message":"user_id is invalid!"}'),
        refused("-201-user", "user_id is invalid!"),
    ),
    "a field": (reply('{"error":-201,"message":"url is invalid!"}'), refused("-201", "url is invalid!")),
    "the app's rate": (reply('{"error":-32,"message":"app limit"}'), refused("-32", "app limit")),
    "the account's rate": (reply('{"error":-32,"message":"OA reached limit"}'), refused("-32-oa", "OA reached limit")),
    "person and text echoed": (
        reply(f'{{"error":-248,"message":"{USER}: mã CỦA bạn là 556677 not allowed"}}'),
        refused("-248", "***: *** not allowed"),
    ),
    "refused with a server error's status": (
        reply('{"error":-200,"message":"Send message failed"}', 500),
        refused("-200", "Send message failed", 500),
    ),
    "429": (reply("", 429, retry_after="30"), refused("http-429", "HTTP 429", 429, retry_after=30.0)),
    "HTML of a gateway": (reply("<html>", 502), outcome(Verdict.UNKNOWN, 502, text=f"HTTP 502 {_NO_API}")),
    "empty 200": (reply(""), outcome(Verdict.UNKNOWN, text="HTTP 200 with no body")),
    "empty 500": (reply("", 500), outcome(Verdict.UNKNOWN, 500, text="HTTP 500 with no body")),
    "JSON without a code": (reply('{"message":"ok"}'), outcome(Verdict.UNKNOWN, text=f"HTTP 200 {_NO_API}")),
    "not sent": (NotSent(reason="refused"), outcome(Verdict.NOT_SENT, 0, 0.0, text="refused")),
    "no answer": (NoAnswer(reason="timed out"), outcome(Verdict.UNKNOWN, 0, 0.0, text="timed out")),
}

_FORM = {"title": "t", "subtitle": "s", "image_url": "https://shop.example/a.png"}

# name -> (message, code of the row that refuses it)
REFUSED: dict[str, tuple[Outbound, str]] = {
    "a template": (message(ContentKind.TEMPLATE), "limit-template"),
    "nobody": (Outbound(leg_id=LEG, kind=ContentKind.TEXT, text="x"), "limit-user-id"),
    "no text": (message(text=" \n"), "limit-text-empty"),
    "a text over the limit": (message(text="ệ" * 2_001), "limit-text"),
    "a caption over the limit": (message(ContentKind.FILE, "x" * 2_001, token="t"), "limit-text"),
    "six buttons": (message(text="x", buttons=[ASK] * 6), "limit-buttons"),
    "buttons that are no list": (message(text="x", buttons=ASK), "limit-button"),
    "a button without a title": (message(text="x", buttons=[ASK | {"title": ""}]), "limit-button"),
    "a button with a long title": (message(text="x", buttons=[ASK | {"title": "x" * 101}]), "limit-button"),
    "a button of an unknown type": (message(text="x", buttons=[ASK | {"type": "oa.open.door"}]), "limit-button"),
    "a query over the limit": (message(text="x", buttons=[ASK | {"payload": "x" * 1_001}]), "limit-button"),
    "a link that is no object": (message(text="x", buttons=[OPEN | {"payload": "https://a.example"}]), "limit-button"),
    "a link to nowhere": (message(text="x", buttons=[OPEN | {"payload": {"url": "javascript:1"}}]), "limit-button"),
    "an SMS without a text": (
        message(text="x", buttons=[TEXT_US | {"payload": {"phone_code": "84901234567"}}]),
        "limit-button",
    ),
    "a call without a number": (message(text="x", buttons=[CALL_US | {"payload": {}}]), "limit-button"),
    "an image of nothing": (message(ContentKind.IMAGE), "limit-media"),
    "an image without TLS": (message(ContentKind.IMAGE, url="http://shop.example/a.png"), "limit-media"),
    "a gif without its size": (message(ContentKind.GIF, url="https://a.example/a.gif", width=1), "limit-media"),
    "a gif of no height": (message(ContentKind.GIF, url="https://a.example/a", width=1, height=0), "limit-media"),
    "a gif of nothing": (message(ContentKind.GIF, width=1, height=1), "limit-media"),
    "a file without a token": (message(ContentKind.FILE, url="https://a.example/a.pdf"), "limit-media"),
    "a sticker without an id": (message(ContentKind.STICKER), "limit-media"),
    **{
        f"a request without its {name}": (message(ContentKind.REQUEST_USER_INFO, **(_FORM | {name: ""})), "limit-form")
        for name in _FORM
    },
    "a request with a long title": (
        message(ContentKind.REQUEST_USER_INFO, **(_FORM | {"title": "x" * 101})),
        "limit-form",
    ),
    "a request with a long subtitle": (
        message(ContentKind.REQUEST_USER_INFO, **(_FORM | {"subtitle": "x" * 501})),
        "limit-form",
    ),
}
# At the limits.
ALLOWED = {
    "a text at the limit": message(text="ệ" * 2_000),
    "a decomposed text at the limit": message(text="e\u0323\u0302" * 2_000),
    "five buttons at their limits": message(
        text="x", buttons=[ASK | {"title": "x" * 100, "payload": "x" * 1_000}, OPEN, CALL_US, TEXT_US, ASK]
    ),
    "a request at its limits": message(
        ContentKind.REQUEST_USER_INFO, **(_FORM | {"title": "x" * 100, "subtitle": "x" * 500})
    ),
}
