"""One change of a bulk at a time."""

from typing import Any
from uuid import UUID

import psycopg

from messaging.bulks.errors import CannotChange, NoSuchBulk, Why
from messaging.bulks.reading import BulkView, read_bulk
from messaging.models import Bulk

LOCK = 0x6E67_7780


def lock_bulk(sql: "psycopg.Cursor[Any]", tenant_id: int, bulk_id: UUID) -> BulkView:
    """Return the tenant's bulk, which nobody else changes until the end of the transaction.

    The lock is none of its row: settle writes that row last, after due rows which a change of the bulk waits for.
    Raises NoSuchBulk.
    """
    sql.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s::text))", (LOCK, str(bulk_id)))
    bulk = read_bulk(tenant_id, bulk_id)
    if bulk is None:
        raise NoSuchBulk(bulk_id)
    return bulk


def still_changeable(bulk: BulkView) -> None:
    """Raise CannotChange for a bulk that is over."""
    if bulk.state is Bulk.Progress.CANCELED:
        raise CannotChange(Why.CANCELED)
    if bulk.state is Bulk.Progress.FINISHED:
        raise CannotChange(Why.FINISHED)
