"""What the API answers about bulks, field by field. Times are RFC 3339 in UTC."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.api.shapes import Shape
from messaging.bulks.reading import BulkView
from messaging.intake.request import HaltOn, SendingSpeedLimit, SpeedUnit
from messaging.models import Bulk
from messaging.states import State


class BulkStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Where to bring a bulk: PAUSED, PROCESSING or CANCELED."""

    status: str


class BulkOut(Shape, frozen=True):
    """A bulk as a list shows it. `state` is PROCESSING, PAUSED, CANCELED or FINISHED; `reason` says why it is so where
    nobody asked for it, `reasonDetail` with which numbers."""

    bulk_id: str
    state: str
    reason: str | None
    reason_detail: dict[str, Any] | None
    total: int
    created_at: datetime
    send_at: datetime | None
    delivery_time_window: dict[str, Any] | None
    sending_speed_limit: SendingSpeedLimit | None
    halt_on: HaltOn | None


class BulkDetail(BulkOut, frozen=True):
    """A bulk with its progress: how many messages are in each state, which add up to `total`, and when the last of
    those that wait will have left (`etaAt`, null where nothing waits or nobody can say)."""

    by_state: dict[str, int]
    eta_at: datetime | None


class BulkPage(Shape, frozen=True):
    """A page of bulks; `next` is the path of the next one, null at the end."""

    bulks: list[BulkOut]
    next: str | None


def shown(bulk: BulkView) -> dict[str, Any]:
    """Return the fields that a list and a single bulk have in common."""
    halt = bulk.halt_after_failures
    return {
        "bulk_id": bulk.id.hex,
        "state": bulk.state.value,
        "reason": bulk.state_reason or None if bulk.state is Bulk.Progress.PAUSED else None,
        "reason_detail": bulk.state_detail if bulk.state is Bulk.Progress.PAUSED else None,
        "total": bulk.total,
        "created_at": bulk.created_at,
        "send_at": bulk.send_at,
        "delivery_time_window": bulk.window,
        "sending_speed_limit": (
            SendingSpeedLimit(amount=bulk.speed_amount, time_unit=SpeedUnit(bulk.speed_unit))
            if bulk.speed_amount
            else None
        ),
        "halt_on": HaltOn(failures=halt, percent=bulk.halt_above_percent or 0) if halt else None,
    }


def words(by_state: dict[State, int]) -> dict[str, int]:
    """Return counts by the states' names in the API."""
    return {state.word: count for state, count in by_state.items()}
