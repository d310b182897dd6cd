"""What the API takes and answers about campaigns, field by field. Times are RFC 3339 in UTC."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from gateway.api.shapes import Shape, SmsParts
from messaging.campaigns.request import NAME
from messaging.campaigns.status import RunStatus, status_of
from messaging.intake.request import SendingSpeedLimit, SpeedUnit
from messaging.models import Campaign, RecipientFile


class RecipientFileOut(Shape, frozen=True):
    """A file of recipients: its columns, and how many rows below their names hold something."""

    file_id: str
    name: str
    columns: list[str]
    rows: int
    created_at: datetime


class RowsOut(Shape, frozen=True):
    """What became of the file's rows: `loaded` became messages, `bad` are in the report of problems, `duplicates` have
    the number of an earlier row. `loadedPercent` says how far loading is."""

    total: int
    loaded: int
    bad: int
    duplicates: int
    loaded_percent: float


class RunOut(Shape, frozen=True):
    """One run of a campaign: one bulk. `byState` counts its messages and adds up to `total`; `etaAt` is when the last
    of them will have left, null where nothing waits or nobody can say."""

    run_id: str
    bulk_id: str
    planned_at: datetime
    state: str
    reason: str | None
    total: int
    by_state: dict[str, int]
    rows: RowsOut
    eta_at: datetime | None


class CampaignOut(Shape, frozen=True):
    """A campaign. `state` is DRAFT, SCHEDULED, LOADING, PROCESSING, PAUSED, CANCELED, FINISHED or FAILED."""

    campaign_id: str
    name: str
    state: str
    template_id: str
    route: str
    file_id: str
    test: bool
    created_at: datetime
    send_at: datetime | None
    crontab: str | None
    every_seconds: int | None
    sending_speed_limit: SendingSpeedLimit | None


class CampaignDetail(CampaignOut, frozen=True):
    """A campaign with its latest runs, newest first."""

    runs: list[RunOut]


class CampaignPage(Shape, frozen=True):
    """A page of campaigns; `next` is the path of the next one, null at the end."""

    campaigns: list[CampaignOut]
    next: str | None


class ProblemRow(Shape, frozen=True):
    """Why a row becomes no message."""

    row: int
    column: str | None
    code: str
    message: str


class PreviewOut(Shape, frozen=True):
    """What a row would become: the values of its message, the channel it would take first and when it could leave.

    `sms` tells how the SMS that follows would be sent, null where none does.
    """

    row: int
    to: str | None
    template_data: dict[str, str]
    channel: str
    leaves_at: datetime | None
    sms: SmsParts | None
    problems: list[ProblemRow]


class TestSent(Shape, frozen=True):
    """The message of a test."""

    message_id: str


class CampaignStatusIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Where to bring a campaign: PROCESSING (which also starts a draft), PAUSED or CANCELED."""

    status: Annotated[str, Meta(max_length=20)]


class CampaignChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What to change while it runs; null takes the limit away."""

    sending_speed_limit: SendingSpeedLimit | None


class TestIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A test: a row's message to a number of one's own."""

    to: Annotated[str, Meta(min_length=1, max_length=40, pattern=NAME)]
    row: Annotated[int, Meta(ge=2, le=10_000_000)] = 2


def file_out(file: RecipientFile) -> RecipientFileOut:
    """Return a file as it is answered."""
    return RecipientFileOut(
        file_id=str(file.pk), name=file.name, columns=file.columns, rows=file.rows, created_at=file.created_at
    )


def run_out(status: RunStatus) -> RunOut:
    """Return a run as it is answered."""
    return RunOut(
        run_id=str(status.id),
        bulk_id=status.bulk_id.hex,
        planned_at=status.planned_at,
        state=status.state.value,
        reason=status.reason or None,
        total=status.total,
        by_state=status.by_state,
        rows=RowsOut(
            total=status.rows,
            loaded=status.total,
            bad=status.rows_bad,
            duplicates=status.rows_twice,
            loaded_percent=round(100 * status.share_loaded, 1),
        ),
        eta_at=status.eta_at,
    )


def fields_of(campaign: Campaign) -> dict[str, object]:
    """Return what a list and a single campaign have in common."""
    speed = campaign.speed_amount
    return {
        "campaign_id": str(campaign.pk),
        "name": campaign.name,
        "state": status_of(campaign).state.value,
        "template_id": campaign.template.code,
        "route": campaign.route.name,
        "file_id": str(campaign.file_id),
        "test": campaign.test,
        "created_at": campaign.created_at,
        "send_at": campaign.send_at,
        "crontab": campaign.crontab or None,
        "every_seconds": campaign.every,
        "sending_speed_limit": (
            SendingSpeedLimit(amount=speed, time_unit=SpeedUnit(campaign.speed_unit)) if speed else None
        ),
    }
