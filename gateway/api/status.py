"""The states of messages in the vocabulary of Infobip's status object (ids and names: reference infobip.md 10)."""

import msgspec

from messaging.states import State


class Status(msgspec.Struct, frozen=True, rename="camel"):
    """Where a message stands, for programs that know Infobip's groups."""

    group_id: int
    group_name: str
    id: int
    name: str
    description: str


_ROWS = {
    State.QUEUED: (1, "PENDING", 26, "PENDING_ACCEPTED", "Accepted; waits for its turn."),
    State.SENDING: (1, "PENDING", 7, "PENDING_ENROUTE", "On its way to the provider."),
    State.SENT: (1, "PENDING", 3, "PENDING_WAITING_DELIVERY", "Handed to the provider; waits for a receipt."),
    State.UNKNOWN: (1, "PENDING", 3, "PENDING_WAITING_DELIVERY", "The provider's answer is not known; waits for one."),
    State.DELIVERED: (3, "DELIVERED", 5, "DELIVERED_TO_HANDSET", "Arrived at the device."),
    State.SEEN: (3, "DELIVERED", 5, "DELIVERED_TO_HANDSET", "Arrived at the device and was seen."),
    State.UNDELIVERABLE: (2, "UNDELIVERABLE", 9, "UNDELIVERABLE_NOT_DELIVERED", "Could not be delivered."),
    State.EXPIRED: (4, "EXPIRED", 15, "EXPIRED_EXPIRED", "Not delivered within its validity or deadline."),
    State.REJECTED: (5, "REJECTED", 52, "REJECTED_DESTINATION", "Refused; see the reason of its last event."),
    State.CANCELLED: (5, "REJECTED", 21, "REJECTED_SYSTEM_ERROR", "Cancelled before it left."),
}

STATUSES: dict[State, Status] = {state: Status(*row) for state, row in _ROWS.items()}
