"""What NXCloud reports about Zalo messages: one event a request (nxcloud.md section 4)."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from providers.contract import Context, Event, EventKind, Hook
from providers.nxcloud.fields import as_local_time, cost
from providers.nxcloud.hook import check_hook
from providers.zalo.fields import as_int, as_object, as_text, as_time, json_object
from providers.zalo.wording import clean

Fields = Mapping[str, Any]
_NAMES: Final[Mapping[int | None, str]] = {0: "success", 17003: "delivered", 17004: "failed", 17005: "failed"}


def read_events(hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
    """Check where the report came in, then return the one event in it; `secrets` as in the README.

    Raises BadSignature. What is no report, or one with an unknown status, is UNRECOGNISED.
    """
    check_hook(hook, secrets, context)
    fields = json_object(hook.body)
    if fields is None:
        return [Event(kind=EventKind.UNRECOGNISED, name="", key=_digest(hook.body), at=context.now)]
    name = as_text(fields.get("status")) or _NAMES.get(as_int(fields.get("code")), "")
    kind, read = _READERS.get(name, (EventKind.UNRECOGNISED, _nothing))
    request_id = as_text(fields.get("requestId"))
    return [
        Event(
            kind=kind,
            name=name,
            key=_digest(f"{name}\n{request_id}".encode() if request_id and name else hook.body),
            at=_time(fields) or context.now,
            account_id=as_text(fields.get("oaId")),
            leg_id=as_text(fields.get("ext")),
            provider_message_id=request_id,
            data={**read(fields), **_cost(fields)},
        )
    ]


def _digest(same: bytes) -> str:
    return hashlib.blake2b(same, digest_size=16).hexdigest()


def _time(fields: Fields) -> datetime | None:
    return as_local_time(fields.get("sendTime")) or as_time(fields.get("timestamp"))


def _cost(fields: Fields) -> Fields:
    told = as_object(fields.get("cost"))
    return cost(told.get("originalPrice"), told.get("currency"))


def _nothing(_: Fields) -> Fields:
    return {}


def _sent(fields: Fields) -> Fields:
    data = as_object(as_object(fields.get("zaloRes")).get("data"))
    quota = as_object(data.get("quota"))
    daily, remaining = as_int(quota.get("dailyQuota")), as_int(quota.get("remainingQuota"))
    told = {"zalo_message_id": as_text(data.get("msg_id")), "sending_mode": as_text(data.get("sending_mode"))}
    return told if daily is None and remaining is None else {**told, "quota": {"daily": daily, "remaining": remaining}}


def _failed(fields: Fields) -> Fields:
    # Zalo's own number says more than NXCloud's 17004 around it; account codes may come without one.
    zalo = as_object(fields.get("zaloRes"))
    native = as_int(zalo.get("error"))
    code = native or as_int(fields.get("code")) or 17004
    told = as_text(zalo.get("message")) if native else ""
    return {"error_code": str(code), "error": clean(told or as_text(fields.get("message")))}


def _journey(fields: Fields) -> Fields:
    state = "acknowledged" if fields.get("status") == "journey_acknowledged" else "timed_out"
    return {"journey_id": as_text(fields.get("journeyId")), "state": state}


_READERS: Final[Mapping[str, tuple[EventKind, Callable[[Fields], Fields]]]] = {
    "success": (EventKind.SENT, _sent),
    "delivered": (EventKind.DELIVERED, _nothing),
    "failed": (EventKind.FAILED, _failed),
    "journey_acknowledged": (EventKind.JOURNEY, _journey),
    "journey_time_out": (EventKind.JOURNEY, _journey),
}
