"""The rows of reports and logs (infobip.md sections 4 to 6)."""

from collections.abc import Mapping
from typing import Any

from providers.sandbox.infobip import wire
from providers.sandbox.infobip.orders import Order
from providers.sandbox.infobip.purse import CURRENCY, PRICES


def report(
    order: Order, channel: str, bulk_id: str, message_id: str, parts: int, sent_at: float, ends: tuple[float, str, str]
) -> dict[str, Any]:
    """Return the final report of a message; `ends` is its time (epoch seconds), status and error."""
    done_at, end, error = ends
    row: dict[str, Any] = {
        "bulkId": bulk_id,
        "messageId": message_id,
        "to": order.to,
        "sentAt": wire.time(sent_at),
        "doneAt": wire.time(done_at),
        "messageCount": parts,
        "price": {"pricePerMessage": float(PRICES[channel]), "currency": CURRENCY},
        "status": wire.status(end),
        "error": wire.error(error),
    }
    if order.callback_data:
        row["callbackData"] = order.callback_data
    if channel == "ZALO":
        return {**row, **order.platform, "channel": "ZALO_NOTIFICATION_SERVICE"}
    return {**row, "sender": order.sender, **({"platform": order.platform} if order.platform else {})}


def zalo_log(entry: Mapping[str, Any], text: str, sender: str) -> dict[str, Any]:
    """Return a report's row of `GET /zalo/1/logs`, in the old names."""
    kept = {name: entry[name] for name in ("bulkId", "messageId", "to", "sentAt", "price", "status", "error")}
    row = {**kept, "from": sender, "text": text, "smsCount": entry["messageCount"], "mccMnc": "45201"}
    return {**row, **({"doneAt": entry["doneAt"]} if "doneAt" in entry else {})}


def sms_log(entry: Mapping[str, Any], text: str, sender: str) -> dict[str, Any]:
    """Return a report's row of `GET /sms/3/logs`: `destination` for `to`, and the content."""
    row = {name: value for name, value in entry.items() if name not in ("to", "callbackData")}
    return {**row, "destination": entry["to"], "sender": sender, "content": {"text": text}, "mccMnc": "45201"}


def under_way(entry: Mapping[str, Any], accepted: str) -> dict[str, Any]:
    """Return the row of a message that has not ended yet."""
    row = {name: value for name, value in entry.items() if name != "doneAt"}
    return {**row, "status": wire.status(accepted), "error": wire.error("NO_ERROR")}
