"""The states of a message and its legs, and the one table of what may follow what (DESIGN section 4, States)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageClass(models.IntegerChoices):
    """Decides priority, hours and limits; a smaller number is a higher class. Two bits of every leg id hold it."""

    OTP = 1, _("one-time password")
    TRANSACTIONAL = 2, _("transactional")
    PROMOTIONAL = 3, _("promotional")

    @property
    def queue(self) -> str:
        """Return the name of the class in the API, which is also that of its Celery queue."""
        return self.name.lower()


class State(models.IntegerChoices):
    """Where a message or leg stands. SENDING is never stored: a leased due row says it."""

    QUEUED = 0, _("queued")
    SENDING = 1, _("sending")
    SENT = 2, _("sent")
    DELIVERED = 3, _("delivered")
    SEEN = 4, _("seen")
    UNKNOWN = 5, _("unknown")
    REJECTED = 6, _("rejected")
    UNDELIVERABLE = 7, _("undeliverable")
    EXPIRED = 8, _("expired")
    CANCELLED = 9, _("cancelled")

    @property
    def word(self) -> str:
        """Return the state as the API writes it."""
        return self.name.lower()


_S = State
_ENDS = {_S.REJECTED, _S.UNDELIVERABLE, _S.EXPIRED}
_RECEIPTS = {_S.DELIVERED, _S.SEEN}

TRANSITIONS: dict[State, frozenset[State]] = {
    _S.QUEUED: frozenset({_S.QUEUED, _S.SENT, _S.UNKNOWN, _S.CANCELLED, *_RECEIPTS, *_ENDS}),
    _S.SENT: frozenset({_S.QUEUED, *_RECEIPTS, *_ENDS}),
    _S.UNKNOWN: frozenset({_S.QUEUED, _S.SENT, *_RECEIPTS, *_ENDS}),
    _S.UNDELIVERABLE: frozenset(_RECEIPTS),
    _S.EXPIRED: frozenset(_RECEIPTS),
    _S.DELIVERED: frozenset({_S.SEEN}),
    _S.SEEN: frozenset(),
    _S.REJECTED: frozenset(),
    _S.CANCELLED: frozenset(),
}


def sources(target: State) -> list[int]:
    """Return the states from which `target` may be reached, for the WHERE of a set statement."""
    return [int(state) for state, targets in TRANSITIONS.items() if target in targets]


class Phase(models.IntegerChoices):
    """What a due row waits for."""

    READY = 0, "its turn in the lane"
    SENDING = 1, "the answer to a call under way, until the lease ends"
    AWAITING = 2, "a receipt, until the deadline"
    UNKNOWN = 3, "a receipt that settles an unknown outcome"
    ASKING = 4, "the answer to a status question under way, until the lease ends"
