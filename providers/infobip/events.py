"""What Infobip reports at the webhook (infobip.md section 4): many reports a call."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from providers.contract import BadSignature, Context, Event, EventKind, Hook
from providers.infobip.reports import read_report
from providers.zalo.fields import as_list, as_object, json_object

_encode = msgspec.json.Encoder(order="deterministic").encode


def read_events(hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
    """Check that the caller knows the secret of the URL, then return an event for each report in the body.

    Infobip signs nothing. `secrets` holds `hook_token`, the last segment of the hook's path, and may hold
    `hook_authorization`, the header that a subscription profile was told to send. Raises BadSignature. What is no
    delivery report (a person's message, a change of a template) is UNRECOGNISED or IGNORED. Each has its own part.
    """
    _verify(hook, secrets)
    root = json_object(hook.body)
    if root is None or not isinstance(root.get("results"), list):
        return [_other("NO_REPORT", EventKind.UNRECOGNISED, hook.body, context.now)]
    results = [as_object(result) for result in as_list(root["results"])]
    return [msgspec.structs.replace(_read(fields, context.now), part=_encode(fields)) for fields in results]


def _verify(hook: Hook, secrets: Mapping[str, str]) -> None:
    token = secrets.get("hook_token", "")
    if not token or not _equal(hook.path.rstrip("/").rpartition("/")[2], token):
        raise BadSignature("the path does not end with the hook's token")
    authorization = secrets.get("hook_authorization", "")
    if authorization and not _equal(hook.headers.get("authorization", ""), authorization):
        raise BadSignature("the Authorization header is not the one agreed on")


def _equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def _read(fields: Mapping[str, Any], now: datetime) -> Event:
    if "status" in fields:
        return read_report(fields, now)
    # A person wrote to the Official Account (receivedAt and content instead of a status).
    return _other("INBOUND", EventKind.IGNORED, _encode(fields), now)


def _other(name: str, kind: EventKind, body: bytes, now: datetime) -> Event:
    return Event(kind=kind, name=name, key=hashlib.blake2b(body, digest_size=16).hexdigest(), at=now)
