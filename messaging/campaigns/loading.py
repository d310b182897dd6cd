"""Loading: rows of the file become messages, a piece at a time, each in one transaction that also moves the run on.

So a kill loses nothing and repeats nothing, and any machine goes on where another stopped.
"""

import time
from datetime import datetime
from typing import Any

import psycopg
import structlog
from django.db import transaction

from messaging.campaigns.checking import Good, NotSendable, Problem, RowChecker
from messaging.campaigns.files import read_chunk
from messaging.campaigns.opening import open_run
from messaging.campaigns.runs import ask_to_load
from messaging.intake.rows import Rows
from messaging.intake.steering import Steering
from messaging.intake.store import Batch, store
from messaging.models import Bulk, CampaignRun
from messaging.sql import cursor
from tenants.clock import now
from tenants.data_keys import KeyGone

# An upkeep worker has more to do than one campaign.
PATIENCE = 5.0

log = structlog.get_logger(__name__)


def load(run_id: int, patience: float = PATIENCE) -> bool:
    """Load pieces of a run for at most `patience` seconds; return whether nothing is left to load here.

    Asks for another go where something is left. Several at once do no harm: the later ones stand back.
    """
    ends = time.monotonic() + patience
    while load_piece(run_id):
        if time.monotonic() > ends:
            ask_to_load(run_id)
            return False
    return True


def load_piece(run_id: int) -> bool:
    """Load the next piece of a run, or open the run after the last; return whether there may be more to load."""
    with transaction.atomic():
        run = _held(run_id)
        if run is None:
            return False
        if run.chunks_loaded < run.campaign.file.chunks:
            return _load_next(run)
    open_run(run_id)
    return False


def _held(run_id: int) -> CampaignRun | None:
    """Return the run if it is loading and nobody else is at it."""
    rows = CampaignRun.objects.select_related("campaign__template", "campaign__route", "campaign__file", "bulk")
    return (
        rows.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=run_id, state=CampaignRun.State.LOADING)
        .first()
    )


def _load_next(run: CampaignRun) -> bool:
    if run.bulk.state == Bulk.Progress.CANCELED:
        run.state = CampaignRun.State.CANCELED
        run.save(update_fields=["state"])
        return False
    try:
        checker = RowChecker(run.campaign)
        chunk = read_chunk(run.campaign.file, run.chunks_loaded)
        if chunk is None:
            raise NotSendable("The file of recipients was erased.")
        good = checker.check(chunk)
    except (NotSendable, KeyGone) as error:
        fail(run, str(error))
        return False
    good, repeats = checker.without_repeats(good, run.bulk_id, run.bulk.first_id, run.bulk.last_id)
    bad = checker.problems
    if good.rows:
        _store(run, checker, good, now())
    with cursor() as sql:
        _tell(sql, run.pk, [*bad, *repeats])
    run.chunks_loaded += 1
    run.rows_loaded += len(good.rows)
    run.rows_bad += len({problem.row for problem in bad})
    run.rows_twice += len(repeats)
    run.save(update_fields=["chunks_loaded", "rows_loaded", "rows_bad", "rows_twice"])
    return True


def fail(run: CampaignRun, why: str) -> None:
    """End the loading of a run that cannot be sent; the caller holds its row."""
    run.state, run.reason = CampaignRun.State.FAILED, why
    run.save(update_fields=["state", "reason"])
    log.warning("campaign.run_failed", tenant=run.tenant_id, campaign=run.campaign_id, run=run.pk, why=why)


def _store(run: CampaignRun, checker: RowChecker, good: Good, at: datetime) -> None:
    batch = _batch(run, checker, good, at)
    store(batch)
    with cursor() as sql:
        sql.execute(_ROWS, {"run": run.pk, "rows": good.rows, "ids": batch.ids})


def _batch(run: CampaignRun, checker: RowChecker, good: Good, at: datetime) -> Batch:
    times = checker.times(run.planned_at, at)
    validator, test = checker.validator, run.campaign.test
    rows = Rows(run.tenant_id, run.bulk_id, test, checker.options, Steering(), times, validator, None)
    rows.in_bulks_lanes = True
    return rows.batch(good.messages, good.checked, None)


_ROWS = """
INSERT INTO campaign_row (run_id, row, message_id)
SELECT %(run)s, row, id FROM unnest(%(rows)s::int4[], %(ids)b::uuid[]) AS loaded(row, id)
"""
_PROBLEMS = """
INSERT INTO campaign_row_problem (run_id, row, "column", code, message)
SELECT %(run)s, row, left("column", 100), code, message
FROM unnest(%(rows)s::int4[], %(columns)s::text[], %(codes)s::text[], %(messages)s::text[])
  AS found(row, "column", code, message)
"""


def _tell(sql: "psycopg.Cursor[Any]", run_id: int, problems: list[Problem]) -> None:
    if problems:
        values: dict[str, object] = {
            "run": run_id,
            "rows": [problem.row for problem in problems],
            "columns": [problem.column for problem in problems],
            "codes": [problem.code for problem in problems],
            "messages": [problem.message for problem in problems],
        }
        sql.execute(_PROBLEMS, values)
