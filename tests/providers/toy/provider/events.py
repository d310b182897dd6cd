"""What the toy reports, to the address that a call brought along: its last segment is the proof."""

import hmac
from collections.abc import Mapping
from typing import Any

import msgspec

from providers.contract import BadSignature, Context, Event, EventKind, Hook

_KINDS = {"delivered": EventKind.DELIVERED, "failed": EventKind.FAILED}


def read_events(hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
    """Return the one event of a report. Raises BadSignature."""
    token = secrets.get("hook_token", "")
    if not token or not hmac.compare_digest(hook.path.rpartition("/")[2].encode(), token.encode()):
        raise BadSignature("the address does not end in the account's hook token")
    try:
        told = msgspec.json.decode(hook.body, type=dict[str, Any])
    except msgspec.DecodeError:
        told = {}
    state, leg_id = str(told.get("state", "")), str(told.get("id", ""))
    kind = _KINDS.get(state, EventKind.UNRECOGNISED)
    return [Event(kind=kind, name=state, key=f"{leg_id} {state}", at=context.now, leg_id=leg_id)]
