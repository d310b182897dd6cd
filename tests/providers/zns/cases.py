"""ZNS case by case: a message and the exact request it becomes, a reply and the outcome it means."""

from datetime import UTC, datetime
from typing import Any

from providers.contract import Call, Context, Headers, NoAnswer, NotSent, Outbound, Outcome, Quota, Reply, Verdict
from providers.zns.errors import ERRORS

LEG = "0192f0c1a2b37c4d8e9fa0b1c2d3e4f5"
CONTEXT = Context(now=datetime(2026, 11, 21, 5, tzinfo=UTC), timeout=8.0)
CREDENTIALS = {"access_token": "tok", "app_secret": "sec", "oa_id": "289", "prove": "", "hash_phone": ""}
JSON = ("Content-Type", "application/json")
TOKEN = ("access_token", "tok")
# HMAC-SHA256 of "tok" under "sec", made with openssl dgst.
PROOF = ("appsecret_proof", "b13512356d1403d2449aa2e7369214f0459f0d3c08cb742b0aff4fe57aae36f5")


def message(**changed: Any) -> Outbound:
    given: dict[str, Any] = {
        "leg_id": LEG,
        "phone": "84987654321",
        "template": "205644",
        "values": {"customer": "Nguyễn Thị Hoàng Anh", "amount": "100"},
    }
    return Outbound(**(given | changed))


_DATA = '"template_data":{"customer":"Nguyễn Thị Hoàng Anh","amount":"100"}'
_TAIL = f'"template_id":"205644",{_DATA},"tracking_id":"{LEG}"'
_PLAIN = f'{{"phone":"84987654321",{_TAIL}}}'
# SHA-256 of 84987654321, made with openssl dgst.
_HASH = "116ce31ae9170769b075a11dedca1198f41d30318334919fb90917e9c617b438"
PLAIN_URL = "https://business.openapi.zalo.me/message/template"

# name -> (message, changed credentials, URL, headers, body)
PACKED: dict[str, tuple[Outbound, dict[str, str], str, Headers, str]] = {
    "plain": (message(), {}, PLAIN_URL, (TOKEN, JSON), _PLAIN),
    "appsecret_proof": (message(), {"prove": "1"}, PLAIN_URL, (TOKEN, PROOF, JSON), _PLAIN),
    "journey token": (
        message(journey_token="jt"),
        {},
        PLAIN_URL,
        (TOKEN, JSON, ("journey_token", "jt")),
        _PLAIN,
    ),
    "hashed phone": (
        message(),
        {"hash_phone": "1"},
        "https://business.openapi.zalo.me/message/template/hashphone",
        (TOKEN, JSON),
        f'{{"hash_phone":"{_HASH}",{_TAIL}}}',
    ),
    "development mode": (
        message(mode="development"),
        {},
        PLAIN_URL,
        (TOKEN, JSON),
        f'{{"phone":"84987654321",{_TAIL},"mode":"development"}}',
    ),
    "sending mode": (
        message(sending_mode="3"),
        {},
        PLAIN_URL,
        (TOKEN, JSON),
        f'{{"phone":"84987654321",{_TAIL},"sending_mode":"3"}}',
    ),
    "composed accents, quotes and a text id": (
        message(template="7895417a7d3f9461cd2e", values={"customer": 'Hoa\u0300ng "A"\n\\'}),
        {},
        PLAIN_URL,
        (TOKEN, JSON),
        '{"phone":"84987654321","template_id":"7895417a7d3f9461cd2e",'
        f'"template_data":{{"customer":"Ho\u00e0ng \\"A\\"\\n\\\\"}},"tracking_id":"{LEG}"}}',
    ),
    "no values": (
        message(values={}),
        {},
        PLAIN_URL,
        (TOKEN, JSON),
        f'{{"phone":"84987654321","template_id":"205644","template_data":{{}},"tracking_id":"{LEG}"}}',
    ),
}

CALL = Call(method="POST", url=PLAIN_URL, headers=(TOKEN, JSON), body=_PLAIN.encode(), legs=(LEG,), timeout=8.0)


def reply(body: str, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, headers=named, body=body.encode(), elapsed=0.25)


# What a call carries of its person, and a refusal in any words: what the words echo is to be masked.
PERSONAL = ("84987654321", "Nguyễn Thị Hoàng Anh")


def refusal(words: str) -> Reply:
    return reply(f'{{"error":-1121,"message":"{words}","data":null}}')


def outcome(verdict: Verdict, http_status: int = 200, elapsed: float = 0.25, **more: Any) -> Outcome:
    return Outcome(leg_id=LEG, verdict=verdict, http_status=http_status, elapsed=elapsed, **more)


def refused(code: str, text: str, http_status: int = 200, **more: Any) -> Outcome:
    return outcome(Verdict.REFUSED, http_status, error=ERRORS[code], text=text, **more)


_SENT = datetime(2024, 5, 1, 2, 12, 39, 833000, tzinfo=UTC)
_NO_API = "with a body that is no answer of the API"

# name -> (response, outcome)
ANSWERED: dict[str, tuple[Reply | NotSent | NoAnswer, Outcome]] = {
    "accepted, all leaves texts": (
        reply(
            '{"error":0,"message":"Success","data":{"msg_id":"5c4ee6ab12cd9692026","sent_time":"1714529559833",'
            '"sending_mode":"1","quota":{"dailyQuota":"5000","remainingQuota":"4999"}}}'
        ),
        outcome(
            Verdict.ACCEPTED,
            provider_message_id="5c4ee6ab12cd9692026",
            sent_at=_SENT,
            quota=Quota(daily=5000, remaining=4999),
        ),
    ),
    "accepted, leaves numbers": (
        reply('{"error":"0","data":{"msg_id":99,"sent_time":1714529559833,"quota":{"remainingQuota":7}}}'),
        outcome(Verdict.ACCEPTED, provider_message_id="99", sent_at=_SENT, quota=Quota(remaining=7)),
    ),
    "accepted without data": (reply('{"error":0,"data":null}'), outcome(Verdict.ACCEPTED)),
    "accepted with a server error's status": (
        reply('{"error":0,"data":{"msg_id":"5c"}}', 500),
        outcome(Verdict.ACCEPTED, 500, provider_message_id="5c"),
    ),
    "refused, data null": (
        reply('{"error":-118,"message":"Zalo account not existed","data":null}'),
        refused("-118", "Zalo account not existed"),
    ),
    "refused, data absent": (
        reply('{"error":-124,"message":"Access token invalid"}'),
        refused("-124", "Access token invalid"),
    ),
    "refused with a quoted code": (reply('{"error":"-144"}'), refused("-144", "")),
    "refused with a server error's status": (
        reply('{"error":-100,"message":"Unknown error"}', 500),
        refused("-100", "Unknown error", 500),
    ),
    "refused, number and value echoed": (
        reply('{"error":-1121,"message":"0987654321: nguyễn thị hoàng anh breaks max length"}'),
        refused("-1121", "***: *** breaks max length"),
    ),
    "charge failed waits a quarter of an hour": (
        reply('{"error":-137,"message":"Charge failed"}'),
        refused("-137", "Charge failed", retry_after=900),
    ),
    "429 with seconds": (
        reply("slow down", 429, retry_after="30"),
        refused("http-429", "HTTP 429", 429, retry_after=30.0),
    ),
    "429 with a date": (
        reply("", 429, retry_after="Sat, 21 Nov 2026 05:01:00 GMT", date="Sat, 21 Nov 2026 05:00:00 GMT"),
        refused("http-429", "HTTP 429", 429, retry_after=60.0),
    ),
    "429 without a time": (reply("<html>", 429), refused("http-429", "HTTP 429", 429)),
    "429 with a code of Zalo's": (
        reply('{"error":-32,"message":"limit"}', 429, retry_after="5"),
        refused("-32", "limit", 429, retry_after=5.0),
    ),
    "HTML of a gateway": (
        reply("<html>84987654321</html>", 502),
        outcome(Verdict.UNKNOWN, 502, text=f"HTTP 502 {_NO_API}"),
    ),
    "empty 200": (reply(""), outcome(Verdict.UNKNOWN, text="HTTP 200 with no body")),
    "empty 500": (reply("", 500), outcome(Verdict.UNKNOWN, 500, text="HTTP 500 with no body")),
    "JSON without a code": (reply('{"message":"ok"}'), outcome(Verdict.UNKNOWN, text=f"HTTP 200 {_NO_API}")),
    "JSON that is no object": (reply("[0]"), outcome(Verdict.UNKNOWN, text=f"HTTP 200 {_NO_API}")),
    "not sent": (NotSent(reason="refused"), outcome(Verdict.NOT_SENT, 0, 0.0, text="refused")),
    "no answer": (NoAnswer(reason="timed out"), outcome(Verdict.UNKNOWN, 0, 0.0, text="timed out")),
}
