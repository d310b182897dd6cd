"""Texts case by case: a message and the exact request it becomes, a reply and the outcome it means."""

from datetime import UTC, datetime
from typing import Any

from providers.contract import Call, Context, Headers, NoAnswer, NotSent, Outbound, Outcome, Reply, Verdict
from providers.nxcloud_sms.errors import ERRORS

LEG = "0192f0c1a2b37c4d8e9fa0b1c2d3e4f5"
HOOK = "https://gw.example/hooks/nxcloud_sms/9f2c"
# 1767225600000 in milliseconds since the epoch; the first of January at eight in the morning at NXCloud.
CONTEXT = Context(now=datetime(2026, 1, 1, tzinfo=UTC), hook_url=HOOK, timeout=8.0)
CREDENTIALS = {"access_key": "AKdemo01", "access_secret": "secretDemo", "appkey": "appdemo1", "secretkey": "sk&1"}
V1, V2 = "https://api.nxcloud.com/v1/sms/mt", "https://api2.nxcloud.com/api/sms/mtsend_v2"
FORM_URL = "https://api2.nxcloud.com/api/sms/mtsend"
TYPE = ("Content-Type", "application/json")
FORM = ("Content-Type", "application/x-www-form-urlencoded")


def message(**changed: Any) -> Outbound:
    given: dict[str, Any] = {"leg_id": LEG, "phone": "84987654321", "text": "Mã của bạn: 482913", "sender": "SaoMai"}
    return Outbound(**(given | changed))


def signed(sign: str, *more: tuple[str, str]) -> Headers:
    return (
        ("accessKey", "AKdemo01"),
        ("action", "mtsend"),
        ("bizType", "3"),
        ("ts", "1767225600000"),
        ("sign", sign),
        *more,
        TYPE,
    )


_HEAD = '{"appKey":"appdemo1","phone":"84987654321","content":"Mã của bạn: 482913",'
_TAIL = f'"sysMessageId":"{LEG}","drUrl":"{HOOK}","ext":"{LEG}"}}'
_PLAIN = f'{_HEAD}"sourceAddress":"SaoMai",{_TAIL}'
_FORM = (
    "appkey=appdemo1&secretkey=sk%261&phone=84987654321&content=M%C3%A3+c%E1%BB%A7a+b%E1%BA%A1n%3A+482913"
    f"&source_address=SaoMai&sys_messageid={LEG}&dr_url=https%3A%2F%2Fgw.example%2Fhooks%2Fnxcloud_sms%2F9f2c&ext={LEG}"
)

# name -> (message, changed credentials, changed context, URL, headers, body); digests made with md5sum and sha256sum.
PACKED: dict[str, tuple[Outbound, dict[str, str], dict[str, Any], str, Headers, str]] = {
    "newest": (message(), {}, {}, V1, signed("8b46efe85bdc1e879541c2d8590427b5"), _PLAIN),
    "newest, named": (message(), {"api": "v1"}, {}, V1, signed("8b46efe85bdc1e879541c2d8590427b5"), _PLAIN),
    "second": (message(), {"api": "v2"}, {}, V2, signed("8b46efe85bdc1e879541c2d8590427b5"), _PLAIN),
    "form": (message(), {"api": "form"}, {}, FORM_URL, (FORM,), _FORM),
    "sha256": (
        message(),
        {"algorithm": "sha256"},
        {},
        V1,
        signed("21b6bfe10bcb3f42f4e025d5493bc7e9cbbeb54e5ad2882a901db053bb007031", ("algorithm", "sha256")),
        _PLAIN,
    ),
    "no sender": (message(sender=""), {}, {}, V1, signed("a84ccfb42efddac678cd3c89a8d362e7"), f"{_HEAD}{_TAIL}"),
    "composed accents, no address for reports": (
        message(text="Ma\u0303 của bạn: 482913"),
        {},
        {"hook_url": ""},
        V1,
        signed("2f8df9b574fad157a5a789750548d2b7"),
        f'{_HEAD}"sourceAddress":"SaoMai","sysMessageId":"{LEG}","ext":"{LEG}"}}',
    ),
    "another host": (
        message(),
        {"api": "form", "host": "api.nxcloud.com"},
        {},
        "https://api.nxcloud.com/api/sms/mtsend",
        (FORM,),
        _FORM,
    ),
}

CALL = Call(method="POST", url=V1, headers=(TYPE,), body=_PLAIN.encode(), legs=(LEG,), timeout=8.0)
FORM_CALL = Call(method="POST", url=FORM_URL, headers=(FORM,), body=_FORM.encode(), legs=(LEG,), timeout=8.0)


def reply(body: str, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, headers=named, body=body.encode(), elapsed=0.25)


# What a call carries of its person, and a refusal in any words: what the words echo is to be masked.
PERSONAL = ("84987654321", "Mã của bạn: 482913")


def refusal(words: str) -> Reply:
    return reply(f'{{"code":6,"message":"{words}"}}')


def outcome(verdict: Verdict, http_status: int = 200, elapsed: float = 0.25, **more: Any) -> Outcome:
    return Outcome(leg_id=LEG, verdict=verdict, http_status=http_status, elapsed=elapsed, **more)


def refused(code: str, text: str, http_status: int = 200, **more: Any) -> Outcome:
    return outcome(Verdict.REFUSED, http_status, error=ERRORS[code], text=text, **more)


def _accepted(message_id: str, text: str = "") -> Outcome:
    return outcome(Verdict.ACCEPTED, provider_message_id=message_id, text=text)


_NO_API = "with a body that is no answer of the API"

# name -> (response, outcome)
ANSWERED: dict[str, tuple[Reply | NotSent | NoAnswer, Outcome]] = {
    "accepted by the older APIs": (
        reply('{"result":"request success","messageid":"m-1","code":"0"}'),
        _accepted("m-1"),
    ),
    "accepted by the newest": (
        reply('{"code":0,"message":"Success","data":{"messageId":"m-2"},"traceId":"ab12cd34"}'),
        _accepted("m-2", "(traceId ab12cd34)"),
    ),
    "accepted, the id beside the code": (reply('{"code":0,"messageId":"m-3"}'), _accepted("m-3")),
    "accepted, the id in small letters in data": (reply('{"code":0,"data":{"messageid":4}}'), _accepted("4")),
    "accepted without an id": (reply('{"code":"0","messageid":""}'), _accepted("")),
    "already there": (reply('{"code":"26","result":"duplicate","messageid":""}'), _accepted("")),
    "refused, code a text": (
        reply('{"result":"invalid sender","messageid":"","code":"8"}'),
        refused("8", "invalid sender"),
    ),
    "refused, code a number": (reply('{"code":4,"message":"banned words"}'), refused("4", "banned words")),
    "no balance": (reply('{"code":"3"}'), refused("3", "", retry_after=300)),
    "too many to one number": (reply('{"code":"27"}'), refused("27", "", retry_after=3600)),
    "an account's code": (reply('{"code":1100,"message":"x"}'), refused("1100", "x")),
    "a server error with a code": (
        reply('{"code":"99","result":"system error"}', 500),
        refused("99", "system error", 500),
    ),
    "number and text echoed": (
        reply('{"code":6,"message":"0987654321: mã của bạn: 482913, +84 987 654 321, 482913"}'),
        refused("6", "***: ***, ***, ***"),
    ),
    "429 with seconds": (
        reply("slow down", 429, retry_after="30"),
        refused("http-429", "HTTP 429", 429, retry_after=30.0),
    ),
    "HTML of a gateway": (reply("<html>", 502), outcome(Verdict.UNKNOWN, 502, text=f"HTTP 502 {_NO_API}")),
    "empty 200": (reply(""), outcome(Verdict.UNKNOWN, text="HTTP 200 with no body")),
    "JSON without a code": (reply('{"messageid":"m"}'), outcome(Verdict.UNKNOWN, text=f"HTTP 200 {_NO_API}")),
    "not sent": (NotSent(reason="refused"), outcome(Verdict.NOT_SENT, 0, 0.0, text="refused")),
    "no answer": (NoAnswer(reason="timed out"), outcome(Verdict.UNKNOWN, 0, 0.0, text="timed out")),
}
