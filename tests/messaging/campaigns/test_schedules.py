"""When recurring campaigns run, and that each planned time has one run, whoever rings."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django_celery_beat.models import PeriodicTask

from messaging.campaigns import control
from messaging.campaigns.runs import begin_run
from messaging.campaigns.schedules import planned_time
from messaging.campaigns.upkeep import begin_planned_run, look_after_campaigns
from messaging.models import Bulk, Campaign, CampaignRun
from messaging.partitions import make_partitions
from tenants.clock import now
from tests import factories
from tests.messaging.campaigns.conftest import made, table

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def plan(crontab: str = "", every: int | None = None, started: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> Campaign:
    """Return a campaign of a tenant in Viet Nam, not stored."""
    tenant = factories.TenantFactory.build(time_zone="Asia/Ho_Chi_Minh")
    return Campaign(tenant=tenant, crontab=crontab, every=every, started_at=started)


@pytest.mark.parametrize(
    ("crontab", "at", "planned"),
    [
        ("0 9 * * *", "2026-12-01T09:00:00", "2026-12-01T09:00"),
        ("0 9 * * *", "2026-12-01T09:04:59", "2026-12-01T09:00"),
        ("0 9 * * *", "2026-12-01T08:59:57", "2026-12-01T09:00"),
        ("0 9 * * *", "2026-12-01T08:59:50", None),
        ("0 9 * * *", "2026-12-01T10:30:00", None),
        ("30 8 * * 1", "2026-11-30T08:30:10", "2026-11-30T08:30"),
        ("30 8 * * 1", "2026-12-01T08:30:10", None),
        ("0 0 1 * *", "2026-12-01T00:00:01", "2026-12-01T00:00"),
        ("*/15 * * * *", "2026-12-01T10:29:00", "2026-12-01T10:15"),
        ("0 9 * 12 0", "2026-12-06T09:00:00", "2026-12-06T09:00"),
    ],
)
def test_a_crontab_is_read_in_the_tenants_zone(crontab, at, planned):
    moment = datetime.fromisoformat(at).replace(tzinfo=HANOI).astimezone(UTC)
    expected = datetime.fromisoformat(planned).replace(tzinfo=HANOI) if planned else None
    assert planned_time(plan(crontab), moment) == expected


def test_a_period_counts_from_the_start():
    started = datetime(2026, 12, 1, 8, 7, 30, tzinfo=UTC)
    campaign = plan(every=3600, started=started)
    assert planned_time(campaign, started + timedelta(minutes=59)) is None
    assert planned_time(campaign, started + timedelta(minutes=61)) == started + timedelta(hours=1)
    assert planned_time(campaign, started + timedelta(hours=30, minutes=5)) == started + timedelta(hours=30)


def test_two_bells_for_one_planned_time_begin_one_run(tenant, monkeypatch):
    campaign = made(tenant, table(2), schedule={"crontab": "* * * * *"})
    assert campaign.runs.count() == 0
    Campaign.objects.update(started_at=now() - timedelta(minutes=2))
    at = now().replace(second=20, microsecond=0)
    monkeypatch.setattr("messaging.campaigns.upkeep.now", lambda: at)
    first = begin_planned_run(campaign.pk)
    assert first is not None
    assert first.planned_at == at.replace(second=0)
    assert begin_planned_run(campaign.pk) is None
    assert (campaign.runs.count(), Bulk.objects.count()) == (1, 1)


def test_many_who_begin_one_run_at_once_begin_one(transactional_db):
    with connection.cursor() as cursor:
        make_partitions(cursor, now())
    campaign = made(factories.sending_tenant("bakery"), table(2), draft=True)
    planned = now()

    def begin(_: int) -> CampaignRun | None:
        try:
            return begin_run(campaign, planned)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        begun = [run for run in threads.map(begin, range(16)) if run is not None]
    assert len(begun) == 1
    assert (CampaignRun.objects.count(), Bulk.objects.count()) == (1, 1)


def test_a_schedule_rings_in_the_tenants_zone_and_expires(tenant):
    campaign = made(tenant, table(2), schedule={"crontab": "30 8 * * 1"})
    row = PeriodicTask.objects.get(name=f"campaign {campaign.pk}")
    assert (row.task, row.args, row.expire_seconds) == ("messaging.start_campaign_run", f"[{campaign.pk}]", 300)
    assert row.crontab is not None
    assert (str(row.crontab.timezone), row.crontab.day_of_week) == ("Asia/Ho_Chi_Minh", "1")


def test_a_paused_campaign_begins_no_run_and_its_schedule_is_off(tenant):
    campaign = made(tenant, table(2), schedule={"every": {"amount": 1, "timeUnit": "MINUTES"}})
    Campaign.objects.update(started_at=now() - timedelta(seconds=70))
    control.pause(tenant.pk, campaign.pk, "test")
    assert begin_planned_run(campaign.pk) is None
    assert not PeriodicTask.objects.get(name=f"campaign {campaign.pk}").enabled
    control.resume(tenant.pk, campaign.pk, "test")
    assert PeriodicTask.objects.get(name=f"campaign {campaign.pk}").enabled
    assert begin_planned_run(campaign.pk) is not None


def test_a_run_whose_loader_was_lost_is_loaded_again(tenant):
    campaign = made(tenant, table(2))
    assert look_after_campaigns() == []
    CampaignRun.objects.update(created_at=now() - timedelta(minutes=1))
    assert look_after_campaigns() == [campaign.runs.get().pk]
