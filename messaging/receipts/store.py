"""Takes in what providers report: one statement, then an answer within milliseconds."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from messaging.chat.taking import is_about_people
from messaging.ids import class_of as class_of_message
from messaging.ids import message_ids, parse_leg_id
from messaging.models import Receipt
from messaging.receipts.writing import Row, write
from messaging.states import MessageClass
from providers.contract import Event, EventKind
from tenants.data_keys import content_key

ABOUT_MESSAGES = {EventKind.DELIVERED, EventKind.SEEN, EventKind.FAILED}
_LARGEST_COST = Decimal(10**8)


def class_of(event: Event) -> int:
    """Return the class whose workers apply the event: that of its message, transactional where it names none."""
    leg = parse_leg_id(event.leg_id)
    return class_of_message(leg[0]) if leg else MessageClass.TRANSACTIONAL


def store(
    tenant_id: int | None, source: str, body: bytes, events: Sequence[Event], *, account_id: int | None = None
) -> set[int]:
    """Keep what came in, sealed, one row an event; return the message classes that have something to apply.

    `source` is the kind of channel whose provider reported (zalo for Zalo's own), `account_id` our account where its
    address told it. Events that concern no message are kept as applied by whoever handles them; a body that was not
    understood is kept too, as broken. Of a push of many events each keeps its own part alone, so that one person can be
    erased from it.
    """
    if not events:
        return set()
    key = content_key(tenant_id, datetime.now(UTC).date())
    rows = []
    for event in events:
        message_class = class_of(event)
        id = message_ids(1, message_class)[0]
        cost, currency = _cost(event.data)
        rows.append(
            Row(
                id=id,
                tenant_id=tenant_id,
                source=source,
                account=event.account_id,
                kind=event.kind.value,
                message_class=int(message_class),
                leg_id=event.leg_id[:64],
                provider_message_id=event.provider_message_id[:128],
                happened_at=event.at,
                state=int(_state(source, event)),
                body=key.seal(body if len(events) == 1 else event.part, id.bytes + b"receipt"),
                data_key_id=key.id,
                account_id=account_id,
                error_code=str(event.data.get("error_code", ""))[:64],
                cost=cost,
                currency=currency,
            )
        )
    write(rows)
    return {row.message_class for row in rows if row.state == Receipt.State.OPEN}


def _state(source: str, event: Event) -> Receipt.State:
    if event.kind in ABOUT_MESSAGES or (event.kind is EventKind.SENT and "cost" in event.data):
        return Receipt.State.OPEN
    if is_about_people(source, event.kind):
        return Receipt.State.OPEN
    return Receipt.State.BROKEN if event.kind is EventKind.UNRECOGNISED else Receipt.State.APPLIED


def _cost(data: Mapping[str, Any]) -> tuple[Decimal | None, str]:
    """Return amount and currency where the provider told them."""
    told = data.get("cost")
    if not isinstance(told, Mapping):
        return None, ""
    try:
        amount = Decimal(str(told.get("amount")))
    except InvalidOperation:
        return None, ""
    if not amount.is_finite() or abs(amount) >= _LARGEST_COST:
        return None, ""
    return amount, str(told.get("currency", ""))[:3]
