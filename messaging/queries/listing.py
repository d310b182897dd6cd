"""Pages of messages by filters, by keyset: no page is ever counted or skipped over."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg.rows import class_row

from messaging.ids import lowest_id
from messaging.models import Bulk
from messaging.queries.messages import COLUMNS, JOINS, STATE, MessageView
from messaging.sql import cursor
from messaging.states import State
from tenants import clock

# With a filter that no index serves (state) a page looks at so many messages at most and may come out short.
MOST_LOOKED_AT = 10_000
_LOWEST, _HIGHEST = UUID(int=0), UUID(int=(1 << 128) - 1)
# Ids are made by the web servers' clocks, `accepted_at` by the database's.
_DRIFT = timedelta(minutes=1)


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed to; None leaves open. Times are aware; `after` is the last id of the page before."""

    state: State | None = None
    bulk_id: UUID | None = None
    recipient_hash: bytes | None = None
    reference: str | None = None
    entity_id: str | None = None
    accepted_from: datetime | None = None
    accepted_to: datetime | None = None
    after: UUID | None = None


class Page(msgspec.Struct, frozen=True):
    """Messages, and the id to go on after; None at the end. A page with a `last` may be short, even empty."""

    messages: list[MessageView]
    last: UUID | None


def list_messages(tenant_id: int, filters: Filters, limit: int) -> Page:
    """Return a page of at most `limit` messages: oldest first within a bulk, else newest first."""
    bounds = _bounds(tenant_id, filters)
    if bounds is None:
        return Page([], None)
    ascending = filters.bulk_id is not None
    where, values = _where(tenant_id, filters, bounds, ascending)
    order = "ASC" if ascending else "DESC"
    scan = MOST_LOOKED_AT if filters.state is not None else limit + 1
    looked_at = _look(where, order, values | {"scan": scan})
    ids = [id for id, state in looked_at if filters.state is None or state == filters.state]
    more = len(ids) > limit
    last = ids[limit - 1] if more else looked_at[-1][0] if len(looked_at) == scan else None
    return Page(_read(tenant_id, ids[:limit], order, filters.state), last)


def _bounds(tenant_id: int, filters: Filters) -> tuple[UUID, UUID] | None:
    """Return the lowest and highest id that can match, None where nothing can."""
    low, high = _LOWEST, _HIGHEST
    if filters.bulk_id is not None:
        bulk = Bulk.objects.filter(id=filters.bulk_id, tenant_id=tenant_id).first()
        if bulk is None:
            return None
        low, high = bulk.first_id, bulk.last_id
    if filters.accepted_from is not None or filters.accepted_to is not None:
        ahead = clock.now() - datetime.now(UTC)
        if filters.accepted_from is not None:
            low = max(low, _id_at(filters.accepted_from - ahead - _DRIFT))
        if filters.accepted_to is not None:
            high = min(high, _id_at(filters.accepted_to - ahead + _DRIFT))
    return low, high


def _id_at(at: datetime) -> UUID:
    return lowest_id(at) if at.timestamp() > 0 else _LOWEST


def _where(tenant_id: int, filters: Filters, bounds: tuple[UUID, UUID], ascending: bool) -> tuple[str, dict[str, Any]]:
    low, high = bounds
    values: dict[str, Any] = {"tenant": tenant_id, "low": low, "high": high}
    terms = ["m.tenant_id = %(tenant)s", "m.id >= %(low)s", "m.id <= %(high)s"]
    columns = {
        "m.bulk_id =": filters.bulk_id,
        "m.recipient_hash =": filters.recipient_hash,
        "m.reference =": filters.reference,
        "m.entity_id =": filters.entity_id,
        "m.accepted_at >=": filters.accepted_from,
        "m.accepted_at <": filters.accepted_to,
        "m.id >" if ascending else "m.id <": filters.after,
    }
    for n, (term, value) in enumerate(columns.items()):
        if value is not None:
            terms.append(f"{term} %(value_{n})s")
            values[f"value_{n}"] = value
    return " AND ".join(terms), values


def _look(where: str, order: str, values: dict[str, Any]) -> list[tuple[UUID, int]]:
    query = f"""
        WITH looked_at AS MATERIALIZED (
            SELECT m.id, m.state FROM message m WHERE {where} ORDER BY m.id {order} LIMIT %(scan)s
        )
        SELECT m.id, {STATE} FROM looked_at m {JOINS.due} ORDER BY m.id {order}
    """
    with cursor() as sql:
        return sql.execute(query, values).fetchall()


def _read(tenant_id: int, ids: list[UUID], order: str, state: State | None) -> list[MessageView]:
    if not ids:
        return []
    query = f"""
        SELECT {COLUMNS} FROM message m {JOINS.due} {JOINS.template}
        WHERE m.id = ANY(%(ids)s) AND m.id BETWEEN %(low)s AND %(high)s AND m.tenant_id = %(tenant)s
        ORDER BY m.id {order}
    """
    values = {"ids": ids, "low": min(ids), "high": max(ids), "tenant": tenant_id}
    with cursor() as sql:
        rows = sql.connection.cursor(row_factory=class_row(MessageView)).execute(query, values).fetchall()
    # Between the two readings a message may have moved on.
    return [row for row in rows if state is None or row.state == state]
