"""When a request's messages start and until when they are worth sending."""

from datetime import datetime, timedelta
from typing import NamedTuple

from messaging.intake.errors import Findings
from messaging.intake.request import Options, TimeUnit, ValidityPeriod
from messaging.states import MessageClass
from tenants import clock

LONGEST_VALIDITY = timedelta(hours=48)
OTP_VALIDITY = timedelta(minutes=5)
FARTHEST = timedelta(days=180)
# A client's clock may be behind, and a request may have waited for its connection.
PAST_TOLERANCE = timedelta(minutes=5)

_UNIT = {
    TimeUnit.SECONDS: timedelta(seconds=1),
    TimeUnit.MINUTES: timedelta(minutes=1),
    TimeUnit.HOURS: timedelta(hours=1),
}


class Times(NamedTuple):
    """`send_at` is aware, None for now; `validity` is None where the class decides."""

    send_at: datetime | None
    validity: timedelta | None

    def validity_of(self, message_class: int) -> timedelta:
        """Return how long a message of the class is worth sending, from `send_at` or else from acceptance."""
        if self.validity is not None:
            return self.validity
        return OTP_VALIDITY if message_class == MessageClass.OTP else LONGEST_VALIDITY


def plan(options: Options, findings: Findings) -> Times:
    """Return the times of a request; what is wrong with them goes to `findings`. Reads the clock only for a sendAt."""
    send_at = read_send_at(options.send_at, "options.sendAt", findings) if options.send_at else None
    period = options.validity_period
    validity = read_validity(period, "options.validityPeriod", findings) if period else None
    return Times(send_at, validity)


def read_send_at(wanted: datetime, where: str, findings: Findings) -> datetime | None:
    """Return when to start, None for now; what is wrong with it goes to `findings`. Reads the clock."""
    now = clock.now()
    ahead = wanted - now
    if ahead > FARTHEST:
        latest = (now + FARTHEST).isoformat(timespec="seconds")
        findings.add(where, "too_far", f"sendAt may be at most 180 days ahead, until {latest}.")
    elif ahead < -PAST_TOLERANCE:
        findings.add(where, "in_the_past", "sendAt is more than five minutes in the past.")
    return wanted if ahead > timedelta(0) else None


def read_validity(wanted: ValidityPeriod, where: str, findings: Findings) -> timedelta | None:
    """Return a period; one that is too long goes to `findings`, one whose shape was found wrong is None."""
    if not wanted.amount or not wanted.time_unit:
        return None
    validity = wanted.amount * _UNIT[wanted.time_unit]
    if validity > LONGEST_VALIDITY:
        message = f"{wanted.amount} {wanted.time_unit} is longer than the maximum of 48 hours."
        findings.add(where, "too_long", message)
    return validity
