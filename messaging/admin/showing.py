"""How states, times and numbers look to people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from messaging.content import mask_phone, open_recipient
from messaging.models import Message
from messaging.states import State
from tenants import data_keys

COLOURS: Final = {
    State.QUEUED: "info",
    State.SENDING: "info",
    State.SENT: "primary",
    State.DELIVERED: "success",
    State.SEEN: "success",
    State.UNKNOWN: "warning",
    State.REJECTED: "danger",
    State.UNDELIVERABLE: "danger",
    State.EXPIRED: "warning",
    State.CANCELLED: "default",
}
NOT_LEFT: Final = (State.QUEUED, State.SENDING)
LABELS: Final = {state.word: colour for state, colour in COLOURS.items()}


def moment(at: datetime | None, zone: str) -> str:
    """Return a time to the second in `zone`, written so that nobody takes the day for the month."""
    if at is None:
        return "—"
    return f"{timezone.localtime(at, ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


def bar(by_state: Mapping[State, int], total: int) -> list[dict[str, Any]]:
    """Return the pieces of a bar of `total` messages (word, count, percent, colour), what has not left at its end."""
    whole = max(total, 1)
    return [
        {
            "word": str(state.label),
            "count": count,
            "percent": round(100 * count / whole, 2),
            "colour": "base" if state is State.QUEUED else COLOURS[state],
        }
        for state, count in sorted(by_state.items(), key=lambda one: (one[0] in NOT_LEFT, one[0] is State.QUEUED))
    ]


def masked(message: Message) -> str:
    """Return the recipient with its middle hidden, a dash where it was erased."""
    if message.recipient is None:
        return "—"
    try:
        key = data_keys.content_key_by_id(message.data_key_id)
    except data_keys.KeyGone:
        return "—"
    return mask_phone(open_recipient(key, message.id, bytes(message.recipient)))


def state_of(message: Any) -> State:
    """Return where a listed message stands; `under_way` says that a call for it is."""
    state = State(message.state)
    return State.SENDING if state is State.QUEUED and message.under_way else state
