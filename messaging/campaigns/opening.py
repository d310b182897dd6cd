"""The end of loading: the whole run is known, so its speed follows from what it is to be done by, and it goes."""

from typing import Any

import structlog
from django.db import transaction

from messaging.bulks.errors import LOADING
from messaging.bulks.locking import lock_bulk
from messaging.bulks.own_lanes import wake
from messaging.campaigns.finishing import speed_to_finish
from messaging.models import Bulk, Campaign, CampaignRun
from messaging.sql import cursor
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
    _open_bulk(campaign, run)
    log.info(
        "campaign.run_loaded",
        tenant=run.tenant_id,
        campaign=run.campaign_id,
        run=run.pk,
        rows=run.rows_loaded,
        bad=run.rows_bad,
        twice=run.rows_twice,
    )


def _open_bulk(campaign: Campaign, run: CampaignRun) -> None:
    paused = campaign.state == Campaign.State.PAUSED
    changes: dict[str, Any] = {"state": Bulk.Progress.PAUSED if paused else Bulk.Progress.PROCESSING}
    with cursor() as sql:
        lock_bulk(sql, run.tenant_id, run.bulk_id)
        speed = speed_to_finish(sql, campaign, run)
        if speed is not None:
            changes |= {"speed_amount": speed.amount, "speed_unit": speed.unit.value}
        # A bulk that was cancelled meanwhile by itself stays so.
        waiting = Bulk.objects.filter(pk=run.bulk_id, state=Bulk.Progress.PAUSED, state_reason=LOADING)
        if waiting.update(state_reason="", **changes) and not paused:
            wake(sql, run.bulk_id)
