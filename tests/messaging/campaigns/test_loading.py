"""What becomes of the rows of a file."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from messaging.campaigns import files
from messaging.campaigns.loading import load, load_piece
from messaging.content import open_content, open_recipient
from messaging.intake import resolve
from messaging.models import Bulk, BulkCount, Campaign, CampaignRow, CampaignRun, Due, Lane, Message
from messaging.states import State
from tenants import data_keys
from tenants.clock import now
from tests.messaging.campaigns.conftest import made, phone, table


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(files, "ROWS_A_CHUNK", 10)


def run_of(campaign: Campaign) -> CampaignRun:
    return CampaignRun.objects.select_related("bulk").get(campaign=campaign)


def test_each_row_becomes_one_message_of_the_runs_bulk(tenant, small_pieces):
    run = run_of(made(tenant, table(25)))
    assert load(run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows_loaded, run.chunks_loaded) == (CampaignRun.State.LOADED, 25, 3)
    assert run.bulk.total == 25
    assert dict(BulkCount.objects.filter(bulk_id=run.bulk_id).values_list("state", "count")) == {State.QUEUED: 25}
    assert Message.objects.filter(bulk_id=run.bulk_id, id__range=(run.bulk.first_id, run.bulk.last_id)).count() == 25
    lane = Lane.objects.get(bulk=run.bulk_id)
    assert Due.objects.filter(lane_id=lane.pk).count() == 25


def test_a_row_becomes_what_it_says(tenant):
    run = run_of(made(tenant, table(3)))
    load(run.pk)
    message = Message.objects.get(id=CampaignRow.objects.get(run_id=run.pk, row=3).message_id)
    key = data_keys.content_key_by_id(message.data_key_id)
    assert open_recipient(key, message.id, bytes(message.recipient or b"")) == "84" + phone(1)[1:]
    assert open_content(key, message.id, bytes(message.content or b"")).values == {"customer": "Khách 1"}


def test_nothing_may_leave_before_all_is_loaded(tenant, small_pieces):
    run = run_of(made(tenant, table(25)))
    assert load_piece(run.pk)
    run.bulk.refresh_from_db()
    assert (run.bulk.state, run.bulk.state_reason, run.bulk.total) == (Bulk.Progress.PAUSED, "LOADING", 10)
    load(run.pk)
    run.bulk.refresh_from_db()
    assert (run.bulk.state, run.bulk.state_reason) == (Bulk.Progress.PROCESSING, "")


def test_a_piece_that_fails_half_way_is_loaded_whole_the_next_time(tenant, small_pieces):
    run = run_of(made(tenant, table(25)))
    load_piece(run.pk)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE campaign_row ADD CONSTRAINT broken CHECK (row < 15)")
    with pytest.raises(Exception, match="broken"):
        load_piece(run.pk)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE campaign_row DROP CONSTRAINT broken")
    load(run.pk)
    rows = list(CampaignRow.objects.filter(run_id=run.pk).order_by("row").values_list("row", flat=True))
    assert rows == list(range(2, 27))
    assert Message.objects.filter(bulk_id=run.bulk_id).count() == 25


def test_a_row_of_a_run_cannot_be_stored_twice(tenant):
    run = run_of(made(tenant, table(3)))
    load(run.pk)
    again = CampaignRow.objects.filter(run_id=run.pk, row=2).get()
    with pytest.raises(IntegrityError):
        CampaignRow.objects.create(run_id=run.pk, row=2, message_id=again.message_id)


def test_bad_rows_are_told_by_row_and_column_and_the_others_go(tenant):
    text = "phone,customer\n0987654321,An\n12,Binh\n0987654322,\n\n0987654323," + "x" * 31 + "\n0987654324,Chi,more\n"
    run = run_of(made(tenant, text))
    load(run.pk)
    run.refresh_from_db()
    told = list(run.problems.order_by("row").values_list("row", "column", "code", "message"))
    assert told == [
        (3, "phone", "invalid", "to is not a phone number."),
        (4, "customer", "required", "customer is missing."),
        (6, "customer", "too_long", "customer has 31 characters, at most 30 are allowed."),
        (7, "", "too_many_cells", "The row has more than 2 cells."),
    ]
    assert (run.rows_loaded, run.rows_bad) == (1, 4)


def test_a_number_that_comes_again_is_left_out_over_pieces(tenant, small_pieces):
    run = run_of(made(tenant, table(12) + "+84980000003,Again\n0980000011,Once more\n"))
    load(run.pk)
    run.refresh_from_db()
    assert (run.rows_loaded, run.rows_twice) == (12, 2)
    assert list(run.problems.values_list("row", "code")) == [(14, "duplicate"), (15, "duplicate")]


def test_a_number_that_comes_again_is_sent_again_by_choice(tenant):
    run = run_of(made(tenant, table(2) + f"{phone(0)},Again\n", duplicates="sendAll"))
    load(run.pk)
    run.refresh_from_db()
    assert (run.rows_loaded, run.rows_twice) == (3, 0)


def test_a_lost_leading_zero_is_given_back(tenant):
    run = run_of(made(tenant, "phone,customer\n987654321,An\n"))
    load(run.pk)
    message = Message.objects.get(bulk_id=run.bulk_id)
    key = data_keys.content_key_by_id(message.data_key_id)
    assert open_recipient(key, message.id, bytes(message.recipient or b"")) == "84987654321"


def test_a_later_start_is_the_due_time_of_every_message(tenant):
    start = (now() + timedelta(hours=3)).replace(microsecond=0)
    run = run_of(made(tenant, table(3), options={"sendAt": start.isoformat()}))
    load(run.pk)
    assert set(Due.objects.filter(lane_id=Lane.objects.get(bulk=run.bulk_id).pk).values_list("due_at", flat=True)) == {
        start
    }


def test_a_template_stopped_meanwhile_fails_the_run_with_the_reason(tenant):
    campaign = made(tenant, table(3))
    campaign.template.stop_code, campaign.template.stop_reason = "-1", "It was banned."
    campaign.template.save()
    resolve.forget()
    run = run_of(campaign)
    load(run.pk)
    run.refresh_from_db()
    assert run.state == CampaignRun.State.FAILED
    assert "It was banned." in run.reason
    assert not Message.objects.filter(bulk_id=run.bulk_id).exists()
