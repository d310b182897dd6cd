"""Writes receipts: those that come in while others are written share the next transaction, for a commit costs more than
a row.

The rows travel as one JSON text: sixteen arrays of one element each would take the web process longer than all else.
"""

import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec
from django.db import transaction

from messaging.sql import cursor

_encode = msgspec.json.Encoder().encode

_WRITE: Final = """
INSERT INTO receipt (id, tenant_id, source, account, kind, message_class, leg_id, provider_message_id, happened_at,
                     received_at, state, body, data_key_id, account_id, error_code, cost, currency)
SELECT row.id, row.tenant_id, row.source, row.account, row.kind, row.message_class, row.leg_id,
       row.provider_message_id, row.happened_at, gateway_now(), row.state, decode(row.body, 'base64'),
       row.data_key_id, row.account_id, row.error_code, row.cost, row.currency
FROM json_to_recordset(%s::json) AS row (
    id uuid, tenant_id int8, source text, account text, kind text, message_class int2, leg_id text,
    provider_message_id text, happened_at timestamptz, state int2, body text, data_key_id int8, account_id int8,
    error_code text, cost numeric, currency text)
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt as it is stored: the columns of its table. `happened_at` is aware, `body` sealed."""

    id: UUID
    tenant_id: int | None
    source: str
    account: str
    kind: str
    message_class: int
    leg_id: str
    provider_message_id: str
    happened_at: datetime
    state: int
    body: bytes
    data_key_id: int
    account_id: int | None
    error_code: str
    cost: Decimal | None
    currency: str


class _Call:
    """The rows of one push, and whether somebody has committed them."""

    __slots__ = ("rows", "tried", "written")

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.tried = self.written = False


class Writer:
    """One transaction at a time; safe from any thread."""

    def __init__(self) -> None:
        self._waiting: list[_Call] = []
        self._noting = threading.Lock()
        self._writing = threading.Lock()

    @property
    def backlog(self) -> int:
        """Return how many calls wait for the next transaction."""
        return len(self._waiting)

    def write(self, rows: Sequence[Row]) -> None:
        """Return when the rows are committed, or written in the caller's transaction where there is one.

        Raises what the database raised about these rows: where many failed together, each is tried by itself.
        """
        if transaction.get_connection().in_atomic_block:
            _write(rows)  # it may be rolled back, and must take nobody's rows along
            return
        call = _Call(rows)
        with self._noting:
            self._waiting.append(call)
        with self._writing:
            if not call.tried:
                self._write_all()
        if not call.written:
            _write(rows)

    def _write_all(self) -> None:
        """Write what waits, the caller's rows among it."""
        with self._noting:
            together, self._waiting = self._waiting, []
        for call in together:
            call.tried = True
        try:
            _write([row for call in together for row in call.rows])
        except Exception:
            if len(together) == 1:
                raise
            return  # one of them is at fault, or the connection: each finds out by itself
        for call in together:
            call.written = True


def _write(rows: Iterable[Row]) -> None:
    with cursor() as sql:
        sql.execute(_WRITE, (_encode(list(rows)).decode(),))


_writer = Writer()
write = _writer.write


def backlog() -> int:
    """Return how many calls of this process wait for the next transaction."""
    return _writer.backlog
