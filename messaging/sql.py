"""Plain psycopg cursors on Django's connection, for the set statements of the engine.

They bind on the server (arrays of ten thousand ids travel as such) and are prepared after a few uses.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection, transaction


@contextmanager
def cursor() -> Iterator[psycopg.Cursor[Any]]:
    """Yield a cursor in the current transaction, or in autocommit where there is none."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as plain:
        yield plain


@contextmanager
def atomic_cursor() -> Iterator[psycopg.Cursor[Any]]:
    """Yield a cursor in a transaction that commits at the end of the block."""
    with transaction.atomic(), cursor() as plain:
        yield plain


def plan_once(sql: "psycopg.Cursor[Any]") -> None:
    """Use plans made for any values from here to the end of the transaction: for set statements by key.

    PostgreSQL would plan those anew for each batch, because they name the partitions of its ids (2 ms in a statement of
    5). A statement with a limit needs a plan for its own: one for any limit expects a tenth of the table.
    """
    sql.execute("SET LOCAL plan_cache_mode = force_generic_plan")


def read_clock(sql: "psycopg.Cursor[Any]") -> datetime:
    """Return the one clock's time (aware) at this moment of the transaction."""
    row: tuple[datetime] | None = sql.execute("SELECT gateway_now()").fetchone()
    if row is None:
        raise LookupError("gateway_now() gave no row")
    return row[0]


def read_json(stored: str | None) -> Any:
    """Return what a jsonb column holds, None for NULL: on Django's connections it comes as text."""
    return None if stored is None else json.loads(stored)
