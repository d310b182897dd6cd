"""Zalo through Infobip case by case: messages and the exact request, a reply and the outcome it means."""

from datetime import UTC, datetime
from typing import Any

from providers.contract import Call, Context, Headers, NoAnswer, NotSent, Outbound, Outcome, Reply, Verdict
from providers.infobip.errors import ERRORS

LEG = "0192f0c1a2b37c4d8e9fa0b1c2d3e4f5"
SECOND = "b" * 32
HOOK_URL = "https://gw.example/hooks/infobip/t0ken"
CONTEXT = Context(now=datetime(2026, 11, 21, 5, tzinfo=UTC), hook_url=HOOK_URL, timeout=8.0)
CREDENTIALS = {"api_key": "k3y", "sender": "1234567890123456789"}
APP = ("Authorization", "App k3y")
ACCEPT = ("Accept", "application/json")
JSON = ("Content-Type", "application/json")
URL = "https://api.infobip.com/zalo/2/messages"


def message(**changed: Any) -> Outbound:
    given: dict[str, Any] = {
        "leg_id": LEG,
        "phone": "84987654321",
        "template": "100200",
        "values": {"name": "Nguyễn An", "code": "A-1"},
    }
    return Outbound(**(given | changed))


_DATA = '"templateData":{"name":"Nguyễn An","code":"A-1"}'
_DELIVERY = f'{{"url":"{HOOK_URL}","intermediateReport":false,"notify":true}}'
HOOK = f'"webhooks":{{"delivery":{_DELIVERY},"contentType":"application/json"}}'
TRACKING = '"options":{"tracking":{"shortenUrl":false,"trackClicks":false}}'


def element(to: str = "84987654321", options: str = "", leg: str = LEG, data: str = _DATA) -> str:
    return (
        f'{{"sender":"1234567890123456789","destinations":[{{"to":"{to}","messageId":"{leg}"}}],'
        f'"content":{{"type":"TEMPLATE","templateName":100200,{data}}},{options}{HOOK}}}'
    )


def body(*elements: str) -> str:
    return f'{{"messages":[{",".join(elements)}],{TRACKING}}}'


_PLAIN = body(element())
_BASIC = ("Authorization", "Basic dTpw")

# name -> (message, changed credentials, URL, headers, body)
PACKED: dict[str, tuple[Outbound, dict[str, str], str, Headers, str]] = {
    "plain": (message(), {}, URL, (APP, ACCEPT, JSON), _PLAIN),
    "an account's own host": (
        message(),
        {"base_url": "https://x1y2z.api.infobip.com/"},
        "https://x1y2z.api.infobip.com/zalo/2/messages",
        (APP, ACCEPT, JSON),
        _PLAIN,
    ),
    "a host with a prefix": (
        message(),
        {"base_url": "x1y2z.api.infobip.com/eu"},
        "https://x1y2z.api.infobip.com/eu/zalo/2/messages",
        (APP, ACCEPT, JSON),
        _PLAIN,
    ),
    "a host that is not Infobip's is not given the key": (
        message(),
        {"base_url": "https://api.infobip.com.evil.example"},
        URL,
        (APP, ACCEPT, JSON),
        _PLAIN,
    ),
    "user and password": (
        message(),
        {"api_key": "", "username": "u", "password": "p"},
        URL,
        (_BASIC, ACCEPT, JSON),
        _PLAIN,
    ),
    "a token": (
        message(),
        {"api_key": "", "access_token": "t"},
        URL,
        (("Authorization", "Bearer t"), ACCEPT, JSON),
        _PLAIN,
    ),
    "a person of the Official Account": (
        message(phone="", oa_user_id="2512523625412515"),
        {},
        URL,
        (APP, ACCEPT, JSON),
        body(element("2512523625412515")),
    ),
    "what remains of the validity, rounded down": (
        message(valid_for=1799.9),
        {},
        URL,
        (APP, ACCEPT, JSON),
        body(element(options='"options":{"validityPeriod":{"amount":1799,"timeUnit":"SECONDS"}},')),
    ),
    "a validity is at least a second": (
        message(valid_for=0.2),
        {},
        URL,
        (APP, ACCEPT, JSON),
        body(element(options='"options":{"validityPeriod":{"amount":1,"timeUnit":"SECONDS"}},')),
    ),
    "a validity is at most 48 hours": (
        message(valid_for=1_000_000.0),
        {},
        URL,
        (APP, ACCEPT, JSON),
        body(element(options='"options":{"validityPeriod":{"amount":172800,"timeUnit":"SECONDS"}},')),
    ),
    "platform ids": (
        message(entity_id="tenant-7", application_id="prod"),
        {},
        URL,
        (APP, ACCEPT, JSON),
        body(element(options='"options":{"platform":{"entityId":"tenant-7","applicationId":"prod"}},')),
    ),
    "one platform id": (
        message(application_id="prod"),
        {},
        URL,
        (APP, ACCEPT, JSON),
        body(element(options='"options":{"platform":{"applicationId":"prod"}},')),
    ),
    "sending over the limit": (
        message(sending_mode="3"),
        {},
        URL,
        (APP, ACCEPT, JSON),
        body(element(options='"options":{"sendingMode":"OVER_THE_LIMIT"},')),
    ),
    "composed accents and quotes": (
        message(values={"name": 'Hoa\u0300ng "A"\n'}),
        {},
        URL,
        (APP, ACCEPT, JSON),
        body(element(data='"templateData":{"name":"Ho\u00e0ng \\"A\\"\\n"}')),
    ),
    "our own policies are not forwarded": (
        message(extra={"deliveryTimeWindow": {"days": ["MONDAY"]}, "smsFailover": {"text": "x"}}),
        {},
        URL,
        (APP, ACCEPT, JSON),
        _PLAIN,
    ),
}

CALL = Call(
    method="POST",
    url=URL,
    headers=(APP, ACCEPT, JSON),
    body=body(element(), element("84912345678", leg=SECOND)).encode(),
    legs=(LEG, SECOND),
    timeout=8.0,
)
ONE = Call(method="POST", url=URL, headers=CALL.headers, body=_PLAIN.encode(), legs=(LEG,), timeout=8.0)


def reply(body: str, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, headers=named, body=body.encode(), elapsed=0.25)


def answered(status: str, error: str = "") -> str:
    return f'{{"bulkId":"b","messages":[{{"messageId":"{LEG}","destination":"84987654321","status":{status}{error}}}]}}'


# What a call carries of its person, and a refusal in any words: what the words echo is to be masked.
PERSONAL = ("84987654321", "Nguyễn An")


def refusal(words: str) -> Reply:
    return reply(answered(f'{{"groupId":5,"name":"REJECTED_DESTINATION","description":"{words}"}}'))


def outcome(verdict: Verdict, http_status: int = 200, elapsed: float = 0.25, **more: Any) -> Outcome:
    if verdict in (Verdict.ACCEPTED, Verdict.UNKNOWN):
        more["provider_message_id"] = LEG
    return Outcome(leg_id=LEG, verdict=verdict, http_status=http_status, elapsed=elapsed, **more)


def refused(code: str, text: str, http_status: int = 200, **more: Any) -> Outcome:
    return outcome(Verdict.REFUSED, http_status, error=ERRORS[code], text=text, **more)


_ENROUTE = '{"groupId":1,"groupName":"PENDING","id":7,"name":"PENDING_ENROUTE","description":"Message sent"}'
_NOTHING = "with a body that settles nothing"

# name -> (response, outcome of the one leg of ONE)
ANSWERED: dict[str, tuple[Reply | NotSent | NoAnswer, Outcome]] = {
    "accepted": (reply(answered(_ENROUTE)), outcome(Verdict.ACCEPTED)),
    "accepted by the group's number alone": (reply(answered('{"groupId":1}')), outcome(Verdict.ACCEPTED)),
    "accepted under another field of the recipient": (
        reply(answered(_ENROUTE).replace("destination", "to")),
        outcome(Verdict.ACCEPTED),
    ),
    "accepted before": (
        reply(answered('{"groupId":5,"groupName":"REJECTED","id":23,"name":"REJECTED_DUPLICATE_MESSAGE_ID"}')),
        outcome(Verdict.ACCEPTED, text="REJECTED_DUPLICATE_MESSAGE_ID"),
    ),
    "refused within a 200": (
        reply(answered('{"groupId":5,"groupName":"REJECTED","name":"REJECTED_SOURCE","description":"Invalid Source"}')),
        refused("REJECTED_SOURCE", "Invalid Source"),
    ),
    "refused for lack of credit, to be tried in a quarter of an hour": (
        reply(answered('{"groupId":5,"name":"REJECTED_NOT_ENOUGH_CREDITS","description":"Not enough credits"}')),
        refused("REJECTED_NOT_ENOUGH_CREDITS", "Not enough credits", retry_after=900),
    ),
    "refused with an error beside a vague status": (
        reply(
            answered(
                '{"groupId":2,"name":"UNDELIVERABLE_NOT_DELIVERED"}', ',"error":{"id":7002,"name":"EC_UNKNOWN_USER"}'
            )
        ),
        refused("EC_UNKNOWN_USER", "UNDELIVERABLE_NOT_DELIVERED"),
    ),
    "refused, number and value echoed": (
        reply(
            answered('{"groupId":5,"name":"REJECTED_DESTINATION","description":"0987654321 of nguyễn an is invalid"}')
        ),
        refused("REJECTED_DESTINATION", "*** of *** is invalid"),
    ),
    "a report that never came": (
        reply(answered('{"groupId":4,"name":"EXPIRED_DLR_UNKNOWN"}')),
        outcome(Verdict.UNKNOWN, text="EXPIRED_DLR_UNKNOWN"),
    ),
    "no status": (
        reply(answered("null")),
        outcome(Verdict.UNKNOWN, text="the answer tells no status that is known"),
    ),
    "another message": (
        reply(answered(_ENROUTE).replace(LEG, SECOND)),
        outcome(Verdict.UNKNOWN, text="the answer does not name the message"),
    ),
    "bad request in the newer envelope": (
        reply(
            '{"errorCode":"E400","description":"Request cannot be processed.","violations":'
            '[{"property":"messages[0].content","violation":"must not be null"}]}',
            400,
        ),
        refused("HTTP_400", "messages[0].content: must not be null", 400),
    ),
    "bad request in the older envelope": (
        reply(
            '{"requestError":{"serviceException":{"messageId":"BAD_REQUEST","text":"Bad request",'
            '"validationErrors":{"messages[0].deliveryTimeWindow.days":["must not be empty"]}}}}',
            400,
        ),
        refused("HTTP_400", "messages[0].deliveryTimeWindow.days: must not be empty", 400),
    ),
    "bad request, no message named": (
        reply('{"errorCode":"E400","description":"No.","violations":[{"property":"options","violation":"bad"}]}', 400),
        refused("HTTP_400", "E400: No.; options: bad", 400),
    ),
    "a bad key": (
        reply('{"errorCode":"E401","description":"Unauthorized"}', 401),
        refused("HTTP_401", "E401: Unauthorized", 401),
    ),
    "a key without the scope": (
        reply('{"requestError":{"serviceException":{"messageId":"FORBIDDEN","text":"Forbidden"}}}', 403),
        refused("HTTP_403", "FORBIDDEN: Forbidden", 403),
    ),
    "a wrong path": (reply("<html>", 404), refused("HTTP_404", "HTTP 404", 404)),
    "too many calls, with a time": (
        reply('{"errorCode":"E429","description":"Slow down"}', 429, retry_after="30"),
        refused("HTTP_429", "E429: Slow down", 429, retry_after=30.0),
    ),
    "too many calls, without a time": (reply("", 429), refused("HTTP_429", "HTTP 429", 429)),
    "a slow request": (reply("", 408), outcome(Verdict.UNKNOWN, 408, text="HTTP 408 with no body")),
    "a redirect": (reply("x", 302), outcome(Verdict.UNKNOWN, 302, text=f"HTTP 302 {_NOTHING}")),
    "a fault of theirs": (
        reply('{"errorCode":"E500","description":"Something went wrong"}', 500),
        outcome(Verdict.UNKNOWN, 500, text=f"HTTP 500 {_NOTHING}"),
    ),
    "HTML of a gateway": (
        reply("<html>84987654321</html>", 502),
        outcome(Verdict.UNKNOWN, 502, text=f"HTTP 502 {_NOTHING}"),
    ),
    "empty 200": (reply(""), outcome(Verdict.UNKNOWN, text="HTTP 200 with no body")),
    "JSON without messages": (reply('{"bulkId":"b"}'), outcome(Verdict.UNKNOWN, text=f"HTTP 200 {_NOTHING}")),
    "not sent": (NotSent(reason="refused"), outcome(Verdict.NOT_SENT, 0, 0.0, text="refused")),
    "no answer": (NoAnswer(reason="timed out"), outcome(Verdict.UNKNOWN, 0, 0.0, text="timed out")),
}
