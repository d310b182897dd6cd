"""One delivery report, pushed or asked for, as an event (infobip.md sections 4, 5 and 6)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from providers.contract import Event, EventKind
from providers.infobip.errors import Stage, name_of, row_for, stage
from providers.infobip.times import read_time
from providers.zalo.fields import as_int, as_object, as_text
from providers.zalo.wording import clean

_KINDS: Final = {
    Stage.UNDER_WAY: EventKind.SENT,
    Stage.SAME: EventKind.IGNORED,
    Stage.DELIVERED: EventKind.DELIVERED,
    Stage.FAILED: EventKind.FAILED,
    Stage.UNREAD: EventKind.UNRECOGNISED,
}
Fields = Mapping[str, Any]
_encode = msgspec.json.Encoder(order="deterministic").encode


def read_report(fields: Fields, now: datetime) -> Event:
    """Return the event of one report or log row.

    `data` holds status, channel, segments and `cost` where told, of a failure also `error_code` and `error`. Rows of
    logs and SMS reports name things differently (`smsCount`, `platform`); both forms are read.
    """
    status, error = as_object(fields.get("status")), as_object(fields.get("error"))
    name, leg_id = name_of(status), as_text(fields.get("messageId"))
    channel = as_text(fields.get("channel"))
    kind = _KINDS[stage(status, error)]
    data: dict[str, Any] = {"status": name, "channel": channel, "segments": _segments(fields)}
    if cost := _cost(fields):
        data["cost"] = cost
    if kind is EventKind.FAILED:
        data |= _failure(status, error)
    return Event(
        kind=kind,
        name=name or "REPORT",
        key=_key(fields, leg_id, name, channel),
        at=read_time(fields.get("doneAt")) or read_time(fields.get("sentAt")) or now,
        account_id=as_text(fields.get("sender")),
        leg_id=leg_id,
        provider_message_id=leg_id,
        data={name: value for name, value in data.items() if value not in ("", None)},
    )


def _failure(status: Fields, error: Fields) -> dict[str, Any]:
    row = row_for(status, error)
    told = error if name_of(error) == row.code else status
    words = clean(as_text(told.get("description"))) or row.meaning
    return {"error_code": row.code, "error": words}


def _key(fields: Fields, leg_id: str, name: str, channel: str) -> str:
    # Not the status id: two names share one (section 10).
    same = f"{leg_id}\n{name}\n{channel}".encode() if leg_id and name else _encode(fields)
    return hashlib.blake2b(same, digest_size=16).hexdigest()


def _segments(fields: Fields) -> int | None:
    count = as_int(fields.get("messageCount"))
    return as_int(fields.get("smsCount")) if count is None else count


def _cost(fields: Fields) -> dict[str, str] | None:
    """Return what the whole message cost, as a decimal number in a text; the platform tells the price of one part."""
    price = as_object(fields.get("price"))
    currency = as_text(price.get("currency"))
    try:
        amount = Decimal(as_text(price.get("pricePerMessage"))) * max(1, _segments(fields) or 1)
    except InvalidOperation:
        return None
    if not currency or not amount.is_finite():
        return None
    return {"amount": f"{amount.normalize():f}", "currency": currency}
