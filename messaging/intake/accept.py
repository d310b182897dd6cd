"""Takes a request in: everything or nothing."""

import secrets
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from psycopg.errors import UniqueViolation

from messaging.dispatch import bell
from messaging.intake import own_ids, times
from messaging.intake.decode import decode
from messaging.intake.errors import Findings
from messaging.intake.plans import check_plan
from messaging.intake.request import MessageIn, Options, SendRequest
from messaging.intake.rows import Claim, Rows
from messaging.intake.steering import Steering, read_steering
from messaging.intake.store import Batch, store
from messaging.intake.times import Times
from messaging.intake.validate import Checked, Validator
from tenants.texts.length import Length


class Accepted(NamedTuple):
    """What was stored: `message_ids` are the client's own where given, in the order of the request.

    `texts` are the lengths of the SMS that follows each message; empty where none follows any.
    """

    bulk_id: UUID
    message_ids: list[str]
    recipients: list[str]
    replayed: bool = False
    texts: Sequence[Length | None] = ()


def accept(tenant_id: int, body: bytes, *, test: bool) -> Accepted:
    """Store the messages of a JSON body and ring for them.

    Raises NotJson for broken JSON and Refused with all that is wrong; then nothing is stored.
    """
    findings = Findings()
    return accept_request(tenant_id, decode(body, findings), test=test, findings=findings)


def accept_request(
    tenant_id: int, request: SendRequest, *, test: bool, findings: Findings | None = None, claim: Claim | None = None
) -> Accepted:
    """Store the messages of a decoded request and ring for them; `findings` holds what decoding found.

    Raises Refused with all that is wrong; then nothing is stored.
    """
    looked = look_through(tenant_id, request, findings or Findings())
    good = looked.messages
    bulk_id = new_bulk_id()
    rows = Rows(tenant_id, bulk_id, test, looked.options, looked.steering, looked.planned, looked.validator, claim)
    batch = _store(rows, request.messages, good)
    names = [own or id.hex for own, id in zip(batch.client_ids or [None] * len(good), batch.ids, strict=True)]
    texts = [message.sms.length if message.sms else None for message in good]
    return Accepted(bulk_id, names, [message.phone for message in good], texts=texts if any(texts) else ())


class LookedThrough(NamedTuple):
    """A request in which nothing is wrong."""

    options: Options
    validator: Validator
    planned: Times
    steering: Steering
    messages: list[Checked]


def look_through(tenant_id: int, request: SendRequest, findings: Findings) -> LookedThrough:
    """Check a decoded request; nothing is stored. Raises Refused with all that is wrong, decoding included."""
    options = request.options or Options()
    validator = Validator(tenant_id, options, findings)
    planned = times.plan(options, findings)
    steering = read_steering(options, findings)
    checked = [validator.check(n, message) for n, message in enumerate(request.messages)]
    findings.raise_if_any()
    good = [message for message in checked if message is not None]
    classes = [validator.class_of(message.template) for message in good]
    check_plan(validator.catalogue, validator.route, steering, planned, classes, findings)
    findings.raise_if_any()
    return LookedThrough(options, validator, planned, steering, good)


def _store(rows: Rows, messages: Sequence[MessageIn], checked: Sequence[Checked]) -> Batch:
    """Write and ring; what was written is returned. Raises Refused for an own id that was used before."""
    own = [message.message_id for message in messages] if any(m.message_id for m in messages) else None
    batch: Batch | None = None
    try:
        with _transaction(rows.own_lanes(len(messages))):
            batch = rows.batch(messages, checked, own)
            store(batch)
            transaction.on_commit(partial(bell.ring, [(lane, cls) for (cls, _), lane in rows.lanes.items()]))
    except UniqueViolation as error:
        if batch is None:
            raise
        own_ids.explain(batch.tenant_id, own or [], error)
    return batch


def _transaction(own_lanes: bool) -> AbstractContextManager[None]:
    """A single statement commits by itself; own lanes are written beside it, and a caller's transaction must survive
    a refused request."""
    if own_lanes or transaction.get_connection().in_atomic_block:
        return transaction.atomic()
    return nullcontext()


def new_bulk_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562)."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return UUID(int=number & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)
