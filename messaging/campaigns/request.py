"""What makes a campaign, field by field, whether it comes over the API, a command or a form."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from messaging.intake.request import Moment, Options

NAME = r"^[^\x00-\x1f\x7f]*$(?!\n)"


class Repeats(StrEnum):
    """What becomes of a number that comes again in the file."""

    KEEP_FIRST = "keepFirst"
    SEND_ALL = "sendAll"


class PeriodUnit(StrEnum):
    """Units of longer periods."""

    MINUTES = "MINUTES"
    HOURS = "HOURS"
    DAYS = "DAYS"


_LENGTHS = {
    PeriodUnit.MINUTES: timedelta(minutes=1),
    PeriodUnit.HOURS: timedelta(hours=1),
    PeriodUnit.DAYS: timedelta(days=1),
}


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """Base of the request's parts."""


class Period(_Strict, frozen=True):
    """A length of time."""

    amount: Annotated[int, Meta(ge=1, le=10_000)]
    time_unit: PeriodUnit = PeriodUnit.HOURS

    @property
    def length(self) -> timedelta:
        """Return how long it is."""
        return self.amount * _LENGTHS[self.time_unit]


class Schedule(_Strict, frozen=True):
    """When a campaign runs again and again: a crontab in the tenant's time zone, or a period from its start on."""

    crontab: (
        Annotated[
            str, Meta(min_length=1, max_length=100, description="Minute, hour, day of month, month, day of week.")
        ]
        | None
    ) = None
    every: Period | None = None


class CampaignIn(_Strict, frozen=True):
    """A campaign to be made. `mapping` names the template's parameter for each column of the file; that of the phone
    number is `to`, and a column that bears its parameter's name needs no mapping. The speed follows from `finishBy`,
    or from `finishWithin` of each run's start."""

    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=NAME)]
    template_id: Annotated[str, Meta(min_length=1, max_length=64)]
    file_id: Annotated[str, Meta(min_length=1, max_length=20, description="Of an uploaded file.")] | None = None
    mapping: dict[str, str] | None = None
    duplicates: Repeats = Repeats.KEEP_FIRST
    options: Options | None = None
    schedule: Schedule | None = None
    finish_by: Moment | None = None
    finish_within: Period | None = None
    draft: bool = False


def starts(send_at: datetime | None, at: datetime) -> datetime:
    """Return when a one-off campaign starts that is made at `at`."""
    return max(send_at or at, at)
