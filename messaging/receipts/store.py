"""Takes in what providers report: one statement, then an answer within milliseconds."""

from collections.abc import Sequence
from datetime import UTC, datetime

from messaging.ids import class_of as class_of_message
from messaging.ids import message_ids, parse_leg_id
from messaging.models import Receipt
from messaging.sql import cursor
from messaging.states import MessageClass
from providers.contract import Event, EventKind
from tenants.data_keys import content_key

ABOUT_MESSAGES = {EventKind.DELIVERED, EventKind.SEEN, EventKind.FAILED}

_STORE = """
INSERT INTO receipt (id, tenant_id, source, account, kind, message_class, leg_id, provider_message_id,
                     happened_at, received_at, state, body, data_key_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, gateway_now(), %s, %s, %s)
"""


def class_of(event: Event) -> int:
    """Return the class whose workers apply the event: that of its message, transactional where it names none."""
    leg = parse_leg_id(event.leg_id)
    return class_of_message(leg[0]) if leg else MessageClass.TRANSACTIONAL


def store(tenant_id: int | None, source: str, body: bytes, events: Sequence[Event]) -> set[int]:
    """Keep what came in, sealed, one row an event; return the message classes that have something to apply.

    Events that concern no message are kept as applied by whoever handles them; a body that gave no event is kept too,
    as broken.
    """
    key = content_key(tenant_id, datetime.now(UTC).date())
    rows = []
    classes = set()
    for event in events:
        message_class = class_of(event)
        receipt_id = message_ids(1, message_class)[0]
        state = Receipt.State.APPLIED
        if event.kind in ABOUT_MESSAGES:
            classes.add(message_class)
            state = Receipt.State.OPEN
        elif event.kind is EventKind.UNRECOGNISED:
            state = Receipt.State.BROKEN
        sealed = key.seal(body, receipt_id.bytes + b"receipt")
        rows.append(
            (receipt_id, tenant_id, source, event.account_id, event.kind.value, message_class, event.leg_id,
             event.provider_message_id, event.at, int(state), sealed, key.id)
        )  # fmt: skip
    with cursor() as sql:
        for row in rows:
            sql.execute(_STORE, row)
    return classes
