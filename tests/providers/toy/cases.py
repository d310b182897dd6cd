"""The toy case by case: a message and the exact body, a reply and the outcome it means."""

from datetime import UTC, datetime

from providers.contract import Call, Context, NoAnswer, NotSent, Outbound, Outcome, Reply, Verdict
from tests.providers.toy.provider.errors import ERRORS

LEG = "0192f0c1a2b37c4d8e9fa0b1c2d3e4f5"
HOOK = "https://gw.example/hooks/toy/t0ken"
CONTEXT = Context(now=datetime(2026, 11, 21, 5, tzinfo=UTC), hook_url=HOOK, timeout=8.0)
CREDENTIALS = {"key": "toy-key"}
PERSONAL = ("84987654321", "Hoàng Anh")
_MESSAGE = Outbound(leg_id=LEG, phone="84987654321", template="car", values={"name": "Hoàng Anh"})
_BODY = f'{{"id":"{LEG}","to":"84987654321","toy":"car","says":{{"name":"Hoàng Anh"}},"report":"{HOOK}"}}'
CALL = Call(
    method="POST",
    url="https://api.toy.example/messages",
    headers=(("Content-Type", "application/json"), ("X-Toy-Key", "toy-key")),
    body=_BODY.encode(),
    legs=(LEG,),
    timeout=8.0,
)
# name -> (message, changed credentials, body)
PACKED = {"plain": (_MESSAGE, dict[str, str](), _BODY)}


def refusal(words: str) -> Reply:
    return Reply(status=400, headers={}, body=f'{{"error":"no_such_person","words":"{words}"}}'.encode())


def _refused(code: str, status: int) -> Outcome:
    row = ERRORS[code]
    return Outcome(leg_id=LEG, verdict=Verdict.REFUSED, error=row, text=row.meaning, http_status=status)


# name -> (response, outcome)
ANSWERED = {
    "accepted": (
        Reply(status=200, headers={}, body=b'{"toyId":"7"}'),
        Outcome(leg_id=LEG, verdict=Verdict.ACCEPTED, provider_message_id="7", http_status=200),
    ),
    "nobody": (refusal(""), _refused("no_such_person", 400)),
    "a code that is not listed": (
        Reply(status=500, headers={}, body=b'{"error":"flat_battery"}'),
        _refused("unlisted", 500),
    ),
    "no JSON": (
        Reply(status=502, headers={}, body=b"<html>"),
        Outcome(leg_id=LEG, verdict=Verdict.UNKNOWN, text="not the toy's answer", http_status=502),
    ),
    "not sent": (NotSent(reason="refused"), Outcome(leg_id=LEG, verdict=Verdict.NOT_SENT, text="refused")),
    "no answer": (NoAnswer(reason="late"), Outcome(leg_id=LEG, verdict=Verdict.UNKNOWN, text="late")),
}
