"""Recurring campaigns: celery beat rings, and the planned time of a run follows from the schedule, not from the bell.

So two beats, or a bell that is late, begin one run for each planned time.
"""

import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from celery.schedules import ParseException, crontab
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from messaging.campaigns.request import Schedule
from messaging.intake.errors import Findings
from messaging.models import Campaign

START = "messaging.start_campaign_run"
MINUTE = timedelta(minutes=1)
# A bell that comes later is for nobody: the upkeep that looks every minute has begun the run meanwhile.
EXPIRES = timedelta(minutes=5)
# Beat's clock may be ahead of the database's.
EARLY = timedelta(seconds=5)
# How far back a missed time is made up for.
LATE = timedelta(hours=1)
_FIELDS = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")


def check(schedule: Schedule, findings: Findings) -> None:
    """Note what is wrong with a schedule: it is a crontab of five fields, or a period of at least a minute."""
    if bool(schedule.crontab) == bool(schedule.every):
        findings.add("schedule", "required", "A schedule is either a crontab or a period.")
    if schedule.crontab:
        try:
            parse(schedule.crontab)
        except (ValueError, ParseException) as error:
            findings.add("schedule.crontab", "invalid", f"The crontab cannot be read: {str(error)[:200]}.")


@lru_cache(maxsize=256)
def parse(text: str) -> Any:
    """Return the crontab of five fields: minute, hour, day of month, month, day of week. Raises ValueError."""
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ValueError("five fields are needed: minute, hour, day of month, month, day of week")
    return crontab(**dict(zip(_FIELDS, fields, strict=True)))


def planned_time(campaign: Campaign, at: datetime) -> datetime | None:
    """Return the last time (aware) not after `at` at which a started campaign was to run; None where there is none
    within the last hour, or since it was started."""
    if campaign.started_at is None:
        return None
    limit = at + EARLY
    if campaign.every:
        step = timedelta(seconds=campaign.every)
        planned = campaign.started_at + (limit - campaign.started_at) // step * step
        return planned if limit - planned <= max(LATE, step) and planned > campaign.started_at else None
    moment = limit.astimezone(ZoneInfo(campaign.tenant.time_zone)).replace(second=0, microsecond=0)
    plan = parse(campaign.crontab)
    while moment > limit - LATE and moment >= campaign.started_at:
        if _falls_on(plan, moment):
            return moment
        moment -= MINUTE
    return None


def _falls_on(plan: Any, moment: datetime) -> bool:
    return (
        moment.minute in plan.minute
        and moment.hour in plan.hour
        and moment.day in plan.day_of_month
        and moment.month in plan.month_of_year
        and moment.isoweekday() % 7 in plan.day_of_week
    )


def store(campaign: Campaign) -> None:
    """Write the campaign's schedule for beat; safe to repeat."""
    wanted = {
        "task": START,
        "args": json.dumps([campaign.pk]),
        "crontab": None,
        "interval": None,
        "expire_seconds": int(EXPIRES.total_seconds()),
        "enabled": campaign.state == Campaign.State.ACTIVE,
    }
    if campaign.crontab:
        fields = dict(zip(_FIELDS, campaign.crontab.split(), strict=True))
        wanted["crontab"] = CrontabSchedule.objects.get_or_create(timezone=campaign.tenant.time_zone, **fields)[0]
    else:
        wanted["interval"] = IntervalSchedule.objects.get_or_create(
            every=campaign.every, period=IntervalSchedule.SECONDS
        )[0]
    PeriodicTask.objects.update_or_create(name=_name(campaign), defaults=wanted)


def turn(campaign: Campaign, on: bool) -> None:
    """Turn the schedule on or off; beat sees it within seconds."""
    for row in PeriodicTask.objects.filter(name=_name(campaign)).exclude(enabled=on):
        row.enabled = on
        row.save(update_fields=["enabled"])


def _name(campaign: Campaign) -> str:
    return f"campaign {campaign.pk}"
