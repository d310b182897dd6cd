"""A campaign is made: everything that can be known before the first row is loaded is checked here."""

from collections.abc import Mapping
from datetime import datetime
from itertools import repeat

import msgspec
from django.db import transaction

from messaging.campaigns import schedules
from messaging.campaigns.checking import NotSendable, RowChecker
from messaging.campaigns.errors import Conflict
from messaging.campaigns.files import FIRST_ROW, read_row
from messaging.campaigns.mapping import complete
from messaging.campaigns.request import CampaignIn, starts
from messaging.campaigns.runs import begin_run
from messaging.intake import times
from messaging.intake.errors import Findings
from messaging.intake.plans import check_plan
from messaging.intake.request import Options
from messaging.intake.resolve import DEFAULT_ROUTE
from messaging.intake.steering import Steering, read_steering
from messaging.intake.times import Times
from messaging.models import Campaign, RecipientFile, Template
from messaging.states import MessageClass
from tenants.clock import now
from tenants.models import RateUnit, Route
from tenants.texts.rendering import parameters_of


@transaction.atomic
def create(
    tenant_id: int, wanted: CampaignIn, file: RecipientFile, by: str, *, test: bool, findings: Findings | None = None
) -> Campaign:
    """Return the campaign, started unless it is to be a draft; `findings` holds what decoding found.

    Raises Refused naming every bad field; then nothing is stored.
    """
    findings = findings or Findings()
    at, options = now(), wanted.options or Options()
    template = Template.objects.filter(tenant_id=tenant_id, code=wanted.template_id or "").first()
    if template is None:
        findings.add("templateId", "not_found", "There is no such template.")
    route = Route.objects.filter(tenant_id=tenant_id, name=options.route or DEFAULT_ROUTE).first()
    if route is None:
        findings.add("options.route", "not_found", "There is no such route.")
    mapping = complete(wanted.mapping or {}, file.columns, template, findings)
    planned, steering = times.plan(options, findings), read_steering(options, findings)
    _check_times(wanted, options, planned, at, findings)
    _check_sms(options, mapping, findings)
    findings.raise_if_any()
    campaign = _campaign(wanted, options, planned, steering, at)
    campaign.tenant_id, campaign.file, campaign.mapping, campaign.test = tenant_id, file, mapping, test
    campaign.template, campaign.route, campaign.created_by = template, route, by  # type: ignore[assignment]  # found
    _check_sendable(campaign, planned, steering, findings)
    findings.raise_if_any()
    campaign.save(force_insert=True)
    if not wanted.draft:
        start_campaign(campaign)
    return campaign


@transaction.atomic
def start_campaign(campaign: Campaign) -> None:
    """Let a draft begin: its run loads at once, or its schedule starts. Raises Conflict where it has begun."""
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if held.state != Campaign.State.DRAFT:
        raise Conflict("The campaign was started before.")
    at = now()
    held.state, held.started_at = Campaign.State.ACTIVE, at
    held.save(update_fields=["state", "started_at"])
    if held.recurring:
        schedules.store(held)
    else:
        begin_run(held, starts(held.send_at, at))
    campaign.state, campaign.started_at = held.state, held.started_at


def _campaign(wanted: CampaignIn, options: Options, planned: Times, steering: Steering, at: datetime) -> Campaign:
    """Return what was asked for as an unsaved row, without what it refers to."""
    schedule, within = wanted.schedule, wanted.finish_within
    finish = wanted.finish_by - starts(planned.send_at, at) if wanted.finish_by else None
    wanted_class, speed, halt, platform = options.message_class, steering.speed, steering.halt, options.platform
    return Campaign(
        name=wanted.name,
        duplicates=wanted.duplicates.value,
        message_class=int(MessageClass[wanted_class.name]) if wanted_class else None,
        send_at=planned.send_at,
        crontab=(schedule.crontab or "") if schedule else "",
        every=int(schedule.every.length.total_seconds()) if schedule and schedule.every else None,
        finish_within=finish or (within.length if within else None),
        window=steering.window,
        speed_amount=speed.amount if speed else None,
        speed_unit=speed.unit.value if speed else RateUnit.MINUTE.value,
        validity=planned.validity,
        halt_after_failures=halt.failures if halt else None,
        halt_above_percent=halt.percent if halt else None,
        sms_failover=msgspec.to_builtins(options.sms_failover) if options.sms_failover else None,
        remove_diacritics=bool(options.remove_diacritics),
        entity_id=(platform.entity_id or "") if platform else "",
        application_id=(platform.application_id or "") if platform else "",
        created_at=at,
    )


def _check_times(wanted: CampaignIn, options: Options, planned: Times, at: datetime, findings: Findings) -> None:
    schedule, start = wanted.schedule, starts(planned.send_at, at)
    if schedule is not None:
        schedules.check(schedule, findings)
        if options.send_at is not None:
            findings.add("options.sendAt", "conflict", "A recurring campaign has a schedule instead of sendAt.")
        if wanted.finish_by is not None:
            findings.add("finishBy", "conflict", "A recurring campaign has finishWithin instead of finishBy.")
    if wanted.finish_by is not None and wanted.finish_within is not None:
        findings.add("finishBy", "conflict", "Give one of finishBy and finishWithin.")
    if wanted.finish_by is not None and wanted.finish_by <= start:
        findings.add("finishBy", "in_the_past", "finishBy must lie after the start.")
    if (wanted.finish_by or wanted.finish_within) and options.sending_speed_limit:
        findings.add("options.sendingSpeedLimit", "conflict", "The speed follows from the time to finish by.")


def _check_sms(options: Options, mapping: Mapping[str, str], findings: Findings) -> None:
    """Note a parameter in the text of the SMS that no column of the file holds."""
    wanted = options.sms_failover
    unknown = set(parameters_of(wanted.text)) - set(mapping.values()) if wanted and wanted.text else set()
    for name in sorted(unknown):
        field = "options.smsFailover.text"
        findings.add(field, "unknown_parameter", f"{field} names {name}, which no column is mapped to.")


def _check_sendable(campaign: Campaign, planned: Times, steering: Steering, findings: Findings) -> None:
    """Look at the first row for what would stop them all, and at the plan of a one-off campaign as if all were good."""
    try:
        checker = RowChecker(campaign)
        row = read_row(campaign.file, FIRST_ROW) or []
        checker.check_row(FIRST_ROW, row)
    except NotSendable as error:
        findings.add(error.field, error.code, str(error))
        return
    message_class = campaign.message_class or campaign.template.message_class
    validity = planned.validity_of(message_class)
    if campaign.finish_within is not None and campaign.finish_within > validity:
        message = f"The messages expire {validity} after the start, before the time to finish by."
        findings.add("finishBy", "cannot_be_met", message)
    if not campaign.recurring:
        validator = checker.validator
        classes = repeat(message_class, campaign.file.rows)
        check_plan(validator.catalogue, validator.route, steering, planned, classes, findings)
