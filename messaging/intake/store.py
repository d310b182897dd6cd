"""Writes a whole request in one statement, whether it is a single message or ten thousand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from messaging.intake.statement import STORE_MANY, STORE_ONE
from messaging.intake.steering import Steering
from messaging.mini_apps.visits import Visit, note_visits
from messaging.sql import atomic_cursor, cursor


class Kind(NamedTuple):
    """What messages of one template in one request have in common."""

    template_id: int
    message_class: int
    lane_id: int
    validity: timedelta


class Batch(NamedTuple):
    """The rows of one request; the sequences are parallel, ids ascend. A sequence of nothing may be None."""

    tenant_id: int
    bulk_id: UUID
    route_id: int
    step: int
    test: bool
    data_key_id: int
    send_at: datetime | None
    steering: Steering
    counted: bool
    entity_id: str | None
    application_id: str | None
    kinds: Sequence[Kind]
    ids: Sequence[UUID]
    message_kinds: Sequence[int]
    recipients: Sequence[bytes]
    hashes: Sequence[bytes]
    contents: Sequence[bytes]
    client_ids: Sequence[str | None] | None
    references: Sequence[str | None] | None
    key: str | None
    body_hash: bytes | None
    sms_validities: Sequence[timedelta | None] | None = None
    visits: Sequence[Visit] = ()


def store(batch: Batch) -> datetime:
    """Write bulk, messages, due rows, own ids and idempotency key; return when they were accepted.

    A bulk that exists already grows by the messages.

    Raises psycopg's UniqueViolation where the tenant has used one of `client_ids` before. Locks no lane.
    """
    window, speed, halt = batch.steering.window, batch.steering.speed, batch.steering.halt
    one = len(batch.ids) == 1
    with atomic_cursor() if batch.visits else cursor() as sql:
        if batch.visits:
            note_visits(sql, batch.tenant_id, batch.visits)
        row = sql.execute(
            STORE_ONE if one else STORE_MANY,
            {
                "tenant": batch.tenant_id,
                "bulk": batch.bulk_id,
                "route": batch.route_id,
                "step": batch.step,
                "test": batch.test,
                "data_key": batch.data_key_id,
                "send_at": batch.send_at,
                "counted": batch.counted,
                "window": msgspec.json.encode(window).decode() if window else None,
                "speed_amount": speed.amount if speed else None,
                "speed_unit": speed.unit.value if speed else None,
                "halt_failures": halt.failures if halt else None,
                "halt_percent": halt.percent if halt else None,
                "entity": batch.entity_id,
                "application": batch.application_id,
                "total": len(batch.ids),
                "first": batch.ids[0],
                "last": batch.ids[-1],
                "key": batch.key,
                "body_hash": batch.body_hash,
            }
            | {name: column[0] if one and column else column for name, column in _columns(batch).items()},
        ).fetchone()
    assert row is not None  # noqa: S101 one row of the clock
    accepted_at: datetime = row[0]
    return accepted_at


def _columns(batch: Batch) -> dict[str, Sequence[Any] | None]:
    """Return the columns of kinds and messages, None for one of nothing but NULLs."""
    kinds = batch.kinds
    return {
        "kind_k": list(range(len(kinds))),
        "kind_template_id": [kind.template_id for kind in kinds],
        "kind_message_class": [kind.message_class for kind in kinds],
        "kind_lane_id": [kind.lane_id for kind in kinds],
        "kind_validity": [kind.validity for kind in kinds],
        "row_id": batch.ids,
        "row_k": batch.message_kinds,
        "row_recipient": batch.recipients,
        "row_recipient_hash": batch.hashes,
        "row_content": batch.contents,
        "row_client_id": batch.client_ids,
        "row_reference": batch.references,
        "row_sms_validity": batch.sms_validities,
    }
