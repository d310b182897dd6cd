"""Receipts of templates by user id: what the signed bodies of the webhook mean for this channel."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from providers.contract import BadSignature, Context, EventKind, Hook
from providers.zns_uid.adapter import ZNS_UID

SECRETS = {"app_id": "1", "oa_secret_key": "s"}
CONTEXT = Context(now=datetime(2026, 11, 21, 5, tzinfo=UTC))


def hook(fields: dict[str, Any]) -> Hook:
    body = msgspec.json.encode({"sender": {"id": "289"}, "recipient": {"id": "251"}, "timestamp": "2000", **fields})
    mac = hashlib.sha256(b"1" + body + b"2000s").hexdigest()
    return Hook(method="POST", path="/", headers={"x-zevent-signature": f"mac={mac}"}, body=body)


RECEIPT = {"event_name": "user_received_message", "message": {"msg_id": "63ecf4"}}


def test_a_receipt_names_the_message_by_zalos_id() -> None:
    (event,) = ZNS_UID.read_events(hook(RECEIPT), SECRETS, CONTEXT)
    assert (event.kind, event.provider_message_id, event.leg_id) == (EventKind.DELIVERED, "63ecf4", "")
    assert (event.account_id, event.person, event.at) == ("289", "251", datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC))


def test_the_echo_of_a_template_is_not_inbound() -> None:
    (event,) = ZNS_UID.read_events(hook({**RECEIPT, "event_name": "oa_send_template"}), SECRETS, CONTEXT)
    assert (event.kind, event.provider_message_id) == (EventKind.ECHO, "63ecf4")


def test_a_changed_byte_is_refused() -> None:
    signed = hook(RECEIPT)
    forged = msgspec.structs.replace(signed, body=signed.body.replace(b"63ecf4", b"63ecf5"))
    with pytest.raises(BadSignature):
        ZNS_UID.read_events(forged, SECRETS, CONTEXT)
