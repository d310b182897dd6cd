"""NXCloud case by case: a message and the exact request it becomes, a reply and the outcome it means."""

from datetime import UTC, datetime
from typing import Any

from providers.contract import Call, Context, Headers, NoAnswer, NotSent, Outbound, Outcome, Reply, Verdict
from providers.nxcloud.errors import ERRORS

LEG = "0192f0c1a2b37c4d8e9fa0b1c2d3e4f5"
HOOK = "https://gw.example/hooks/nxcloud/9f2c"
# 1767225600000 in milliseconds since the epoch.
CONTEXT = Context(now=datetime(2026, 1, 1, tzinfo=UTC), hook_url=HOOK, timeout=8.0)
CREDENTIALS = {"access_key": "AKdemo01", "access_secret": "secretDemo", "appkey": "appdemo1", "secretkey": "sk"}
URL = "https://api.nxcloud.com/v1/zalo/mt"
TYPE = ("Content-Type", "application/json")


def message(**changed: Any) -> Outbound:
    given: dict[str, Any] = {
        "leg_id": LEG,
        "phone": "84900000001",
        "template": "100200",
        "values": {"name": "Nguyễn An", "code": "A-1"},
    }
    return Outbound(**(given | changed))


def signed(sign: str, *more: tuple[str, str]) -> Headers:
    return (
        ("accessKey", "AKdemo01"),
        ("action", "mt"),
        ("bizType", "9"),
        ("ts", "1767225600000"),
        ("sign", sign),
        *more,
        TYPE,
    )


_DATA = '"messageData":{"templateId":"100200","templateData":{"name":"Nguyễn An","code":"A-1"}'
_HEAD = '{"appkey":"appdemo1","phone":"84900000001","functionType":"template",'
_TAIL = f'"drWebhook":"{HOOK}","ext":"{LEG}"}}'
_PLAIN = f"{_HEAD}{_DATA}}},{_TAIL}"

# name -> (message, changed credentials, changed context, URL, headers, body); digests made with md5sum and sha256sum.
PACKED: dict[str, tuple[Outbound, dict[str, str], dict[str, Any], str, Headers, str]] = {
    "plain": (message(), {}, {}, URL, signed("e0e1a742b1606789d0771dfa03dd1d91"), _PLAIN),
    "sha256": (
        message(),
        {"algorithm": "sha256"},
        {},
        URL,
        signed("a7a17441bca80798f6656410341df4c839e21cd76367b38c49df185c9e1fafa6", ("algorithm", "sha256")),
        _PLAIN,
    ),
    "journey": (
        message(journey_token="jt"),
        {},
        {},
        URL,
        signed("39796fba6d4353cd561db0730eec7841"),
        f'{_HEAD}{_DATA},"journeyToken":"jt"}},{_TAIL}',
    ),
    "composed accents, quotes and a line break": (
        message(values={"name": 'Hoa\u0300ng "A"\n\\'}),
        {},
        {},
        URL,
        signed("f621d502edc849f7e00fc539fbd6ef64"),
        f'{_HEAD}"messageData":{{"templateId":"100200","templateData":{{"name":"Ho\u00e0ng \\"A\\"\\n\\\\"}}}},{_TAIL}',
    ),
    "no address for receipts, another host, another key": (
        message(),
        {"host": "api2.nxcloud.com", "appkey": "other"},
        {"hook_url": ""},
        "https://api2.nxcloud.com/v1/zalo/mt",
        signed("48e77da55603670a514f41e221420060"),
        f'{_HEAD.replace("appdemo1", "other")}{_DATA}}},"ext":"{LEG}"}}',
    ),
    "over-quota mode, which is unknown here": (
        message(sending_mode="3"),
        {},
        {},
        URL,
        signed("e0e1a742b1606789d0771dfa03dd1d91"),
        _PLAIN,
    ),
}

CALL = Call(method="POST", url=URL, headers=(TYPE,), body=_PLAIN.encode(), legs=(LEG,), timeout=8.0)


def reply(body: str, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, headers=named, body=body.encode(), elapsed=0.25)


# What a call carries of its person, and a refusal in any words: what the words echo is to be masked.
PERSONAL = ("84900000001", "Nguyễn An")


def refusal(words: str) -> Reply:
    return reply(f'{{"code":9000,"message":"{words}"}}')


def outcome(verdict: Verdict, http_status: int = 200, elapsed: float = 0.25, **more: Any) -> Outcome:
    return Outcome(leg_id=LEG, verdict=verdict, http_status=http_status, elapsed=elapsed, **more)


def refused(code: str, text: str, http_status: int = 200, **more: Any) -> Outcome:
    return outcome(Verdict.REFUSED, http_status, error=ERRORS[code], text=text, **more)


_NO_API = "with a body that is no answer of the API"
_ID = "zalomid.0123456789abcdef0123456789abcdef"

# name -> (response, outcome)
ANSWERED: dict[str, tuple[Reply | NotSent | NoAnswer, Outcome]] = {
    "accepted": (
        reply(f'{{"code":0,"message":"Success","data":{{"requestId":"{_ID}"}},"traceId":"aa11bb22"}}'),
        outcome(Verdict.ACCEPTED, provider_message_id=_ID, text="(traceId aa11bb22)"),
    ),
    "accepted, the code a text": (
        reply(f'{{"code":"0","data":{{"requestId":"{_ID}"}}}}'),
        outcome(Verdict.ACCEPTED, provider_message_id=_ID),
    ),
    "accepted without data": (reply('{"code":0,"message":"Success"}'), outcome(Verdict.ACCEPTED)),
    "accepted with a server error's status": (
        reply(f'{{"code":0,"data":{{"requestId":"{_ID}"}}}}', 500),
        outcome(Verdict.ACCEPTED, 500, provider_message_id=_ID),
    ),
    "no balance": (
        reply('{"code":1102,"message":"Insufficient balance","traceId":"aa11bb23"}'),
        refused("1102", "Insufficient balance (traceId aa11bb23)", retry_after=300),
    ),
    "refused with a quoted code": (reply('{"code":"9002"}'), refused("9002", "")),
    "refused with a server error's status": (
        reply('{"code":9001,"message":"System business error"}', 500),
        refused("9001", "System business error", 500),
    ),
    "refused, number and value echoed": (
        reply('{"code":9000,"message":"0900000001: nguyễn an is wrong","traceId":"84900000001"}'),
        refused("9000", "***: *** is wrong"),
    ),
    "429 with seconds": (
        reply("slow down", 429, retry_after="30"),
        refused("http-429", "HTTP 429", 429, retry_after=30.0),
    ),
    "429 without a time": (reply("", 429), refused("http-429", "HTTP 429", 429)),
    "429 with a code": (reply('{"code":9999}', 429, retry_after="5"), refused("9999", "", 429, retry_after=5.0)),
    "HTML of a gateway": (
        reply("<html>84900000001</html>", 502),
        outcome(Verdict.UNKNOWN, 502, text=f"HTTP 502 {_NO_API}"),
    ),
    "empty 200": (reply(""), outcome(Verdict.UNKNOWN, text="HTTP 200 with no body")),
    "empty 500": (reply("", 500), outcome(Verdict.UNKNOWN, 500, text="HTTP 500 with no body")),
    "JSON without a code": (reply('{"message":"ok"}'), outcome(Verdict.UNKNOWN, text=f"HTTP 200 {_NO_API}")),
    "JSON that is no object": (reply("[0]"), outcome(Verdict.UNKNOWN, text=f"HTTP 200 {_NO_API}")),
    "not sent": (NotSent(reason="refused"), outcome(Verdict.NOT_SENT, 0, 0.0, text="refused")),
    "no answer": (NoAnswer(reason="timed out"), outcome(Verdict.UNKNOWN, 0, 0.0, text="timed out")),
}
