"""The tick: each second some dispatcher of a class rings what has come due and lets the clock end what is over."""

import msgspec
from django.conf import settings

from messaging.bulks.cancelling import ask_to_cancel, left_in_cancelled
from messaging.dispatch import bell
from messaging.dispatch.claiming.gates import LONGEST_SLEEP
from messaging.dispatch.deadlines import BATCH, Question, expire, pass_deadlines
from messaging.dispatch.waiting_lanes import WAITING_LANES
from messaging.receipts.apply import BATCH as RECEIPTS
from messaging.receipts.apply import apply_receipts
from messaging.receipts.finding import reopen_waiting
from messaging.sql import atomic_cursor

LOCK = 0x6E67_7700
MOST_BATCHES = 20
QUESTIONS = 100


class Tick(msgspec.Struct, frozen=True):
    """Lanes with something due as (id, tenant id), and legs whose provider is to be asked."""

    lanes: list[tuple[int, int]]
    questions: list[Question]


# A lane's first message is one step in the index, however much of it is scheduled for later.
_DUE_LANES = f"""
{WAITING_LANES}
SELECT lane.id, lane.tenant_id FROM waiting JOIN lane ON lane.id = waiting.lane_id
WHERE lane.message_class = %(class)s
  AND (lane.next_at <= gateway_now() OR lane.next_at > gateway_now() + %(longest_sleep)s)
  AND (SELECT due.due_at FROM due WHERE due.lane_id = lane.id AND due.phase = 0 ORDER BY due.due_at LIMIT 1)
      <= gateway_now()
"""


def tick(message_class: int) -> Tick | None:
    """Do one tick of a class; return None where another dispatcher is at it.

    Deadlines are looked at only after all receipts stored so far are applied, so that no message ends for want of a
    receipt that is here.
    """
    with atomic_cursor() as sql:
        row = sql.execute("SELECT pg_try_advisory_xact_lock(%s)", (LOCK + message_class,)).fetchone()
        if row is None or not row[0]:
            return None
        lanes = sql.execute(_DUE_LANES, {"class": message_class, "longest_sleep": LONGEST_SLEEP}).fetchall()
        cancelled = left_in_cancelled(sql, message_class)
    bell.ring((lane_id, message_class) for lane_id, _ in lanes)
    for bulk_id in cancelled:
        ask_to_cancel(bulk_id)
    questions: list[Question] = []
    reopen_waiting(message_class)
    if drain_receipts(message_class):
        questions = _pass_deadlines(message_class)
    for _ in range(MOST_BATCHES):
        if expire(message_class) < BATCH:
            break
    return Tick(lanes, questions)


def drain_receipts(message_class: int) -> bool:
    """Apply open receipts of the class; return whether none were left."""
    return any(apply_receipts(message_class) < RECEIPTS for _ in range(MOST_BATCHES))


def _pass_deadlines(message_class: int) -> list[Question]:
    questions: list[Question] = []
    for _ in range(MOST_BATCHES):
        limit = min(BATCH, QUESTIONS - len(questions))
        if limit <= 0:
            break
        count, asked = pass_deadlines(
            message_class, unknown_wait=settings.UNKNOWN_WAIT, lease=settings.LEASE, limit=limit
        )
        questions += asked
        if count < limit:
            break
    return questions
