"""Several loaders at one run, and steering while it loads."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from messaging.bulks.errors import CannotChange, Why
from messaging.bulks.status import set_status
from messaging.campaigns import control, files
from messaging.campaigns.loading import load, load_piece
from messaging.models import Bulk, Campaign, CampaignRow, CampaignRun, Message
from messaging.partitions import make_partitions
from messaging.policies.pace import Pace, TimeUnit
from tenants.clock import now
from tests import factories
from tests.messaging.campaigns.conftest import made, table

ROWS = 200


@pytest.fixture
def run(transactional_db, monkeypatch) -> CampaignRun:
    """A run of 200 rows in pieces of 10, of which the first is loaded."""
    monkeypatch.setattr(files, "ROWS_A_CHUNK", 10)
    with connection.cursor() as cursor:
        make_partitions(cursor, now())
    campaign = made(factories.sending_tenant("bakery"), table(ROWS))
    run = CampaignRun.objects.get(campaign=campaign)
    load_piece(run.pk)
    return run


def finish(run: CampaignRun) -> tuple[str, str]:
    """Load what is left and return the states of run and bulk."""
    load(run.pk, 60)
    run.refresh_from_db()
    return run.state, Bulk.objects.get(pk=run.bulk_id).state


def test_loaders_at_the_same_run_load_each_row_once(run):
    def work(_: int) -> None:
        try:
            while CampaignRun.objects.filter(pk=run.pk, state=CampaignRun.State.LOADING).exists():
                load_piece(run.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    rows = list(CampaignRow.objects.filter(run_id=run.pk).order_by("row").values_list("row", flat=True))
    assert rows == list(range(2, ROWS + 2))
    assert Message.objects.filter(bulk_id=run.bulk_id).count() == ROWS
    assert finish(run) == ("LOADED", "PROCESSING")


def test_a_run_paused_while_it_loads_is_loaded_and_waits(run):
    control.pause(run.tenant_id, run.campaign_id, "test")
    assert finish(run) == ("LOADED", "PAUSED")
    control.resume(run.tenant_id, run.campaign_id, "test")
    assert finish(run) == ("LOADED", "PROCESSING")


def test_a_run_cancelled_while_it_loads_loads_no_more(run):
    control.cancel(run.tenant_id, run.campaign_id, "test")
    assert finish(run) == ("CANCELED", "CANCELED")
    assert Message.objects.filter(bulk_id=run.bulk_id).count() == 10
    assert not Message.objects.filter(bulk_id=run.bulk_id, ended_at=None).exists()


def test_a_speed_given_while_it_loads_is_that_of_the_bulk(run):
    control.set_speed(run.tenant_id, run.campaign_id, Pace(600, TimeUnit.MINUTE), "test")
    finish(run)
    bulk = Bulk.objects.get(pk=run.bulk_id)
    assert (bulk.speed_amount, bulk.speed_unit) == (600, "MINUTE")


def test_a_bulk_that_still_loads_cannot_be_let_go(run):
    with pytest.raises(CannotChange) as told:
        set_status(run.tenant_id, run.bulk_id, Bulk.Progress.PROCESSING, "test")
    assert told.value.why is Why.LOADING


def test_a_bulk_cancelled_while_it_loads_ends_its_run(run):
    set_status(run.tenant_id, run.bulk_id, Bulk.Progress.CANCELED, "test")
    assert finish(run) == ("CANCELED", "CANCELED")


def test_a_time_to_finish_by_becomes_the_slowest_speed_that_keeps_it(transactional_db):
    with connection.cursor() as cursor:
        make_partitions(cursor, now())
    hour: dict[str, Any] = {"finishWithin": {"amount": 1, "timeUnit": "HOURS"}}
    campaign = made(factories.sending_tenant("bakery"), table(ROWS), **hour)
    run = CampaignRun.objects.get(campaign=campaign)
    assert finish(run) == ("LOADED", "PROCESSING")
    bulk = Bulk.objects.get(pk=run.bulk_id)
    assert bulk.speed_unit == "HOUR"
    assert bulk.speed_amount is not None
    assert ROWS <= bulk.speed_amount <= ROWS * 1.02 + 1
    assert Campaign.objects.get().speed_amount is None
