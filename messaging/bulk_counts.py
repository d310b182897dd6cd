"""Counters of bulks by state: changed only by steps that really happened, in the transaction that made them."""

from collections import Counter
from typing import Any
from uuid import UUID

import psycopg
import structlog

from messaging.states import State
from tenants import alerts
from tenants.models import Alert

log = structlog.get_logger(__name__)
HALTED = "AUTO_HALTED"
FAILURES = (State.REJECTED, State.UNDELIVERABLE, State.EXPIRED)
# A message that was handed over is judged, though its receipt is still to come: refusals end at once, successes do not.
JUDGED = tuple(state for state in State if state not in (State.QUEUED, State.SENDING, State.CANCELLED))

_ADD = """
INSERT INTO bulk_count (bulk_id, state, count)
SELECT moved.bulk, moved.state, moved.count
FROM unnest(%(bulks)s::uuid[], %(states)s::smallint[], %(counts)s::int[]) AS moved(bulk, state, count)
JOIN bulk ON bulk.id = moved.bulk AND bulk.counted
ORDER BY moved.bulk, moved.state
ON CONFLICT (bulk_id, state) DO UPDATE SET count = bulk_count.count + EXCLUDED.count
"""


# Settle writes the bulk's row last, in the order of ids; so does everybody else who changes it.
_HALT = """
WITH counted AS (
    SELECT bulk_id, coalesce(sum(count) FILTER (WHERE state = ANY(%(failures)s)), 0) AS failures,
           coalesce(sum(count) FILTER (WHERE state = ANY(%(judged)s)), 0) AS judged
    FROM bulk_count WHERE bulk_id = ANY(%(bulks)s) GROUP BY bulk_id
), over AS (
    SELECT bulk.id, counted.failures - halt_failures_before AS failures, counted.judged - halt_judged_before AS judged
    FROM bulk JOIN counted ON counted.bulk_id = bulk.id
    WHERE bulk.state = 'PROCESSING' AND counted.failures - halt_failures_before >= bulk.halt_after_failures
      AND (counted.failures - halt_failures_before) * 100
          > (counted.judged - halt_judged_before) * bulk.halt_above_percent
    ORDER BY bulk.id FOR NO KEY UPDATE OF bulk
)
UPDATE bulk SET state = 'PAUSED', state_reason = %(reason)s,
                state_detail = jsonb_build_object('failures', over.failures, 'left', over.judged,
                                                  'percent', round(100.0 * over.failures / over.judged, 1))
FROM over WHERE bulk.id = over.id
RETURNING bulk.id, bulk.tenant_id, over.failures, over.judged
"""


def count_steps(sql: "psycopg.Cursor[Any]", steps: "Counter[tuple[UUID, int, int]]") -> None:
    """Add steps (bulk, from, to) to the counters of counted bulks, in the order of their keys; halt those with too
    many failures."""
    change: Counter[tuple[UUID, int]] = Counter()
    for (bulk_id, source, target), count in steps.items():
        change[bulk_id, source] -= count
        change[bulk_id, target] += count
    rows = sorted((bulk_id, state, count) for (bulk_id, state), count in change.items() if count)
    if rows:
        values = {
            "bulks": [row[0] for row in rows],
            "states": [row[1] for row in rows],
            "counts": [row[2] for row in rows],
        }
        sql.execute(_ADD, values)
        failed = {bulk_id for bulk_id, state, count in rows if count > 0 and state in FAILURES}
        if failed:
            _halt(sql, sorted(failed))


def alert_key(bulk_id: UUID) -> str:
    """Return the key of the alert that tells of a halted bulk."""
    return f"bulk:{bulk_id.hex}"


def _halt(sql: "psycopg.Cursor[Any]", bulks: list[UUID]) -> None:
    """Pause those of the bulks whose failures have passed both of their bounds."""
    values = {"bulks": bulks, "failures": list(FAILURES), "judged": list(JUDGED), "reason": HALTED}
    for bulk_id, tenant_id, failures, judged in sql.execute(_HALT, values).fetchall():
        percent = round(100 * failures / judged)
        alerts.raise_alert(
            tenant_id, Alert.Kind.BULK_HALTED, alert_key(bulk_id), about=bulk_id.hex, detail={"percent": percent}
        )
        log.warning("bulk.halted", bulk=bulk_id.hex, tenant=tenant_id, failures=int(failures), judged=int(judged))
