"""Looking at a message in clear leaves a trace."""

import structlog

from messaging.queries.messages import MessageView
from messaging.sql import cursor

log = structlog.get_logger("audit")

_NOTE = """
WITH looked AS (
    UPDATE message SET events = events + 1 WHERE id = %(id)s AND tenant_id = %(tenant)s RETURNING events
)
INSERT INTO event (message_id, n, tenant_id, at, type, reason)
SELECT %(id)s, events, %(tenant)s, gateway_now(), 'revealed', %(by)s FROM looked
"""


def note_reveal(message: MessageView, by: str) -> None:
    """Write into the message's timeline and the audit log that `by` (a key or a member) saw it in clear."""
    with cursor() as sql:
        sql.execute(_NOTE, {"id": message.id, "tenant": message.tenant_id, "by": by})
    log.info("message.revealed", tenant=message.tenant_id, message=message.id.hex, by=by)
