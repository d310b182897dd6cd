"""Wakes lanes whose circumstances a person or a probe has changed: they are looked at now, not at their next time."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from messaging.dispatch import bell
from messaging.sql import cursor

_WAKE = """
UPDATE lane SET next_at = LEAST(next_at, gateway_now()) WHERE id IN (
    SELECT id FROM lane
    WHERE (%(reasons)s::text[] IS NULL OR hold_reason = ANY(%(reasons)s))
      AND (%(tenant)s::bigint IS NULL OR tenant_id = %(tenant)s)
      AND (%(channel)s::bigint IS NULL OR channel_id = %(channel)s)
    ORDER BY id FOR NO KEY UPDATE
)
RETURNING id, message_class
"""


# What a client scheduled for that very moment stays as it is.
_WAKE_MESSAGES = """
WITH held AS (
    SELECT due.message_id FROM due JOIN message m ON m.id = due.message_id
    WHERE due.lane_id IN (SELECT id FROM lane WHERE tenant_id = %(tenant)s) AND due.phase = 0
      AND due.due_at = ANY(%(until)s::timestamptz[]) AND due.due_at > (SELECT gateway_now())
      AND m.template_id = %(template)s AND m.send_at IS DISTINCT FROM due.due_at
    FOR UPDATE OF due SKIP LOCKED
)
UPDATE due SET due_at = gateway_now() FROM held WHERE due.message_id = held.message_id
"""


def wake_messages(tenant_id: int, template_id: int, until: Sequence[datetime]) -> int:
    """Let messages of a template that were put off until one of these times take their turn now; return how many."""
    with cursor() as sql:
        values = {"tenant": tenant_id, "template": template_id, "until": list(until)}
        return sql.execute(_WAKE_MESSAGES, values).rowcount


def wake_lanes(reasons: Sequence[str] | None, *, tenant_id: int | None = None, channel_id: int | None = None) -> int:
    """Let lanes that are held for one of these reasons (None: all lanes) be looked at now, and ring them once this is
    committed; return how many."""
    with cursor() as sql:
        values = {"reasons": None if reasons is None else list(reasons), "tenant": tenant_id, "channel": channel_id}
        lanes = sql.execute(_WAKE, values).fetchall()
    transaction.on_commit(partial(bell.ring, lanes))
    return len(lanes)
