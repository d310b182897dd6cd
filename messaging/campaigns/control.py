"""Steering a campaign while it runs: what is asked of it holds for every run that has not ended."""

from collections.abc import Callable, Iterable
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F

from messaging.campaigns import schedules
from messaging.campaigns.errors import Conflict
from messaging.campaigns.opening import wake
from messaging.models import Bulk, Campaign, CampaignRun, PaceClock
from messaging.policies.pace import Pace, TimeUnit

State = Campaign.State
Progress = Bulk.Progress
log = structlog.get_logger(__name__)


def pause(tenant_id: int, campaign_id: int, by: str) -> None:
    """Stop what has not left, and further runs. Raises Conflict, or Campaign.DoesNotExist."""
    with transaction.atomic():
        campaign = _held(tenant_id, campaign_id)
        _refuse(campaign, State.DRAFT, State.CANCELED)
        _move(campaign, State.PAUSED, by)
        Bulk.objects.filter(pk__in=_bulks(campaign), state=Progress.PROCESSING).update(
            state=Progress.PAUSED, state_reason=""
        )


def resume(tenant_id: int, campaign_id: int, by: str) -> None:
    """Go on, also after the campaign has halted itself. Raises Conflict, or Campaign.DoesNotExist."""
    with transaction.atomic():
        campaign = _held(tenant_id, campaign_id)
        _refuse(campaign, State.DRAFT, State.CANCELED)
        _move(campaign, State.ACTIVE, by)
        loaded = _bulks(campaign, CampaignRun.State.LOADED)
        for bulk_id in loaded:
            if Bulk.objects.filter(pk=bulk_id, state=Progress.PAUSED).update(
                state=Progress.PROCESSING, state_reason=""
            ):
                wake(bulk_id)


def cancel(tenant_id: int, campaign_id: int, by: str) -> None:
    """End the campaign: nothing that has not left will. Raises Campaign.DoesNotExist; safe to repeat."""
    with transaction.atomic():
        campaign = _held(tenant_id, campaign_id)
        _move(campaign, State.CANCELED, by)
        bulks = _bulks(campaign)
        loading = CampaignRun.objects.filter(campaign=campaign, state=CampaignRun.State.LOADING)
        loading.update(state=CampaignRun.State.CANCELED)
        Bulk.objects.filter(pk__in=bulks).exclude(state=Progress.FINISHED).update(
            state=Progress.CANCELED, state_reason=""
        )


def set_speed(tenant_id: int, campaign_id: int, speed: Pace | None, by: str) -> None:
    """Send at another speed from now on, None for as fast as channels allow. Raises Conflict, Campaign.DoesNotExist."""
    with transaction.atomic():
        campaign = _held(tenant_id, campaign_id)
        _refuse(campaign, State.CANCELED)
        amount = speed.amount if speed else None
        unit = speed.unit.value if speed else campaign.speed_unit
        campaign.speed_amount, campaign.speed_unit, campaign.finish_within = amount, unit, None
        campaign.save(update_fields=["speed_amount", "speed_unit", "finish_within"])
        for bulk_id in _bulks(campaign):
            _pace(bulk_id, speed)
            Bulk.objects.filter(pk=bulk_id).update(speed_amount=amount, speed_unit=unit)
            wake(bulk_id)
        _log("speed", campaign, by)


Action = Callable[[int, int, str], None]
ACTIONS: dict[str, Action] = {"pause": pause, "resume": resume, "cancel": cancel}


def _pace(bulk_id: UUID, speed: Pace | None) -> None:
    """Let the next message leave one interval of the new speed after the last one, not one of the old."""
    amount, unit = Bulk.objects.values_list("speed_amount", "speed_unit").get(pk=bulk_id)
    if speed is None or not amount:
        return
    sooner = Pace(amount, TimeUnit(unit)).interval - speed.interval
    PaceClock.objects.filter(scope="bulk", key=str(bulk_id)).update(next_slot=F("next_slot") - sooner)


def _held(tenant_id: int, campaign_id: int) -> Campaign:
    return Campaign.objects.select_for_update().get(pk=campaign_id, tenant_id=tenant_id)


def _refuse(campaign: Campaign, *states: str) -> None:
    if campaign.state in states:
        raise Conflict(f"The campaign is {State(campaign.state).name.lower()}.")


def _move(campaign: Campaign, state: Campaign.State, by: str) -> None:
    campaign.state = state
    campaign.save(update_fields=["state"])
    if campaign.recurring:
        schedules.turn(campaign, state == State.ACTIVE)
    _log(state.value, campaign, by)


def _log(what: str, campaign: Campaign, by: str) -> None:
    log.info("campaign.steered", tenant=campaign.tenant_id, campaign=campaign.pk, what=what, by=by)


def _bulks(campaign: Campaign, *states: str) -> list[UUID]:
    """Return the bulks of the campaign's runs in these states (loading or loaded where none is named)."""
    wanted: Iterable[str] = states or (CampaignRun.State.LOADING, CampaignRun.State.LOADED)
    return list(campaign.runs.filter(state__in=wanted).order_by("pk").values_list("bulk_id", flat=True))
