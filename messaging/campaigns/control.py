"""Steering a campaign while it runs: what is asked of it holds for every run that has not ended.

The campaign's row is written first, its bulks after that: a loader that ends in between reads the row, and whoever is
killed in between asks again.
"""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

import msgspec
import structlog
from django.db import transaction

from messaging.bulks.changing import change_bulk
from messaging.bulks.errors import CannotChange
from messaging.bulks.status import set_status
from messaging.campaigns import schedules
from messaging.campaigns.errors import Conflict
from messaging.models import Bulk, Campaign, CampaignRun
from messaging.policies.pace import Pace

State = Campaign.State
Run = CampaignRun.State
log = structlog.get_logger(__name__)


def pause(tenant_id: int, campaign_id: int, by: str) -> None:
    """Stop what has not left, and further runs. Raises Conflict, or Campaign.DoesNotExist."""
    campaign = _move(tenant_id, campaign_id, State.PAUSED, by)
    _bring(campaign, Bulk.Progress.PAUSED, by)


def resume(tenant_id: int, campaign_id: int, by: str) -> None:
    """Go on, also after the campaign has halted itself. Raises Conflict, or Campaign.DoesNotExist."""
    campaign = _move(tenant_id, campaign_id, State.ACTIVE, by)
    _bring(campaign, Bulk.Progress.PROCESSING, by)


def cancel(tenant_id: int, campaign_id: int, by: str) -> None:
    """End the campaign for good: nothing that has not left will. Raises Campaign.DoesNotExist; safe to repeat."""
    campaign = _move(tenant_id, campaign_id, State.CANCELED, by)
    _bring(campaign, Bulk.Progress.CANCELED, by)


def set_speed(tenant_id: int, campaign_id: int, speed: Pace | None, by: str) -> None:
    """Send at another speed from now on, None for as fast as channels allow; a time to finish by is given up.

    Raises Conflict, Campaign.DoesNotExist, and Refused for a speed at which messages would expire.
    """
    with transaction.atomic():
        campaign = _held(tenant_id, campaign_id)
        if campaign.state == State.CANCELED:
            raise Conflict("The campaign is cancelled.")
        campaign.speed_amount, campaign.finish_within = speed.amount if speed else None, None
        campaign.speed_unit = speed.unit.value if speed else campaign.speed_unit
        campaign.save(update_fields=["speed_amount", "speed_unit", "finish_within"])
        loading = Bulk.objects.filter(run__campaign=campaign, run__state=Run.LOADING)
        loading.update(speed_amount=campaign.speed_amount, speed_unit=campaign.speed_unit)
        limit = {"amount": speed.amount, "timeUnit": speed.unit.value} if speed else None
        for bulk_id in _bulks(campaign, Run.LOADED):
            with suppress(CannotChange):
                change_bulk(tenant_id, bulk_id, msgspec.json.encode({"sendingSpeedLimit": limit}))
    log.info("campaign.steered", tenant=tenant_id, campaign=campaign_id, what="speed", by=by)


ACTIONS: dict[str, Callable[[int, int, str], None]] = {"pause": pause, "resume": resume, "cancel": cancel}


def _held(tenant_id: int, campaign_id: int) -> Campaign:
    return Campaign.objects.select_for_update().get(pk=campaign_id, tenant_id=tenant_id)


@transaction.atomic
def _move(tenant_id: int, campaign_id: int, state: Campaign.State, by: str) -> Campaign:
    """Write what is asked for; runs that are loading read it at the end of their loading."""
    campaign = _held(tenant_id, campaign_id)
    if state != State.CANCELED and campaign.state in (State.DRAFT, State.CANCELED):
        raise Conflict(f"The campaign is {'a draft' if campaign.state == State.DRAFT else 'cancelled'}.")
    campaign.state = state
    campaign.save(update_fields=["state"])
    if campaign.recurring:
        schedules.turn(campaign, state == State.ACTIVE)
    if state == State.CANCELED:
        CampaignRun.objects.filter(campaign=campaign, state=Run.LOADING).update(state=Run.CANCELED)
    log.info("campaign.steered", tenant=tenant_id, campaign=campaign_id, what=state.value, by=by)
    return campaign


def _bring(campaign: Campaign, wanted: Bulk.Progress, by: str) -> None:
    """Bring the bulks of all runs to a state, but those that are over."""
    states = (Run.LOADED, Run.CANCELED) if wanted is Bulk.Progress.CANCELED else (Run.LOADED,)
    for bulk_id in _bulks(campaign, *states):
        with suppress(CannotChange):
            set_status(campaign.tenant_id, bulk_id, wanted, by)


def _bulks(campaign: Campaign, *states: str) -> list[UUID]:
    runs = campaign.runs.filter(state__in=states).order_by("pk")
    return list(runs.values_list("bulk_id", flat=True))
