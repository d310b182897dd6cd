"""Legs and events of one message."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from messaging.explain.holds import holds_of
from messaging.models import Leg, TimelineEvent
from messaging.queries.messages import MessageView
from messaging.states import State
from tenants.models import Channel


class LegView(NamedTuple):
    """One step of the route taken by a message."""

    n: int
    channel: str
    state: State
    attempts: int
    provider_message_id: str
    sent_at: datetime | None
    delivered_at: datetime | None
    seen_at: datetime | None
    deadline_at: datetime | None
    error_code: str
    reason: str
    cost: Decimal | None
    currency: str


class EventView(NamedTuple):
    """One line of a timeline; `at` is aware."""

    at: datetime
    type: str
    reason: str
    detail: dict[str, Any] | None


def legs_of(message: MessageView) -> list[LegView]:
    """Return the message's legs in their order."""
    rows = list(Leg.objects.filter(message_id=message.id, tenant_id=message.tenant_id).order_by("n"))
    names = dict(Channel.objects.filter(id__in={row.channel_id for row in rows}).values_list("id", "name"))
    return [
        LegView(
            n=row.n,
            channel=names.get(row.channel_id, ""),
            state=State.SENDING if row.state == State.QUEUED and message.state == State.SENDING else State(row.state),
            attempts=row.attempts,
            provider_message_id=row.provider_message_id,
            sent_at=row.sent_at,
            delivered_at=row.delivered_at,
            seen_at=row.seen_at,
            deadline_at=row.deadline_at,
            error_code=row.error_code,
            reason=row.reason,
            cost=row.cost,
            currency=row.currency,
        )
        for row in rows
    ]


def timeline_of(message: MessageView) -> list[EventView]:
    """Return the message's events, oldest first: its acceptance, told by the message itself, its stored lines, and the
    holds of its lanes while it waited there."""
    accepted = EventView(message.accepted_at, "accepted", "", _accepted_detail(message))
    rows = TimelineEvent.objects.filter(message_id=message.id, tenant_id=message.tenant_id).order_by("n")
    lines = [EventView(row.at, row.type, row.reason, row.detail) for row in rows]
    held = [EventView(hold.at, "held", hold.reason, hold.detail) for hold in holds_of(message, lines)]
    return [accepted, *_between(held, lines)]


def _between(held: list[EventView], lines: list[EventView]) -> Iterator[EventView]:
    """Yield the lines in their order, each hold before the first line that is younger."""
    rest = deque(held)
    for line in lines:
        while rest and rest[0].at <= line.at:
            yield rest.popleft()
        yield line
    yield from rest


def _accepted_detail(message: MessageView) -> dict[str, Any] | None:
    return {"sendAt": message.send_at.isoformat()} if message.send_at else None
