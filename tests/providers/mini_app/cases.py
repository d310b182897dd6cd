"""Mini App notifications case by case: a message and the exact request it becomes, a reply and the outcome it means."""

from datetime import UTC, datetime
from typing import Any

from providers.contract import Call, Context, Headers, NoAnswer, NotSent, Outbound, Outcome, Reply, Verdict
from providers.mini_app.errors import ERRORS

LEG = "0192f0c1a2b37c4d8e9fa0b1c2d3e4f5"
USER = "5600000000000000078"
# 10:00 in Viet Nam.
CONTEXT = Context(now=datetime(2026, 1, 1, 3, tzinfo=UTC), timeout=8.0)
CREDENTIALS = {"api_key": "key-1", "zalo_app_id": "7100000000000000201", "mini_app_id": "1200000000000000034"}
URL = "https://openapi.mini.zalo.me/notification/template"
TEMPLATE = "00126fd75392bacce383"


def message(**changed: Any) -> Outbound:
    given: dict[str, Any] = {
        "leg_id": LEG,
        "mini_app_user_id": USER,
        "template": TEMPLATE,
        "values": {"title": "Kho Gạo", "contentTitle": "Đơn 8841"},
    }
    return Outbound(**(given | changed))


def headers(key: str = "key-1", mini_app: str = "1200000000000000034", user: str = USER) -> Headers:
    return (
        ("X-Api-Key", f"Bearer {key}"),
        ("X-MiniApp-Id", mini_app),
        ("X-User-Id", user),
        ("Content-Type", "application/json"),
    )


_PLAIN = '{"templateId":"00126fd75392bacce383","templateData":{"title":"Kho Gạo","contentTitle":"Đơn 8841"}}'

# name -> (message, changed credentials, changed context, URL, headers, body)
PACKED: dict[str, tuple[Outbound, dict[str, str], dict[str, Any], str, Headers, str]] = {
    "plain": (message(), {}, {}, URL, headers(), _PLAIN),
    "another account, in the sandbox": (
        message(),
        {"api_key": "key-2", "mini_app_id": "1200000000000000035"},
        {"origin": "http://127.0.0.1:8001"},
        "http://127.0.0.1:8001/openapi.mini.zalo.me/notification/template",
        headers("key-2", "1200000000000000035"),
        _PLAIN,
    ),
    "composed accents, quotes and a line break": (
        message(values={"title": 'Hoa\u0300ng "A"\n\\'}),
        {},
        {},
        URL,
        headers(),
        '{"templateId":"00126fd75392bacce383","templateData":{"title":"Ho\u00e0ng \\"A\\"\\n\\\\"}}',
    ),
    "another person and template, no values": (
        message(mini_app_user_id="84900000001", template="t2", values={}),
        {},
        {},
        URL,
        headers(user="84900000001"),
        '{"templateId":"t2","templateData":{}}',
    ),
}

CALL = Call(method="POST", url=URL, headers=headers(), body=_PLAIN.encode(), legs=(LEG,), timeout=8.0)


def reply(body: str, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, headers=named, body=body.encode(), elapsed=0.25)


# What a call carries of its person, and a refusal in any words: what the words echo is to be masked.
PERSONAL = (USER, "Kho Gạo", "Đơn 8841")


def refusal(words: str) -> Reply:
    return reply(f'{{"err":-101,"msg":"{words}"}}')


def outcome(verdict: Verdict, http_status: int = 200, elapsed: float = 0.25, **more: Any) -> Outcome:
    return Outcome(leg_id=LEG, verdict=verdict, http_status=http_status, elapsed=elapsed, **more)


def refused(code: str, text: str, http_status: int = 200, **more: Any) -> Outcome:
    return outcome(Verdict.REFUSED, http_status, error=ERRORS[code], text=text, **more)


_NO_API = "with a body that is no answer of the API"

# name -> (response, outcome)
ANSWERED: dict[str, tuple[Reply | NotSent | NoAnswer, Outcome]] = {
    "accepted": (reply('{"err":0,"msg":"Success"}'), outcome(Verdict.ACCEPTED)),
    "accepted with data": (reply('{"err":0,"msg":"Success","data":{"msgId":"1"}}'), outcome(Verdict.ACCEPTED)),
    "accepted, the code a text, data null": (reply('{"err":"0","data":null}'), outcome(Verdict.ACCEPTED)),
    "accepted with a server error's status": (reply('{"err":0}', 500), outcome(Verdict.ACCEPTED, 500)),
    "refused": (
        reply('{"err":-110,"msg":"Invalid User Id"}'),
        refused("-110", "Invalid User Id"),
    ),
    "refused with a status": (reply('{"err":-112,"msg":"Invalid scope"}', 403), refused("-112", "Invalid scope", 403)),
    "refused with a server error's status": (reply('{"err":-107,"msg":"Failed"}', 500), refused("-107", "Failed", 500)),
    "refused, person and value echoed": (
        reply('{"err":-101,"msg":"5600000000000000078: kho gạo is wrong"}'),
        refused("-101", "***: *** is wrong"),
    ),
    "429 with seconds": (
        reply("slow down", 429, retry_after="30"),
        refused("http-429", "HTTP 429", 429, retry_after=30.0),
    ),
    "429 with a code": (reply('{"err":-103}', 429, retry_after="5"), refused("-103", "", 429, retry_after=5.0)),
    "400 with a wording alone": (reply('{"msg":"5600000000000000078"}', 400), refused("http-400", "HTTP 400", 400)),
    "401": (reply("", 401), refused("http-401", "HTTP 401", 401)),
    "403": (reply("<html></html>", 403), refused("http-403", "HTTP 403", 403)),
    "404": (reply("no", 404), outcome(Verdict.UNKNOWN, 404, text=f"HTTP 404 {_NO_API}")),
    "HTML of a gateway": (
        reply("<html>5600000000000000078</html>", 502),
        outcome(Verdict.UNKNOWN, 502, text=f"HTTP 502 {_NO_API}"),
    ),
    "empty 200": (reply(""), outcome(Verdict.UNKNOWN, text="HTTP 200 with no body")),
    "empty 500": (reply("", 500), outcome(Verdict.UNKNOWN, 500, text="HTTP 500 with no body")),
    "JSON without a code": (reply('{"msg":"ok"}'), outcome(Verdict.UNKNOWN, text=f"HTTP 200 {_NO_API}")),
    "another host's envelope": (reply('{"error":0}'), outcome(Verdict.UNKNOWN, text=f"HTTP 200 {_NO_API}")),
    "JSON that is no object": (reply("[0]"), outcome(Verdict.UNKNOWN, text=f"HTTP 200 {_NO_API}")),
    "not sent": (NotSent(reason="refused"), outcome(Verdict.NOT_SENT, 0, 0.0, text="refused")),
    "no answer": (NoAnswer(reason="timed out"), outcome(Verdict.UNKNOWN, 0, 0.0, text="timed out")),
}
