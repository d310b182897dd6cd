"""What NXCloud reports about texts: once each, in the URL's query or the body (nxcloud.md section 6.3)."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from providers.contract import Context, Event, EventKind, Hook
from providers.nxcloud.fields import as_local_time, cost
from providers.nxcloud.hook import check_hook
from providers.nxcloud_sms.errors import ERRORS
from providers.nxcloud_sms.statuses import DELIVERED, status_name
from providers.zalo.fields import as_int, as_text, json_object

_MOST_FIELDS: Final = 100


def read_events(hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
    """Check where the report came in, then return the one event in it; `secrets` as in the README.

    Raises BadSignature. A status that is not known, or none at all, is UNRECOGNISED.
    """
    check_hook(hook, secrets, context)
    fields = {**hook.query, **_body_fields(hook.body)}
    name = status_name(fields.get("status"), fields.get("result"))
    message_id = as_text(fields.get("messageid")) or as_text(fields.get("messageId"))
    same = (
        f"{name}\n{message_id}".encode() if name and message_id else hook.body + repr(sorted(fields.items())).encode()
    )
    return [
        Event(
            kind=_kind(name),
            name=name or as_text(fields.get("status")),
            key=hashlib.blake2b(same, digest_size=16).hexdigest(),
            at=as_local_time(fields.get("drtime")) or context.now,
            leg_id=as_text(fields.get("ext")),
            provider_message_id=message_id,
            data=_data(name, fields),
        )
    ]


def _body_fields(body: bytes) -> Mapping[str, Any]:
    found = json_object(body)
    if found is not None:
        return found
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}


def _kind(name: str) -> EventKind:
    if not name:
        return EventKind.UNRECOGNISED
    return EventKind.DELIVERED if name == DELIVERED else EventKind.FAILED


def _data(name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    data = cost(fields.get("price"), fields.get("currency"))
    segments = as_int(fields.get("size"))
    if segments is not None:
        data["segments"] = segments
    if row := ERRORS.get(name):
        data |= {"error_code": name, "error": row.meaning}
    return data
