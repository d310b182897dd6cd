"""Takes a message back before it leaves."""

from enum import StrEnum
from uuid import UUID

from messaging.sql import cursor
from messaging.states import MessageClass, Phase, State

REASON = "CANCELLED"

# A message under way is owned by its lease, one that was handed over by its receipt: neither can be taken back.
_CANCEL = f"""
WITH waiting AS MATERIALIZED (
    SELECT due.message_id FROM due JOIN message m ON m.id = due.message_id AND m.tenant_id = due.tenant_id
    WHERE due.message_id = %(id)s AND due.tenant_id = %(tenant)s AND due.phase = {int(Phase.READY)}
      AND m.state = {int(State.QUEUED)}
    FOR UPDATE OF due
), taken AS (
    DELETE FROM due USING waiting WHERE due.message_id = waiting.message_id RETURNING due.message_id
), ended AS (
    UPDATE message m SET state = {int(State.CANCELLED)}, reason = '{REASON}', ended_at = gateway_now(),
           events = m.events + 1,
           content = CASE WHEN m.message_class = {int(MessageClass.OTP)} THEN NULL ELSE m.content END
    FROM taken WHERE m.id = taken.message_id AND m.id = %(id)s AND m.tenant_id = %(tenant)s
    RETURNING m.id, m.events, m.ended_at, m.bulk_id
), counted AS (
    INSERT INTO bulk_count (bulk_id, state, count)
    SELECT bulk.id, step.state, step.count
    FROM ended JOIN bulk ON bulk.id = ended.bulk_id AND bulk.counted
    CROSS JOIN (VALUES ({int(State.QUEUED)}, -1), ({int(State.CANCELLED)}, 1)) AS step(state, count)
    ORDER BY step.state
    ON CONFLICT (bulk_id, state) DO UPDATE SET count = bulk_count.count + EXCLUDED.count
), ended_leg AS (
    UPDATE leg SET state = {int(State.CANCELLED)}, reason = '{REASON}'
    FROM ended WHERE leg.message_id = ended.id AND leg.message_id = %(id)s AND leg.state = {int(State.QUEUED)}
), line AS (
    INSERT INTO event (message_id, n, tenant_id, at, type, reason)
    SELECT id, events, %(tenant)s, ended_at, 'cancelled', %(by)s FROM ended
)
SELECT count(*) FROM ended
"""
_WHERE_IT_STANDS = "SELECT ended_at IS NOT NULL FROM message WHERE id = %(id)s AND tenant_id = %(tenant)s"


class Refusal(StrEnum):
    """Why a message cannot be cancelled."""

    NOT_FOUND = "NOT_FOUND"
    ENDED = "ALREADY_ENDED"
    LEFT = "ALREADY_LEFT"


def cancel(tenant_id: int, message_id: UUID, by: str = "") -> Refusal | None:
    """End a message that has not left, in one statement; return None, or why it cannot be cancelled.

    `by` goes into its timeline.
    """
    values = {"id": message_id, "tenant": tenant_id, "by": by}
    with cursor() as sql:
        cancelled = sql.execute(_CANCEL, values).fetchone()
        if cancelled and cancelled[0]:
            return None
        row = sql.execute(_WHERE_IT_STANDS, values).fetchone()
    if row is None:
        return Refusal.NOT_FOUND
    return Refusal.ENDED if row[0] else Refusal.LEFT
