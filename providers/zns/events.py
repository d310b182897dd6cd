"""What Zalo reports at the webhook about phone sends and templates (zalo-zns-oa.md sections 6.1 and 6.2)."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from providers.contract import BadSignature, Context, Event, EventKind, Hook
from providers.zalo.fields import as_int, as_list, as_object, as_text, as_time, json_object
from providers.zalo.oa_events import OA_EVENTS
from providers.zalo.signature import SIGNATURE_HEADER, verify_event

_SERVER_HEADER: Final = "x-zevent-server"

Fields = Mapping[str, Any]


def read_events(hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
    """Verify the signature over the raw body, then return the one event in it.

    `secrets` holds `app_id` and `oa_secret_key`. Raises BadSignature, also for a body that is no JSON object and so
    cannot be verified. Events of the Official Account's chat are IGNORED, unknown ones UNRECOGNISED.
    """
    fields = json_object(hook.body)
    if fields is None:
        raise BadSignature("the body is no JSON object, so it has no timestamp to verify with")
    timestamp = as_text(fields.get("timestamp"))
    verify_event(
        hook.headers.get(SIGNATURE_HEADER, ""),
        secrets.get("app_id", ""),
        hook.body,
        timestamp,
        secrets.get("oa_secret_key", ""),
    )
    name = as_text(fields.get("event_name"))
    told_at = as_time(timestamp) or context.now
    key = _key(name, fields, timestamp, hook.body)
    if name == "user_received_message":
        return [_receipt(hook, fields, key, told_at)]
    if read := _READERS.get(name):
        return [read(name, fields, key, told_at)]
    kind = EventKind.IGNORED if name in OA_EVENTS else EventKind.UNRECOGNISED
    return [Event(kind=kind, name=name, key=key, at=told_at, account_id=_account(fields))]


def _key(name: str, fields: Fields, timestamp: str, body: bytes) -> str:
    message = as_object(fields.get("message"))
    sent = as_text(message.get("msg_id")) or as_text(fields.get("msg_id")) or as_text(message.get("tracking_id"))
    same = f"{name}\n{sent}\n{timestamp}".encode() if sent and timestamp else body
    return hashlib.blake2b(same, digest_size=16).hexdigest()


def _receipt(hook: Hook, fields: Fields, key: str, told_at: datetime) -> Event:
    # The chat of an Official Account reports under the same name; only a phone send's receipt has this header or time.
    message = as_object(fields.get("message"))
    delivered_at = as_time(message.get("delivery_time"))
    if delivered_at is None and hook.headers.get(_SERVER_HEADER, "").strip().upper() != "ZNS":
        return Event(kind=EventKind.IGNORED, name="user_received_message", key=key, at=told_at)
    return Event(
        kind=EventKind.DELIVERED,
        name="user_received_message",
        key=key,
        at=delivered_at or told_at,
        account_id=as_text(as_object(fields.get("sender")).get("id")) or _account(fields),
        leg_id=as_text(message.get("tracking_id")),
        provider_message_id=as_text(message.get("msg_id")),
    )


def _feedback(name: str, fields: Fields, key: str, told_at: datetime) -> Event:
    message = as_object(fields.get("message"))
    return Event(
        kind=EventKind.FEEDBACK,
        name=name,
        key=key,
        at=as_time(message.get("submit_time")) or told_at,
        account_id=_account(fields),
        leg_id=as_text(message.get("tracking_id")),
        provider_message_id=as_text(message.get("msg_id")),
        data={
            "rate": as_int(message.get("rate")),
            "note": as_text(message.get("note")),
            "feedbacks": [as_text(feedback) for feedback in as_list(message.get("feedbacks"))],
            "rating_type": as_text(message.get("rating_type")),
            "option": as_text(message.get("option")),
        },
    )


def _button(name: str, fields: Fields, key: str, told_at: datetime) -> Event:
    message = as_object(fields.get("message"))
    return Event(
        kind=EventKind.BUTTON,
        name=name,
        key=key,
        at=as_time(message.get("submit_time")) or told_at,
        account_id=_account(fields),
        leg_id=as_text(message.get("tracking_id")),
        provider_message_id=as_text(fields.get("msg_id")) or as_text(message.get("msg_id")),
        data={"label": as_text(message.get("data")), "button_type": as_text(message.get("button_type"))},
    )


def _template_status(name: str, fields: Fields, key: str, told_at: datetime) -> Event:
    status = as_object(fields.get("status"))
    data = {
        "template_id": as_text(fields.get("template_id")),
        "previous": as_text(status.get("prev_status")),
        "status": as_text(status.get("new_status")),
        "reason": as_text(fields.get("reason")),
    }
    return _of_account(EventKind.TEMPLATE_STATUS, name, fields, key, told_at, data)


def _template_quality(name: str, fields: Fields, key: str, told_at: datetime) -> Event:
    data = {"template_id": as_text(fields.get("template_id")), "quality": as_text(fields.get("quality"))}
    return _of_account(EventKind.TEMPLATE_QUALITY, name, fields, key, told_at, data)


def _quota(name: str, fields: Fields, key: str, told_at: datetime) -> Event:
    quota = as_object(fields.get("quota"))
    data = {"previous": as_int(quota.get("prev_value")), "daily": as_int(quota.get("new_value"))}
    return _of_account(EventKind.QUOTA_CHANGED, name, fields, key, told_at, data)


def _journey(name: str, fields: Fields, key: str, told_at: datetime) -> Event:
    state = "acknowledged" if name == "event_journey_acknowledged" else "timed_out"
    data = {"journey_id": as_text(fields.get("journey_id")) or as_text(fields.get("journeyId")), "state": state}
    return _of_account(EventKind.JOURNEY, name, fields, key, told_at, data)


def _of_account(kind: EventKind, name: str, fields: Fields, key: str, at: datetime, data: Fields) -> Event:
    return Event(kind=kind, name=name, key=key, at=at, account_id=_account(fields), data=data)


def _account(fields: Fields) -> str:
    return as_text(fields.get("oa_id")) or as_text(fields.get("oaId"))


_READERS: Final[Mapping[str, Callable[[str, Fields, str, datetime], Event]]] = {
    "user_feedback": _feedback,
    "user_click_response_button": _button,
    "change_template_status": _template_status,
    "change_template_quality": _template_quality,
    "change_oa_daily_quota": _quota,
    "event_journey_acknowledged": _journey,
    "event_journey_time_out": _journey,
}
