"""Messages to persons who opted out, or who were refused on this channel not long ago, leave without a call."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from messaging.dispatch.claiming.facts import Facts
from messaging.dispatch.claiming.leaving import Leaving, end_all, send_on
from messaging.models import RecipientMark
from providers.mini_app.adapter import MINI_APP


class Mark(msgspec.Struct, frozen=True):
    """What stops a message."""

    message_id: UUID
    kind: str
    reason: str
    code: str
    since: datetime
    until: datetime | None
    whole: bool


# Of several marks the one that reaches farthest decides.
_MARKED = f"""
SELECT DISTINCT ON (m.id) m.id, mark.kind, mark.reason, mark.code, mark.created_at, mark.expires_at,
       mark.channel_kind = '' AND mark.account_id IS NULL AS whole
FROM {{persons}} JOIN recipient_mark mark
  ON mark.tenant_id = %(tenant)s AND mark.recipient_hash = m.recipient_hash
WHERE (mark.expires_at IS NULL OR mark.expires_at > %(now)s)
  AND (mark.message_class IS NULL OR mark.message_class = %(class)s)
  AND (mark.channel_kind = '' OR mark.channel_kind = %(kind)s)
  AND (mark.account_id IS NULL OR mark.account_id = %(account)s)
ORDER BY m.id, whole DESC, mark.kind = '{RecipientMark.Kind.SUPPRESSION}' DESC
"""

_OF_MESSAGES = _MARKED.format(
    persons="""(
    SELECT id, recipient_hash FROM message WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s
) AS m"""
)
# A Mini App's user is known by an id that may not be what the message's person is known by.
_OF_NOTIFICATIONS = _MARKED.format(
    persons="""(
    SELECT id, recipient_hash FROM message WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s
    UNION ALL SELECT message_id, person FROM mini_app_message WHERE message_id = ANY(%(ids)s::uuid[])
) AS m"""
)
_OF_PERSON = _MARKED.format(persons="(SELECT NULL::uuid AS id, %(person)s::bytea AS recipient_hash) AS m")


def mark_of(sql: "psycopg.Cursor[Any]", facts: Facts, person: bytes, now: datetime) -> Leaving | None:
    """Return how a message to a person (by hash) would leave a lane of these facts; None where nothing stops it."""
    row = sql.execute(_OF_PERSON, _reach(facts, now) | {"person": person}).fetchone()
    if row is None:
        return None
    mark = Mark(*row)
    (leaving,) = _leavings([mark])
    return msgspec.structs.replace(leaving, detail=_detail(mark), details={})


def _reach(facts: Facts, now: datetime) -> dict[str, Any]:
    return {
        "tenant": facts.tenant_id,
        "now": now,
        "class": facts.message_class,
        "kind": facts.kind,
        "account": facts.account_id,
    }


def leave_marked(sql: "psycopg.Cursor[Any]", facts: Facts, ids: Sequence[UUID], now: datetime) -> tuple[set[UUID], int]:
    """End or send on the messages whose persons are marked; return which they were and how many moved.

    A mark for all channels ends the message; one for a kind or an account lets its route go on, as a refusal would.
    """
    if not ids:
        return set(), 0
    values = _reach(facts, now) | {"ids": list(ids), "lowest": min(ids), "highest": max(ids)}
    marked = _OF_NOTIFICATIONS if facts.kind == MINI_APP.kind else _OF_MESSAGES
    marks = [Mark(*row) for row in sql.execute(marked, values).fetchall()]
    moved = 0
    for leaving in _leavings(marks):
        ids = list(leaving.details)
        if leaving.cause:
            moved += send_on(sql, facts, leaving, now, len(ids), ids)
        moved += end_all(sql, facts, leaving, now, len(ids), ids)
    return {mark.message_id for mark in marks}, moved


def _leavings(marks: Sequence[Mark]) -> list[Leaving]:
    """Return one leaving for each way in which marked messages go, with what each message's timeline tells."""
    suppressed = [mark for mark in marks if mark.kind == RecipientMark.Kind.SUPPRESSION]
    remembered = [mark for mark in marks if mark.kind != RecipientMark.Kind.SUPPRESSION]
    groups = (
        ("SUPPRESSED", "", [mark for mark in suppressed if mark.whole]),
        ("SUPPRESSED", "suppressed", [mark for mark in suppressed if not mark.whole]),
        ("RECIPIENT_REMEMBERED", "remembered", remembered),
    )
    return [
        Leaving(reason, cause, {}, details={mark.message_id: _detail(mark) for mark in group})
        for reason, cause, group in groups
        if group
    ]


def _detail(mark: Mark) -> dict[str, Any]:
    detail = {"why": mark.reason, "since": mark.since.isoformat()}
    if mark.code:
        detail["code"] = mark.code
    if mark.until:
        detail["until"] = mark.until.isoformat()
    return detail
