"""The bytes in which each provider tells a code: answers to a send, and reports about a message that was accepted."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from providers.contract import Call, Context, Event, Hook, Outcome, Reply
from providers.registry import provider

# Codes that mean several things are told apart by Zalo's words.
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "-32-oa": ("-32", "OA has reached the limit of calls per minute"),
    "-100-unknown": ("-100", "Unknown error"),
    "-201-user": ("-201", "user_id is invalid!"),
    "-223-article": ("-223", "Quota of article exceeded"),
}
GROUPS: Final = {"PENDING": 1, "UNDELIVERABLE": 2, "DELIVERED": 3, "EXPIRED": 4, "REJECTED": 5}
CONTEXT: Final = Context(now=datetime.now(UTC))
SECRETS: Final = {"hook_token": "t0ken"}
_json = msgspec.json.encode


def answered(kind: str, code: str, leg: str) -> Outcome:
    """Return the outcome of a send of one leg that is answered with `code`."""
    call = Call(method="POST", url="http://127.0.0.1/", body=b"{}", legs=(leg,))
    status, body = _answer(kind, code, leg)
    (outcome,) = provider(kind).unpack(call, Reply(status=status, headers={}, body=body))
    return outcome


def reported(kind: str, code: str, leg: str) -> Sequence[Event]:
    """Return the events of a report that tells `code` of a leg."""
    body = urlencode(_sms_report(code, leg)).encode() if kind == "nxcloud_sms" else _json(_report(kind, code, leg))
    hook = Hook(method="POST", path=f"/hooks/{kind}/t0ken", headers={}, body=body)
    return provider(kind).read_events(hook, SECRETS, CONTEXT)


def _answer(kind: str, code: str, leg: str) -> tuple[int, bytes]:
    if code.lower().startswith("http"):
        return int(code[5:8].replace("XX", "00")), b""
    if kind == "mini_app":
        return 200, _json({"err": int(code), "msg": "said"})
    if kind == "nxcloud":
        return 200, _json({"code": int(code), "message": "said"})
    if kind == "nxcloud_sms":
        return 200, _json({"code": code, "result": "said", "messageid": ""})
    if kind.startswith("infobip"):
        return 200, _json({"messages": [{"messageId": leg, "status": _status(code)}]})
    number, words = WORDS.get(code, (code, "said"))
    return 200, _json({"error": int(number), "message": words})


def _status(name: str) -> dict[str, Any]:
    group = next((group for group in GROUPS if name.startswith(group)), _BY_NAME.get(name, "REJECTED"))
    return {"groupId": GROUPS[group], "groupName": group, "name": name, "description": "said"}


_BY_NAME: Final = {"MESSAGE_ACCEPTED": "PENDING", "SIGNALS_BLOCKED": "REJECTED"}


def _report(kind: str, code: str, leg: str) -> dict[str, Any]:
    if kind == "nxcloud":
        number = int(code)
        zalo = {"zaloRes": {"error": number, "message": "said", "data": None}} if number < 0 else {}
        status = {17003: "delivered", 17006: "journey_acknowledged", 17007: "journey_time_out"}.get(number, "failed")
        told = 17004 if number < 0 else number
        return {"status": status, "code": told, "message": "said", "requestId": f"r-{leg}", "ext": leg, **zalo}
    named = code[0].isalpha()
    told_status = _status(code if named else "UNDELIVERABLE_NOT_DELIVERED")
    error = {} if named else {"error": {"id": int(code), "permanent": True}}
    return {"results": [{"bulkId": "b", "messageId": leg, "to": "84900000001", "status": told_status, **error}]}


_SMS_STATUSES: Final = {
    "DELIVRD": "2",
    "UNDELIV": "5",
    "REJECTD": "6",
    "EXPIRED": "7",
    "DELETED": "8",
    "DND": "9",
    "ESME_RINVDSTADR": "10",
    "ESME_RINVSRCADR": "11",
    "UNKNOWN": "12",
}


def _sms_report(name: str, leg: str) -> dict[str, str]:
    return {"status": _SMS_STATUSES[name], "result": name, "messageid": f"m-{leg}", "ext": leg}
