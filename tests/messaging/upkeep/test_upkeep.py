"""What is looked at again and what is let go."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from messaging.campaigns.files import read_row
from messaging.campaigns.loading import load
from messaging.ids import leg_id, message_ids
from messaging.intake import resolve
from messaging.intake.accept import accept
from messaging.models import Campaign, CampaignRun, Lane, LaneHold, Message, Receipt, RecipientFile
from messaging.partitions import make_partitions
from messaging.receipts.apply import apply_receipts
from messaging.states import MessageClass, State
from messaging.upkeep.reconciling import reopen_unmatched
from messaging.upkeep.retention import let_go
from tenants import data_keys
from tenants.clock import now
from tests import factories
from tests.messaging.campaigns.conftest import made, table


@pytest.fixture
def tenant(db):
    resolve.forget()
    data_keys.forget()
    with connection.cursor() as cursor:
        make_partitions(cursor, now())
    return factories.sending_tenant("bakery")


def unmatched(leg: str, received: datetime) -> Receipt:
    return Receipt.objects.create(
        id=message_ids(1, MessageClass.TRANSACTIONAL)[0],
        source="zalo",
        account="1",
        kind="delivered",
        message_class=MessageClass.TRANSACTIONAL,
        leg_id=leg,
        provider_message_id="p",
        happened_at=received,
        received_at=received,
        state=Receipt.State.UNMATCHED,
        body=b"",
        data_key_id=1,
    )


def test_a_receipt_that_came_before_its_message_is_applied_later(tenant):
    message = {"to": "0987654321", "templateId": "bill", "templateData": {"customer": "An"}}
    bulk = accept(tenant.pk, json.dumps({"messages": [message]}).encode(), test=False).bulk_id
    id = Message.objects.get(bulk_id=bulk).id
    receipt = unmatched(leg_id(id, 1), now())
    assert reopen_unmatched() == 1
    apply_receipts(MessageClass.TRANSACTIONAL)
    receipt.refresh_from_db()
    assert (receipt.state, Message.objects.get(id=id).state) == (Receipt.State.APPLIED, State.DELIVERED)


def test_an_old_receipt_that_fits_nothing_is_left_alone(tenant):
    unmatched("0" * 32, now() - timedelta(hours=1))
    assert reopen_unmatched() == 0


def test_weeks_of_receipts_are_dropped_when_they_are_old(tenant):
    with connection.cursor() as cursor:
        make_partitions(cursor, datetime(2025, 1, 15, tzinfo=UTC), 0)
        assert let_go().receipt_weeks == 2
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname IN ('receipt_20250106', 'message_20250106')")
        assert cursor.fetchone() == (1,)
    assert let_go().receipt_weeks == 0


def test_holds_are_forgotten_after_a_month(tenant):
    channel = tenant.channels.get()
    lane = Lane.objects.create(tenant=tenant, channel=channel, message_class=2, next_at=now())
    for days in (29, 31):
        LaneHold.objects.create(lane=lane, at=now() - timedelta(days=days), reason="QUIET_HOURS")
    assert let_go().holds == 1
    assert LaneHold.objects.get().at > now() - timedelta(days=30)


@pytest.mark.parametrize("recurring", [False, True])
def test_rows_of_files_are_erased_a_month_after_their_last_use(tenant, recurring):
    schedule: dict[str, Any] = {"schedule": {"crontab": "0 9 * * *"}} if recurring else {}
    campaign = made(tenant, table(2), **schedule)
    for run in CampaignRun.objects.filter(campaign=campaign):
        load(run.pk)
    assert let_go().files == 0
    past = now() - timedelta(days=31)
    RecipientFile.objects.update(created_at=past)
    CampaignRun.objects.update(created_at=past)
    Campaign.objects.update(created_at=past)
    assert let_go().files == (0 if recurring else 1)
    assert (read_row(campaign.file, 2) is None) is not recurring
