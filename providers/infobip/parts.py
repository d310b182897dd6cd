"""What a message to Zalo and an SMS have in common on the wire (infobip.md sections 3 and 6)."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from providers.contract import Context, Outbound

# 48 hours: longer periods are cut to it by the platform (section 8.1).
LONGEST_VALIDITY: Final = 172_800
MOST_PLATFORM: Final = 255
BATCH: Final = 100

_encode = msgspec.json.Encoder().encode


def destinations(to: str, message: Outbound) -> list[dict[str, str]]:
    """Return the one destination of the message, under the leg's id: reports come back with it."""
    return [{"to": to, "messageId": message.leg_id}]


def options(message: Outbound) -> dict[str, Any]:
    """Return the options that are forwarded: platform ids, and of the validity what remains of it now.

    Windows, speed and failover are the gateway's own and never forwarded.
    """
    chosen: dict[str, Any] = {}
    platform = {"entityId": message.entity_id, "applicationId": message.application_id}
    if given := {name: value for name, value in platform.items() if value}:
        chosen["platform"] = given
    if message.valid_for is not None:
        # Rounded down: the platform must not go on after the gateway has stopped waiting.
        seconds = max(1, min(int(message.valid_for), LONGEST_VALIDITY))
        chosen["validityPeriod"] = {"amount": seconds, "timeUnit": "SECONDS"}
    return chosen


def webhooks(context: Context) -> dict[str, Any]:
    """Return where final reports go; without a hook URL nothing, so that the account's subscriptions apply."""
    if not context.hook_url:
        return {}
    delivery = {"url": context.hook_url, "intermediateReport": False, "notify": True}
    return {"webhooks": {"delivery": delivery, "contentType": "application/json"}}


def envelope(messages: Sequence[dict[str, Any]]) -> bytes:
    """Return the body of a send. Links stay as the tenant wrote them: shortening would change what was approved."""
    tracking = {"shortenUrl": False, "trackClicks": False}
    return _encode({"messages": messages, "options": {"tracking": tracking}})
