"""Rows as the API shows them."""

from typing import Any

from gateway.api.shapes import EventOut, LegOut, MessageDetail, MessageOut, Money, SmsParts, WaitingOut
from gateway.api.status import STATUSES
from messaging.content import mask_phone
from messaging.explain.waiting import waiting_for
from messaging.queries.messages import MessageView
from messaging.queries.timeline import legs_of, timeline_of
from messaging.states import MessageClass
from tenants.texts.length import Length


def summary(message: MessageView, *, reveal: bool = False) -> MessageOut:
    """Return a message as a list shows it."""
    return MessageOut(**_common(message, reveal))


def detail(message: MessageView, *, reveal: bool = False) -> MessageDetail:
    """Return a message with its legs and timeline."""
    fields = _common(message, reveal)
    if reveal:
        fields["template_data"] = message.values()
    legs = [
        LegOut(
            channel=leg.channel,
            state=leg.state.word,
            attempts=leg.attempts,
            provider_message_id=leg.provider_message_id or None,
            sent_at=leg.sent_at,
            delivered_at=leg.delivered_at,
            seen_at=leg.seen_at,
            deadline_at=leg.deadline_at,
            error_code=leg.error_code or None,
            reason=leg.reason or None,
            cost=Money(amount=str(leg.cost), currency=leg.currency) if leg.cost is not None else None,
        )
        for leg in legs_of(message)
    ]
    events = [
        EventOut(at=event.at, type=event.type, reason=event.reason or None, detail=event.detail)
        for event in timeline_of(message)
    ]
    waiting = waiting_for(message)
    return MessageDetail(
        legs=legs, events=events, waiting_for=WaitingOut(**waiting._asdict()) if waiting is not None else None, **fields
    )


def sms_parts(length: Length | None) -> SmsParts | None:
    """Return how an SMS of this length is sent."""
    return SmsParts(encoding=length.parts.encoding, parts=length.parts.count) if length else None


def _common(message: MessageView, reveal: bool) -> dict[str, Any]:
    phone = message.phone()
    return {
        "message_id": message.client_id or message.id.hex,
        "bulk_id": message.bulk_id.hex,
        "to": phone if reveal or phone is None else mask_phone(phone),
        "state": message.state.word,
        "final": message.ended_at is not None,
        "status": STATUSES[message.state],
        "message_class": MessageClass(message.message_class).queue,
        "template_id": message.template_code,
        "reference": message.reference,
        "entity_id": message.entity_id,
        "application_id": message.application_id,
        "test": message.test,
        "reason": message.reason or None,
        "accepted_at": message.accepted_at,
        "send_at": message.send_at,
        "expires_at": message.expires_at,
        "ended_at": message.ended_at,
    }
