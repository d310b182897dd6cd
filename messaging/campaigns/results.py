"""What became of every row of a run, as CSV lines, read page by page: a file of any size in constant memory."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import Any

from messaging.content import mask_phone, open_recipient
from messaging.models import CampaignRun, RowProblem
from messaging.sql import cursor
from messaging.states import Phase, State
from tenants import data_keys
from tenants.data_keys import KeyGone

PAGE = 2_000
HEADS = ("row", "to", "state", "reason", "messageId", "acceptedAt", "sentAt", "deliveredAt", "seenAt", "endedAt")
PROBLEM_HEADS = ("row", "column", "code", "message")
LEFT_OUT = "left_out"
# Cells that a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_ROWS = f"""
WITH page AS MATERIALIZED (
    SELECT row, message_id FROM campaign_row WHERE run_id = %(run)s AND row > %(after)s ORDER BY row LIMIT %(limit)s
), bounds AS MATERIALIZED (
    SELECT array_agg(message_id) AS ids FROM page
), of_legs AS (
    SELECT leg.message_id, min(leg.sent_at) AS sent_at, min(leg.delivered_at) AS delivered_at,
           min(leg.seen_at) AS seen_at
    FROM leg WHERE leg.message_id = ANY((SELECT ids FROM bounds)::uuid[])
      AND leg.message_id BETWEEN %(first)s AND %(last)s
    GROUP BY leg.message_id
)
SELECT page.row, m.id, m.recipient, m.data_key_id, m.state, m.reason, m.accepted_at, of_legs.sent_at,
       of_legs.delivered_at, of_legs.seen_at, m.ended_at, due.message_id IS NOT NULL
FROM page
JOIN message m ON m.id = page.message_id AND m.tenant_id = %(tenant)s AND m.id BETWEEN %(first)s AND %(last)s
LEFT JOIN of_legs ON of_legs.message_id = m.id
LEFT JOIN due ON due.message_id = m.id AND due.phase = {int(Phase.SENDING)} AND m.state = {int(State.QUEUED)}
ORDER BY page.row
"""


def result_lines(run: CampaignRun, *, reveal: bool) -> Iterator[str]:
    """Yield the CSV of a run: every row of the file, sent or left out, by its number; phone numbers masked unless
    `reveal`. Times are RFC 3339 in UTC."""
    yield _line(HEADS)
    sent = _sent(run, reveal)
    left_out = _left_out(run)
    for _, line in merge(sent, left_out, key=lambda one: one[0]):
        yield line


def problem_lines(run: CampaignRun) -> Iterator[str]:
    """Yield the CSV of a run's rows that became no message, one line a reason."""
    yield _line(PROBLEM_HEADS)
    for problem in _problems(run):
        yield _line((problem.row, problem.column, problem.code, problem.message))


def _sent(run: CampaignRun, reveal: bool) -> Iterator[tuple[int, str]]:
    values: dict[str, Any] = {
        "run": run.pk,
        "tenant": run.tenant_id,
        "first": run.bulk.first_id,
        "last": run.bulk.last_id,
        "limit": PAGE,
        "after": 0,
    }
    while True:
        with cursor() as sql:
            rows = sql.execute(_ROWS, values).fetchall()
        for row, id, recipient, key_id, state, reason, *times, under_way in rows:
            shown = State.SENDING if under_way else State(state)
            to = _phone(id, recipient, key_id, reveal)
            yield row, _line((row, to, shown.word, reason, id.hex, *(_told(at) for at in times)))
        if not rows:
            return
        values["after"] = rows[-1][0]


def _left_out(run: CampaignRun) -> Iterator[tuple[int, str]]:
    last = None
    for problem in _problems(run):
        if problem.row != last:
            cells = (problem.row, "", LEFT_OUT, problem.message, "", "", "", "", "", "")
            yield problem.row, _line(cells)
        last = problem.row


def _problems(run: CampaignRun) -> Iterator[RowProblem]:
    return RowProblem.objects.filter(run=run).order_by("row", "pk").iterator(PAGE)


def _phone(message_id: Any, recipient: bytes | None, key_id: int, reveal: bool) -> str:
    if recipient is None:
        return ""
    try:
        phone = open_recipient(data_keys.content_key_by_id(key_id), message_id, recipient)
    except KeyGone:
        return ""
    return phone if reveal else mask_phone(phone)


def _told(at: datetime | None) -> str:
    return at.isoformat(timespec="milliseconds") if at else ""


def _line(cells: tuple[object, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([_safe(cell) for cell in cells])
    return text.getvalue()


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
