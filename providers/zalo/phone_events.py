"""What Zalo reports about phone sends, templates and quotas (zalo-zns-oa.md section 6.2)."""

from collections.abc import Callable, Mapping
from typing import Final

from providers.contract import Event, EventKind
from providers.zalo.fields import as_int, as_list, as_object, as_text, as_time
from providers.zalo.told import Told


def is_phone_receipt(told: Told) -> bool:
    """Return whether a `user_received_message` is of a phone send.

    The chat of an Official Account reports under the same name; only a phone send's receipt has the header or a time.
    """
    return told.by_phone_side or as_time(told.message.get("delivery_time")) is not None


def receipt(told: Told) -> Event:
    """Return the receipt of a phone send; delivered at the time that it names."""
    return Event(
        kind=EventKind.DELIVERED,
        name=told.name,
        key=told.key,
        at=as_time(told.message.get("delivery_time")) or told.at,
        account_id=told.party("sender") or told.account_id,
        leg_id=as_text(told.message.get("tracking_id")),
        provider_message_id=as_text(told.message.get("msg_id")),
    )


def _feedback(told: Told) -> Event:
    message = told.message
    return Event(
        kind=EventKind.FEEDBACK,
        name=told.name,
        key=told.key,
        at=as_time(message.get("submit_time")) or told.at,
        account_id=told.account_id,
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


def _button(told: Told) -> Event:
    message = told.message
    return Event(
        kind=EventKind.BUTTON,
        name=told.name,
        key=told.key,
        at=as_time(message.get("submit_time")) or told.at,
        account_id=told.account_id,
        leg_id=as_text(message.get("tracking_id")),
        provider_message_id=as_text(told.fields.get("msg_id")) or as_text(message.get("msg_id")),
        data={"label": as_text(message.get("data")), "button_type": as_text(message.get("button_type"))},
    )


def _template_status(told: Told) -> Event:
    status = as_object(told.fields.get("status"))
    data = {
        "template_id": as_text(told.fields.get("template_id")),
        "previous": as_text(status.get("prev_status")),
        "status": as_text(status.get("new_status")),
        "reason": as_text(told.fields.get("reason")),
    }
    return told.event(EventKind.TEMPLATE_STATUS, data)


def _template_quality(told: Told) -> Event:
    data = {"template_id": as_text(told.fields.get("template_id")), "quality": as_text(told.fields.get("quality"))}
    return told.event(EventKind.TEMPLATE_QUALITY, data)


def _quota(told: Told) -> Event:
    quota = as_object(told.fields.get("quota"))
    data = {"previous": as_int(quota.get("prev_value")), "daily": as_int(quota.get("new_value"))}
    return told.event(EventKind.QUOTA_CHANGED, data)


def _journey(told: Told) -> Event:
    state = "acknowledged" if told.name == "event_journey_acknowledged" else "timed_out"
    data = {
        "journey_id": as_text(told.fields.get("journey_id")) or as_text(told.fields.get("journeyId")),
        "state": state,
    }
    return told.event(EventKind.JOURNEY, data)


PHONE_EVENTS: Final[Mapping[str, Callable[[Told], Event]]] = {
    "user_feedback": _feedback,
    "user_click_response_button": _button,
    "change_template_status": _template_status,
    "change_template_quality": _template_quality,
    "change_oa_daily_quota": _quota,
    "event_journey_acknowledged": _journey,
    "event_journey_time_out": _journey,
}
