"""What beat rings for: runs that are due, and runs whose loader was lost."""

from datetime import timedelta

import structlog

from messaging.campaigns import schedules
from messaging.campaigns.runs import ask_to_load, begin_run
from messaging.models import Campaign, CampaignRun
from tenants.clock import now

log = structlog.get_logger(__name__)
# A run that has just begun has its task under way.
PATIENCE = timedelta(seconds=10)


def begin_planned_run(campaign_id: int) -> CampaignRun | None:
    """Begin the run of a recurring campaign whose time has come; None where none is due or it has begun."""
    campaign = Campaign.objects.select_related("tenant").filter(pk=campaign_id, state=Campaign.State.ACTIVE).first()
    if campaign is None or not campaign.recurring or not campaign.tenant.is_active:
        return None
    planned_at = schedules.planned_time(campaign, now())
    return begin_run(campaign, planned_at) if planned_at is not None else None


def look_after_campaigns() -> list[int]:
    """Ask for the loading of every run that is not loaded; return their ids. Who is being loaded is left alone."""
    loading = CampaignRun.objects.filter(state=CampaignRun.State.LOADING, created_at__lt=now() - PATIENCE)
    waiting = list(loading.order_by("pk").values_list("pk", flat=True))
    for run_id in waiting:
        ask_to_load(run_id)
    return waiting
