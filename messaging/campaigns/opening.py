"""The end of loading: the whole run is known, so its speed follows from what it is to be done by, and it goes."""

from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from messaging.campaigns.finishing import speed_to_finish
from messaging.dispatch import bell
from messaging.models import Bulk, Campaign, CampaignRun, Lane
from tenants.clock import now

log = structlog.get_logger(__name__)


@transaction.atomic
def open_run(run_id: int) -> None:
    """Let a run go whose last piece is loaded; safe to repeat. It stays paused where a person has paused it."""
    campaign = Campaign.objects.select_for_update().filter(runs=run_id).first()
    run = (
        CampaignRun.objects.select_for_update(of=("self",))
        .select_related("bulk", "campaign__file")
        .filter(pk=run_id, state=CampaignRun.State.LOADING)
        .first()
    )
    if campaign is None or run is None or run.chunks_loaded < run.campaign.file.chunks:
        return
    run.state, run.loaded_at = CampaignRun.State.LOADED, now()
    run.save(update_fields=["state", "loaded_at"])
    paused = campaign.state == Campaign.State.PAUSED
    changes: dict[str, Any] = {
        "state": Bulk.Progress.PAUSED if paused else Bulk.Progress.PROCESSING,
        "state_reason": "",
    }
    if run.rows_loaded == 0:
        changes["state"] = Bulk.Progress.FINISHED
    speed = speed_to_finish(campaign, run)
    if speed is not None:
        changes |= {"speed_amount": speed.amount, "speed_unit": speed.unit.value}
    Bulk.objects.filter(pk=run.bulk_id).update(**changes)
    if not paused:
        wake(run.bulk_id)
    log.info(
        "campaign.run_loaded", tenant=run.tenant_id, campaign=run.campaign_id, run=run.pk, rows=run.rows_loaded,
        bad=run.rows_bad, twice=run.rows_twice,
    )  # fmt: skip


def wake(bulk_id: UUID) -> None:
    """Let the lanes of a bulk be looked at again at once; rings at commit."""
    lanes = Lane.objects.filter(bulk_id=bulk_id).order_by("pk")
    lanes.update(next_at=now())
    rung = list(lanes.values_list("pk", "message_class"))
    transaction.on_commit(lambda: bell.ring(rung))
