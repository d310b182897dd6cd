"""Takes back what of a cancelled bulk has not left, a batch a transaction; whoever dies in between is made up for."""

from typing import Any
from uuid import UUID

import psycopg
import redis
import structlog
from celery import current_app
from kombu.exceptions import OperationalError

from messaging.dispatch import bell
from messaging.dispatch.waiting_lanes import WAITING_LANES
from messaging.ledger import Change
from messaging.models import Bulk
from messaging.sql import atomic_cursor, read_clock
from messaging.states import MessageClass, Phase, State
from messaging.waiting import Decision, write

BATCH = 500
TASK = "messaging.cancel_bulk"
REASON = "CANCELLED"
ASKED_SECONDS = 10
log = structlog.get_logger(__name__)

_LANES = f"""
SELECT lane.id, lane.channel_id FROM lane JOIN bulk ON bulk.id = lane.bulk_id
WHERE bulk.id = %s AND bulk.state = '{Bulk.Progress.CANCELED}' ORDER BY lane.id
"""
# A row that is locked is on its way to a settle, or in another batch.
_ROWS = f"""
SELECT message_id, tenant_id, leg, attempt, message_class FROM due
WHERE lane_id = %(lane)s AND phase = {Phase.READY}
ORDER BY due_at, message_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""


def cancel_batch(bulk_id: UUID, limit: int = BATCH) -> int:
    """End up to `limit` messages of a cancelled bulk that wait for their turn; return how many."""
    with atomic_cursor() as sql:
        now = read_clock(sql)
        changes: list[Change] = []
        for lane_id, channel_id in sql.execute(_LANES, (bulk_id,)).fetchall():
            values = {"lane": lane_id, "limit": limit - len(changes)}
            for message_id, tenant_id, leg, attempt, message_class in sql.execute(_ROWS, values).fetchall():
                changes.append(
                    Change(
                        message_id=message_id,
                        tenant_id=tenant_id,
                        leg=leg,
                        channel_id=channel_id,
                        state=State.CANCELLED,
                        event="cancelled",
                        at=now,
                        ended=True,
                        erase=message_class == MessageClass.OTP,
                        reason=REASON,
                        detail={"bulk": bulk_id.hex},
                        attempts=attempt,
                    )
                )
        write(sql, [Decision(change=change) for change in changes])
    return len(changes)


def cancel_waiting(bulk_id: UUID) -> int:
    """End all that waits of a cancelled bulk; return how many messages that were."""
    count = 0
    while True:
        ended = cancel_batch(bulk_id)
        count += ended
        if ended < BATCH:
            return count


def ask_to_cancel(bulk_id: UUID) -> None:
    """Have a worker cancel the rest, unless one was just asked. Never raises for a lost Redis: the tick asks again."""
    try:
        if bell.connection().set(f"gateway:cancel:{bulk_id}", 1, ex=ASKED_SECONDS, nx=True):
            current_app.send_task(TASK, (str(bulk_id),), queue="upkeep", retry=False, expires=60)
    except (redis.RedisError, OperationalError, OSError) as error:
        log.warning("bulk.cancel_not_asked", error=type(error).__name__)


def left_in_cancelled(sql: "psycopg.Cursor[Any]", message_class: int) -> list[UUID]:
    """Return cancelled bulks of which messages of a class still wait: after a kill, or come back for another try."""
    return [bulk_id for (bulk_id,) in sql.execute(_LEFT, (message_class,)).fetchall()]


_LEFT = f"""
{WAITING_LANES}
SELECT DISTINCT bulk.id FROM waiting JOIN lane ON lane.id = waiting.lane_id JOIN bulk ON bulk.id = lane.bulk_id
WHERE lane.message_class = %s AND bulk.state = '{Bulk.Progress.CANCELED}'
"""
