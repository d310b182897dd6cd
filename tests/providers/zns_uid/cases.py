"""Templates by user id case by case: a message and the exact request it becomes, a reply and what it means."""

from datetime import UTC, datetime
from typing import Any

from providers.contract import Call, ContentKind, Context, Headers, NoAnswer, NotSent, Outbound, Outcome, Reply, Verdict
from providers.zns_uid.errors import ERRORS

LEG = "0192f0c1a2b37c4d8e9fa0b1c2d3e4f5"
USER = "2512520000000000001"
CONTEXT = Context(now=datetime(2026, 11, 21, 5, tzinfo=UTC), timeout=8.0)
CREDENTIALS = {"access_token": "tok", "app_secret": "sec", "oa_id": "289", "prove": ""}
JSON = ("Content-Type", "application/json")
TOKEN = ("access_token", "tok")
# HMAC-SHA256 of "tok" under "sec", made with openssl dgst.
PROOF = ("appsecret_proof", "b13512356d1403d2449aa2e7369214f0459f0d3c08cb742b0aff4fe57aae36f5")
URL = "https://openapi.zalo.me/v3.0/oa/message/template"


def message(**changed: Any) -> Outbound:
    given: dict[str, Any] = {
        "leg_id": LEG,
        "oa_user_id": USER,
        "phone": "84987654321",
        "template": "205644",
        "values": {"customer": "Nguyễn Thị Hoàng Anh", "amount": "100"},
    }
    return Outbound(**(given | changed))


_BODY = (
    f'{{"user_id":"{USER}","template_id":"205644",'
    '"template_data":{"customer":"Nguyễn Thị Hoàng Anh","amount":"100"}}'
)

# name -> (message, changed credentials, headers, body)
PACKED: dict[str, tuple[Outbound, dict[str, str], Headers, str]] = {
    "plain": (message(), {}, (TOKEN, JSON), _BODY),
    "appsecret_proof": (message(), {"prove": "1"}, (TOKEN, PROOF, JSON), _BODY),
    "sending mode is not of this wire": (message(sending_mode="3"), {}, (TOKEN, JSON), _BODY),
    "composed accents and quotes": (
        message(values={"customer": 'Hoa\u0300ng "A"'}),
        {},
        (TOKEN, JSON),
        f'{{"user_id":"{USER}","template_id":"205644","template_data":{{"customer":"Ho\u00e0ng \\"A\\""}}}}',
    ),
}

# name -> (message, code of the row that refuses it)
REFUSED = {
    "a text": (message(kind=ContentKind.TEXT, text="x"), "limit-template"),
    "nobody": (message(oa_user_id=""), "limit-user-id"),
    "development mode": (message(mode="development"), "limit-development"),
    "a journey": (message(journey_token="jt"), "limit-journey"),
}

CALL = Call(method="POST", url=URL, headers=(TOKEN, JSON), body=_BODY.encode(), legs=(LEG,), timeout=8.0)


def reply(body: str, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, headers=named, body=body.encode(), elapsed=0.25)


# What a call carries of its person, and a refusal in any words: what the words echo is to be masked.
PERSONAL = (USER, "Nguyễn Thị Hoàng Anh")


def refusal(words: str) -> Reply:
    return reply(f'{{"error":-1121,"message":"{words}"}}')


def outcome(verdict: Verdict, http_status: int = 200, elapsed: float = 0.25, **more: Any) -> Outcome:
    return Outcome(leg_id=LEG, verdict=verdict, http_status=http_status, elapsed=elapsed, **more)


def refused(code: str, text: str, http_status: int = 200, **more: Any) -> Outcome:
    return outcome(Verdict.REFUSED, http_status, error=ERRORS[code], text=text, **more)


_SENT = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)

# name -> (response, outcome)
ANSWERED: dict[str, tuple[Reply | NotSent | NoAnswer, Outcome]] = {
    "accepted, time within the data": (
        reply(
            f'{{"error":0,"message":"Success","data":{{"message_id":"63ecf4","user_id":"{USER}",'
            '"sent_time":"1760000000000","quota":{"quota_type":"sub_quota","remain":"10"}}}'
        ),
        outcome(Verdict.ACCEPTED, provider_message_id="63ecf4", sent_at=_SENT),
    ),
    "accepted, time beside the data": (
        reply(
            '{"error":0,"data":{"message_id":"63ecf4","quota":{"quota_type":"purchase_quota","owner_type":"OA",'
            '"owner_id":"289"}},"sent_time":"1760000000000"}'
        ),
        outcome(Verdict.ACCEPTED, provider_message_id="63ecf4", sent_at=_SENT),
    ),
    "not for user ids": (
        reply('{"error":-249,"message":"Template does not support UID"}'),
        refused("-249", "Template does not support UID"),
    ),
    "a value over its limit, echoed": (
        reply('{"error":-1121,"message":"nguyễn thị hoàng anh breaks max length"}'),
        refused("-1121", "*** breaks max length"),
    ),
    "minus a hundred is no attachment here": (
        reply('{"error":-100,"message":"Unknown error"}'),
        refused("-100", "Unknown error"),
    ),
    "token": (
        reply('{"error":-220,"message":"access_token is expired or removed"}'),
        refused("-220", "access_token is expired or removed"),
    ),
    "nobody's id": (
        reply('{"error":-201,"message":"user_id is invalid!"}'),
        refused("-201-user", "user_id is invalid!"),
    ),
    "429": (reply("", 429, retry_after="30"), refused("http-429", "HTTP 429", 429, retry_after=30.0)),
    "HTML of a gateway": (
        reply("<html>", 502),
        outcome(Verdict.UNKNOWN, 502, text="HTTP 502 with a body that is no answer of the API"),
    ),
    "empty 200": (reply(""), outcome(Verdict.UNKNOWN, text="HTTP 200 with no body")),
    "not sent": (NotSent(reason="refused"), outcome(Verdict.NOT_SENT, 0, 0.0, text="refused")),
    "no answer": (NoAnswer(reason="timed out"), outcome(Verdict.UNKNOWN, 0, 0.0, text="timed out")),
}
