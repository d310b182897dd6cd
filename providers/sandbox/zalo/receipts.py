"""Webhook calls of the ZNS family, as Zalo signs them (zalo-zns-oa.md 6.1 and 6.2)."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from providers.sandbox.exchange import HookCall
from providers.sandbox.zalo.seeds import APPS, OFFICIAL_ACCOUNTS, OfficialAccount
from providers.sandbox.zalo.templates import Template

_encode = msgspec.json.Encoder().encode
REPORT_MS = 50


def signed(app_id: str, body: bytes, timestamp: str, server: str = "ZNS") -> dict[str, str]:
    """Return the headers of an event; the signature is a plain SHA-256, not an HMAC (6.1)."""
    key = APPS[app_id].oa_secret_key
    mac = hashlib.sha256(app_id.encode() + body + timestamp.encode() + key.encode()).hexdigest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "ZaloWebhook",
        "X-ZEvent-Signature": f"mac={mac}",
        "X-ZEvent-Server": server,
    }


def delivered(
    account: OfficialAccount, recipient: str, message_id: str, tracking_id: str, delivered_at: float
) -> tuple[dict[str, str], bytes]:
    """Return headers and body of a delivery receipt; `delivered_at` in epoch seconds, `tracking_id` empty if none."""
    at = int(delivered_at * 1000)
    timestamp = str(at + REPORT_MS)
    message = {"delivery_time": str(at), "msg_id": message_id}
    if tracking_id:
        message["tracking_id"] = tracking_id
    body = _encode(
        {
            "sender": {"id": account.id},
            "recipient": {"id": recipient},
            "event_name": "user_received_message",
            "message": message,
            "app_id": account.app_id,
            "timestamp": timestamp,
        }
    )
    return signed(account.app_id, body, timestamp), body


def reported(account_id: str, event: Mapping[str, Any], server: str, now: float) -> HookCall | None:
    """Return the signed call for any event of an official account, or None if there is no such account.

    `app_id` and `timestamp` are filled in where the event has none; `server` is what X-ZEvent-Server says.
    """
    account = OFFICIAL_ACCOUNTS.get(account_id)
    if account is None:
        return None
    timestamp = str(event.get("timestamp") or int(now * 1000))
    body = _encode({"app_id": account.app_id, **event, "timestamp": timestamp})
    return HookCall(hook=account.app_id, headers=signed(account.app_id, body, timestamp, server), body=body)


def template_events(account: str, before: Template, after: Template) -> list[dict[str, Any]]:
    """Return the events that report how a template changed."""
    events: list[dict[str, Any]] = []
    if after.status != before.status:
        status = {"prev_status": before.status, "new_status": after.status}
        events.append({"event_name": "change_template_status", "status": status, "reason": after.reason})
    if after.quality != before.quality:
        events.append({"event_name": "change_template_quality", "quality": after.quality})
    return [{**event, "oa_id": account, "template_id": after.id} for event in events]
