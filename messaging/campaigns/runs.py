"""Runs begin: one bulk for each planned time of a campaign, whoever asks and however often."""

from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from messaging.bulks.errors import LOADING
from messaging.ids import lowest_id
from messaging.intake.accept import new_bulk_id
from messaging.models import Bulk, Campaign, CampaignRun
from tenants.clock import now

LOAD = "messaging.load_campaign_run"
# Ids are made by this machine's clock, bounds of them may not be later.
_DRIFT = timedelta(minutes=1)

log = structlog.get_logger(__name__)


@transaction.atomic
def begin_run(campaign: Campaign, planned_at: datetime) -> CampaignRun | None:
    """Return the new run of the campaign planned at that time (aware), None where there is one already.

    Its bulk is paused while it loads; loading is asked for at commit.
    """
    at = now()
    bulk = Bulk(
        id=new_bulk_id(),
        tenant_id=campaign.tenant_id,
        total=0,
        first_id=lowest_id(at - _DRIFT),
        last_id=lowest_id(at - _DRIFT),
        created_at=at,
        state=Bulk.Progress.PAUSED,
        state_reason=LOADING,
        counted=True,
        send_at=planned_at if planned_at > at else None,
        window=campaign.window,
        speed_amount=campaign.speed_amount,
        speed_unit=campaign.speed_unit,
        halt_after_failures=campaign.halt_after_failures,
        halt_above_percent=campaign.halt_above_percent,
    )
    run = CampaignRun(campaign=campaign, tenant_id=campaign.tenant_id, planned_at=planned_at, bulk=bulk, created_at=at)
    if not _claim_time(run, bulk):
        return None
    run = CampaignRun.objects.get(campaign=campaign, planned_at=planned_at)
    transaction.on_commit(lambda: ask_to_load(run.pk))
    log.info("campaign.run_began", tenant=campaign.tenant_id, campaign=campaign.pk, run=run.pk, bulk=bulk.pk.hex)
    return run


def _claim_time(run: CampaignRun, bulk: Bulk) -> bool:
    """Write both rows unless the time is taken. Two who try at once wait for each other at the unique index."""
    bulk.save(force_insert=True)
    CampaignRun.objects.bulk_create([run], ignore_conflicts=True)
    if CampaignRun.objects.filter(campaign=run.campaign, planned_at=run.planned_at, bulk=bulk).exists():
        return True
    bulk.delete()
    return False


def ask_to_load(run_id: int) -> None:
    """Have some upkeep worker go on loading. Never raises for a lost broker: the upkeep asks again."""
    try:
        current_app.send_task(LOAD, (run_id,), retry=False, expires=60)
    except (OperationalError, OSError) as error:
        log.warning("bell.lost", error=type(error).__name__)
