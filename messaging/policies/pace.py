"""Pace: slots at least one interval apart, shared by all workers through one stored time each.

A pace is never above its limit in any sliding unit: two slots are never closer than unit / amount and a hundredth, and
no slot is used later than a hundredth of the unit. It holds no credit: slots that passed unused are gone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

import msgspec

MICROSECOND = timedelta(microseconds=1)
# In hundredths: how far slots are apart so that one used late does not crowd those after it.
APART = 101


class TimeUnit(StrEnum):
    """Units of a sending speed."""

    SECOND = "SECOND"
    MINUTE = "MINUTE"
    HOUR = "HOUR"
    DAY = "DAY"

    @property
    def length(self) -> timedelta:
        """Return how long the unit is."""
        return _LENGTHS[self]


_LENGTHS = {
    TimeUnit.SECOND: timedelta(seconds=1),
    TimeUnit.MINUTE: timedelta(minutes=1),
    TimeUnit.HOUR: timedelta(hours=1),
    TimeUnit.DAY: timedelta(days=1),
}


class Pace(msgspec.Struct, frozen=True):
    """At most `amount` releases in any sliding `unit`."""

    amount: int
    unit: TimeUnit

    @property
    def interval(self) -> timedelta:
        """Return the time between two slots, rounded up to a microsecond so that it never allows more."""
        return timedelta(microseconds=ceil(self.unit.length // MICROSECOND * APART / (self.amount * 100)))

    @property
    def patience(self) -> timedelta:
        """Return how late a slot may still be used: a hundredth of the unit."""
        return self.unit.length / 100


class Meter(msgspec.Struct):
    """One pace with its stored time: `next_slot` (aware) is the earliest next release. `first_only` spares retries."""

    interval: timedelta
    next_slot: datetime
    first_only: bool = False


def take_slots(meters: Sequence[Meter], firsts: Sequence[bool], now: datetime, until: datetime) -> list[datetime]:
    """Give slots to messages in their order, moving the meters on; return the release times, perhaps fewer than asked.

    `firsts` tells of each message whether it is a first attempt. A slot lies at or after `now` and before `until`; the
    first message that would come later ends the list.
    """
    slots: list[datetime] = []
    for first in firsts:
        counted = [meter for meter in meters if first or not meter.first_only]
        slot = max((meter.next_slot for meter in counted), default=now)
        slot = max(slot, now)
        if slot >= until:
            break
        for meter in counted:
            meter.next_slot = slot + meter.interval
        slots.append(slot)
    return slots


def next_free(meters: Sequence[Meter], now: datetime) -> datetime:
    """Return when the next slot of a first attempt lies."""
    return max([now, *(meter.next_slot for meter in meters)])
