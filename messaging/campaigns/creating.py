"""A campaign is made: everything that can be known before the first row is loaded is checked here."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction

from messaging.campaigns import schedules
from messaging.campaigns.checking import RECIPIENT, NotSendable, RowChecker
from messaging.campaigns.errors import Conflict
from messaging.campaigns.files import FIRST_ROW, read_row
from messaging.campaigns.runs import begin_run
from messaging.intake.errors import Findings
from messaging.intake.resolve import DEFAULT_ROUTE
from messaging.intake.times import FARTHEST, LONGEST_VALIDITY, PAST_TOLERANCE
from messaging.models import Campaign, RecipientFile, Template
from messaging.policies.pace import Pace
from tenants.clock import now
from tenants.models import Route


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """What a campaign is to be; times are aware, `mapping` is {column: parameter}.

    A parameter that no column is mapped to is taken from the column of its own name, if there is one.
    """

    name: str
    template: str
    file: RecipientFile
    mapping: Mapping[str, str] = {}
    route: str = DEFAULT_ROUTE
    message_class: int | None = None
    test: bool = False
    duplicates: str = Campaign.Duplicates.KEEP_FIRST.value
    send_at: datetime | None = None
    crontab: str = ""
    every: timedelta | None = None
    finish_by: datetime | None = None
    finish_within: timedelta | None = None
    window: dict[str, Any] | None = None
    speed: Pace | None = None
    validity: timedelta | None = None
    halt_after_failures: int | None = None
    halt_above_percent: int | None = None


@transaction.atomic
def create(tenant_id: int, spec: Spec, by: str, *, draft: bool = False) -> Campaign:
    """Return the campaign, started unless it is a draft. Raises Refused naming every bad field."""
    findings = Findings()
    at = now()
    template = Template.objects.filter(tenant_id=tenant_id, code=spec.template).first()
    if template is None:
        findings.add("templateId", "not_found", "There is no such template.")
    route = Route.objects.filter(tenant_id=tenant_id, name=spec.route).first()
    if route is None:
        findings.add("options.route", "not_found", "There is no such route.")
    mapping = complete(spec.mapping, spec.file.columns, template, findings)
    _check_times(spec, at, findings)
    findings.raise_if_any()
    start = spec.send_at or at
    within = spec.finish_by - start if spec.finish_by else spec.finish_within
    campaign = Campaign(
        tenant_id=tenant_id,
        name=spec.name,
        template=template,
        route=route,
        file=spec.file,
        mapping=mapping,
        duplicates=spec.duplicates,
        message_class=spec.message_class,
        test=spec.test,
        send_at=spec.send_at,
        crontab=spec.crontab,
        every=int(spec.every.total_seconds()) if spec.every else None,
        finish_within=within,
        window=spec.window,
        speed_amount=spec.speed.amount if spec.speed else None,
        speed_unit=spec.speed.unit.value if spec.speed else "MINUTE",
        validity=spec.validity,
        halt_after_failures=spec.halt_after_failures,
        halt_above_percent=spec.halt_above_percent,
        created_at=at,
        created_by=by,
    )
    _check_sendable(campaign, findings)
    findings.raise_if_any()
    campaign.save(force_insert=True)
    if not draft:
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
        begin_run(held, max(held.send_at or at, at))
    campaign.state, campaign.started_at = held.state, held.started_at


def complete(
    given: Mapping[str, str], columns: list[str], template: Template | None, findings: Findings
) -> dict[str, str]:
    """Return {column: parameter} with the columns that bear a parameter's own name; what is wrong goes to findings."""
    mapping = dict(given)
    known = {parameter["name"]: parameter for parameter in template.parameters} if template else {}
    for parameter in [RECIPIENT, *known]:
        if parameter not in mapping.values() and parameter in columns and parameter not in mapping:
            mapping[parameter] = parameter
    for column, parameter in mapping.items():
        where = f"mapping.{column[:64]}"
        if column not in columns:
            findings.add(where, "not_found", f"The file has no column {column[:64]}.")
        if parameter != RECIPIENT and known and parameter not in known:
            findings.add(where, "unknown", f"{parameter[:64]} is not a parameter of the template.")
    taken = list(mapping.values())
    for parameter in sorted({one for one in taken if taken.count(one) > 1}):
        findings.add("mapping", "duplicate", f"Two columns are mapped to {parameter[:64]}.")
    needed = [RECIPIENT, *(name for name, parameter in known.items() if parameter.get("required", True))]
    for parameter in needed:
        if parameter not in taken:
            findings.add("mapping", "required", f"No column is mapped to {parameter}.")
    return mapping


def _check_times(spec: Spec, at: datetime, findings: Findings) -> None:
    if spec.send_at is not None and not -PAST_TOLERANCE < spec.send_at - at < FARTHEST:
        findings.add("options.sendAt", "out_of_range", "sendAt must be in the future, at most 180 days ahead.")
    if spec.validity is not None and spec.validity > LONGEST_VALIDITY:
        findings.add("options.validityPeriod", "too_long", "A message is worth sending for 48 hours at most.")
    if (spec.crontab or spec.every) and spec.send_at:
        findings.add("options.sendAt", "conflict", "A recurring campaign has a schedule instead of sendAt.")
    if spec.crontab and spec.every:
        findings.add("schedule", "conflict", "A schedule is either a crontab or an interval.")
    schedules.check(spec.crontab, spec.every, findings)
    if spec.finish_by is not None and spec.finish_by <= max(at, spec.send_at or at):
        findings.add("finishBy", "in_the_past", "finishBy must lie after the start.")
    if spec.speed is not None and (spec.finish_by or spec.finish_within):
        findings.add("finishBy", "conflict", "The speed follows from finishBy; give one of both.")


def _check_sendable(campaign: Campaign, findings: Findings) -> None:
    """Look at the first row for what would stop them all: template, route, class."""
    try:
        checker = RowChecker(campaign)
        checker.check_row(FIRST_ROW, read_row(campaign.file, FIRST_ROW) or [])
    except NotSendable as error:
        findings.add(error.field, error.code, str(error))
