"""Where a campaign and its runs stand: counted by the counters of their bulks, which always add up."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from messaging.bulks.progress import count_by_state, estimate_end
from messaging.bulks.reading import BulkView, read_bulk
from messaging.models import Bulk, Campaign, CampaignRun
from tenants.clock import now


class Stand(StrEnum):
    """What people and programs are told."""

    DRAFT = "DRAFT"
    SCHEDULED = "SCHEDULED"
    LOADING = "LOADING"
    PROCESSING = "PROCESSING"
    PAUSED = "PAUSED"
    CANCELED = "CANCELED"
    FINISHED = "FINISHED"
    FAILED = "FAILED"

    @property
    def over(self) -> bool:
        """Return whether nothing will happen any more."""
        return self in (Stand.CANCELED, Stand.FINISHED, Stand.FAILED)


class RunStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One run; `by_state` counts its `total` messages. Times are aware; `eta_at` is when the last will have left."""

    id: int
    bulk_id: UUID
    planned_at: datetime
    state: Stand
    reason: str
    total: int
    by_state: dict[str, int]
    rows: int
    rows_bad: int
    rows_twice: int
    share_loaded: float
    eta_at: datetime | None


class CampaignStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as its last run stands; `run` is None before the first one."""

    id: int
    state: Stand
    run: RunStatus | None

    @property
    def total(self) -> int:
        """Return how many messages the last run has."""
        return self.run.total if self.run else 0

    @property
    def by_state(self) -> dict[str, int]:
        """Return how many of them are in which state."""
        return self.run.by_state if self.run else {}

    @property
    def eta_at(self) -> datetime | None:
        """Return when the last of them will have left, None where nobody can tell."""
        return self.run.eta_at if self.run else None


def status_of(campaign: Campaign) -> CampaignStatus:
    """Return how the campaign stands now."""
    run = campaign.runs.select_related("bulk", "campaign__file").order_by("-planned_at").first()
    last = run_status(run) if run else None
    return CampaignStatus(id=campaign.pk, state=_stand(campaign, last), run=last)


def run_status(run: CampaignRun) -> RunStatus:
    """Return how a run stands now. Raises LookupError where its bulk is gone."""
    bulk = read_bulk(run.tenant_id, run.bulk_id)
    if bulk is None:
        raise LookupError(f"bulk {run.bulk_id} is gone")
    by_state = count_by_state(bulk)
    chunks = run.campaign.file.chunks
    return RunStatus(
        id=run.pk,
        bulk_id=run.bulk_id,
        planned_at=run.planned_at,
        state=_run_stand(run, bulk),
        reason=run.reason or (bulk.state_reason if bulk.state is Bulk.Progress.PAUSED else ""),
        total=sum(by_state.values()),
        by_state={state.word: count for state, count in by_state.items()},
        rows=run.campaign.file.rows,
        rows_bad=run.rows_bad,
        rows_twice=run.rows_twice,
        share_loaded=run.chunks_loaded / chunks if chunks else 1.0,
        eta_at=estimate_end(bulk, by_state),
    )


def _stand(campaign: Campaign, last: RunStatus | None) -> Stand:
    if campaign.state == Campaign.State.DRAFT:
        return Stand.DRAFT
    if campaign.state == Campaign.State.CANCELED:
        return Stand.CANCELED
    if last is not None and not (campaign.recurring and last.state.over):
        return last.state
    return Stand.PAUSED if campaign.state == Campaign.State.PAUSED else Stand.SCHEDULED


def _run_stand(run: CampaignRun, bulk: BulkView) -> Stand:
    if run.state == CampaignRun.State.FAILED:
        return Stand.FAILED
    if run.state == CampaignRun.State.CANCELED or bulk.state is Bulk.Progress.CANCELED:
        return Stand.CANCELED
    if run.state == CampaignRun.State.LOADING:
        return Stand.PAUSED if run.campaign.state == Campaign.State.PAUSED else Stand.LOADING
    if bulk.state is Bulk.Progress.PROCESSING and (bulk.send_at or run.planned_at) > now():
        return Stand.SCHEDULED
    return Stand(bulk.state.value)
