"""Bulks as people and programs read them: one, or a page of them, newest first."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row

from messaging.models import Bulk
from messaging.policies.pace import Pace, TimeUnit
from messaging.sql import cursor, read_json

_HIGHEST = UUID(int=(1 << 128) - 1)
_COLUMNS = """
b.id, b.tenant_id, b.total, b.first_id, b.last_id, b.created_at, b.state AS stored_state, b.state_reason,
b.state_detail AS stored_detail, b.counted, b.send_at, b."window" AS stored_window, b.speed_amount, b.speed_unit,
b.halt_after_failures, b.halt_above_percent,
EXISTS (SELECT FROM due JOIN message m ON m.id = due.message_id AND m.tenant_id = b.tenant_id
        WHERE due.message_id BETWEEN b.first_id AND b.last_id AND m.id BETWEEN b.first_id AND b.last_id
          AND m.bulk_id = b.id) AS is_open
"""
_ONE = f"SELECT {_COLUMNS} FROM bulk b WHERE b.id = %(id)s AND b.tenant_id = %(tenant)s"
_PAGE = f"""
SELECT {_COLUMNS} FROM bulk b WHERE b.tenant_id = %(tenant)s AND b.id < %(after)s ORDER BY b.id DESC LIMIT %(limit)s
"""


class BulkView(msgspec.Struct, frozen=True, kw_only=True):
    """A bulk at the moment of reading; times are aware. `is_open` says that messages wait for
    their turn, an answer or a receipt."""

    id: UUID
    tenant_id: int
    total: int
    first_id: UUID
    last_id: UUID
    created_at: datetime
    stored_state: str
    state_reason: str
    stored_detail: str | None
    counted: bool
    send_at: datetime | None
    stored_window: str | None
    speed_amount: int | None
    speed_unit: str
    halt_after_failures: int | None
    halt_above_percent: int | None
    is_open: bool

    @property
    def state(self) -> Bulk.Progress:
        """Return where the bulk stands: finished once each message has ended, unless it was cancelled."""
        stored = Bulk.Progress(self.stored_state)
        return stored if self.is_open or stored is Bulk.Progress.CANCELED else Bulk.Progress.FINISHED

    @property
    def state_detail(self) -> dict[str, Any] | None:
        """Return the numbers behind the state's reason."""
        detail: dict[str, Any] | None = read_json(self.stored_detail)
        return detail

    @property
    def window(self) -> dict[str, Any] | None:
        """Return the bulk's own window in its stored form."""
        window: dict[str, Any] | None = read_json(self.stored_window)
        return window

    @property
    def speed(self) -> Pace | None:
        """Return the bulk's own speed."""
        return Pace(self.speed_amount, TimeUnit(self.speed_unit)) if self.speed_amount else None


def read_bulk(tenant_id: int, bulk_id: UUID) -> BulkView | None:
    """Return the tenant's bulk of this id, or None."""
    with cursor() as sql:
        return _views(sql).execute(_ONE, {"id": bulk_id, "tenant": tenant_id}).fetchone()


def list_bulks(tenant_id: int, after: UUID | None, limit: int) -> tuple[list[BulkView], UUID | None]:
    """Return a page of at most `limit` bulks, newest first, and the id to go on after; None at the end."""
    values = {"tenant": tenant_id, "after": after or _HIGHEST, "limit": limit + 1}
    with cursor() as sql:
        rows = _views(sql).execute(_PAGE, values).fetchall()
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def _views(sql: "psycopg.Cursor[Any]") -> "psycopg.Cursor[BulkView]":
    return sql.connection.cursor(row_factory=class_row(BulkView))
