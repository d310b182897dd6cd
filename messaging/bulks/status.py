"""Pausing, resuming and cancelling a bulk; a change holds from the next claim."""

from typing import Any
from uuid import UUID

import psycopg
import structlog

from messaging.bulk_counts import FAILURES, HALTED, JUDGED, alert_key
from messaging.bulks.cancelling import BATCH, ask_to_cancel, cancel_batch
from messaging.bulks.errors import LOADING, CannotChange, Why
from messaging.bulks.locking import lock_bulk, still_changeable
from messaging.bulks.own_lanes import give_own_lanes, wake
from messaging.bulks.reading import BulkView
from messaging.models import Bulk
from messaging.sql import atomic_cursor
from tenants.alerts import end_alert

log = structlog.get_logger(__name__)
Progress = Bulk.Progress
_SET = "UPDATE bulk SET state = %(state)s, state_reason = '', state_detail = NULL WHERE id = %(bulk)s"
# A bulk that a person lets go on after it halted counts its failures anew.
_GO_ON = f"""
UPDATE bulk SET state = 'PROCESSING', state_reason = '', state_detail = NULL,
                halt_failures_before = CASE WHEN state_reason = '{HALTED}' THEN counted.failures
                                            ELSE halt_failures_before END,
                halt_judged_before = CASE WHEN state_reason = '{HALTED}' THEN counted.judged
                                          ELSE halt_judged_before END
FROM (SELECT coalesce(sum(count) FILTER (WHERE state = ANY(%(failures)s)), 0) AS failures,
             coalesce(sum(count) FILTER (WHERE state = ANY(%(judged)s)), 0) AS judged
      FROM bulk_count WHERE bulk_id = %(bulk)s) counted
WHERE bulk.id = %(bulk)s
"""


def set_status(tenant_id: int, bulk_id: UUID, wanted: Bulk.Progress, by: str) -> None:
    """Bring a bulk to PAUSED, PROCESSING or CANCELED; where it is there already nothing happens.

    `by` goes into the log. Raises NoSuchBulk, and CannotChange for a bulk that is over.
    """
    with atomic_cursor() as sql:
        bulk = lock_bulk(sql, tenant_id, bulk_id)
        if bulk.state is wanted:
            return
        still_changeable(bulk)
        if bulk.state_reason == LOADING and wanted is Progress.PROCESSING:
            raise CannotChange(Why.LOADING)
        _change(sql, bulk, wanted)
    log.info("bulk.status", bulk=bulk_id.hex, state=wanted.value, by=by, tenant=tenant_id)
    if wanted is Progress.CANCELED and cancel_batch(bulk_id) == BATCH:
        ask_to_cancel(bulk_id)


def _change(sql: "psycopg.Cursor[Any]", bulk: BulkView, wanted: Bulk.Progress) -> None:
    give_own_lanes(sql, bulk)
    if wanted is Progress.PROCESSING:
        wake(sql, bulk.id)
        sql.execute(_GO_ON, {"bulk": bulk.id, "failures": list(FAILURES), "judged": list(JUDGED)})
    else:
        sql.execute(_SET, {"bulk": bulk.id, "state": wanted.value})
    end_alert(alert_key(bulk.id))
