"""What the API answers, field by field. Times are RFC 3339 in UTC."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.api.status import Status


class Shape(msgspec.Struct, frozen=True, rename="camel", kw_only=True, gc=False):
    """Base of the answers."""


class SmsParts(Shape, frozen=True):
    """How the SMS that follows would be sent: GSM-7 or UCS-2, and in how many parts."""

    encoding: str
    parts: int


class AcceptedMessage(Shape, frozen=True):
    """A message just accepted; `sms` where one follows, with `warnings` about it."""

    message_id: str
    to: str
    state: str
    final: bool
    status: Status
    sms: SmsParts | msgspec.UnsetType = msgspec.UNSET
    warnings: list[str] | msgspec.UnsetType = msgspec.UNSET


class AcceptedBulk(Shape, frozen=True):
    """What a call stored."""

    bulk_id: str
    messages: list[AcceptedMessage]


class Money(Shape, frozen=True):
    """An amount as a decimal string."""

    amount: str
    currency: str


class LegOut(Shape, frozen=True):
    """One step of the route taken by a message."""

    channel: str
    state: str
    attempts: int
    provider_message_id: str | None
    sent_at: datetime | None
    delivered_at: datetime | None
    seen_at: datetime | None
    deadline_at: datetime | None
    error_code: str | None
    reason: str | None
    cost: Money | None


class EventOut(Shape, frozen=True):
    """One line of a message's timeline."""

    at: datetime
    type: str
    reason: str | None
    detail: dict[str, Any] | None


class WaitingOut(Shape, frozen=True):
    """Why a message does not go on at this moment; without `until` a person or the provider decides.

    Reasons are those of `held` events, and SEND_AT (its own time), PACE (`until` is an estimate), TURN (others are
    before it), ANSWER (a call is under way), RECEIPT (handed over; `until` is the deadline).
    """

    reason: str
    until: datetime | None
    detail: dict[str, Any]


class MessageOut(Shape, frozen=True):
    """A message as a list shows it."""

    message_id: str
    bulk_id: str
    to: str | None
    state: str
    final: bool
    status: Status
    message_class: str = msgspec.field(name="class")
    template_id: str | None
    reference: str | None
    entity_id: str | None
    application_id: str | None
    test: bool
    reason: str | None
    accepted_at: datetime
    send_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None


class MessageDetail(MessageOut, frozen=True):
    """A message with its way so far; `templateData` only where it is revealed."""

    waiting_for: WaitingOut | None
    legs: list[LegOut]
    events: list[EventOut]
    template_data: dict[str, str] | msgspec.UnsetType | None = msgspec.UNSET


class MessagePage(Shape, frozen=True):
    """A page of messages; `next` is the path of the next one, null at the end."""

    messages: list[MessageOut]
    next: str | None


class ProblemField(Shape, frozen=True):
    """One bad field of a request."""

    field: str
    code: str
    message: str


class ProblemOut(Shape, frozen=True):
    """Problem details (RFC 9457); `errors` lists at most 100 of `errorCount` bad fields."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemField] | msgspec.UnsetType = msgspec.UNSET
    error_count: int | msgspec.UnsetType = msgspec.UNSET
