"""What the demo sends: the bill of Zalo's own documentation, a one-time password, and a bulk from a CSV file."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from gateway.demo.client import Client
from gateway.demo.customers import DATA, read_customers

VALID_SECONDS: Final = 30
OTP_RECIPIENT: Final = "0912345678"


class Sent(msgspec.Struct, kw_only=True):
    """A message that was accepted: its recipient, and its `state` and `final` as they were last read."""

    id: str
    bulk: str
    part: str
    to: str
    state: str
    final: bool = False


def send_all(client: Client, route: str, templates: Mapping[str, str]) -> list[Sent]:
    """Send the three parts and return every accepted message. Raises DemoError."""
    bill, otp, bulk = bill_request(), otp_request(templates["otp"]), bulk_request(templates["order"])
    parts = {"bill": bill, "otp": otp, "bulk": bulk}
    return [sent for name, messages in parts.items() for sent in send(client, name, messages, route)]


def bill_request() -> list[dict[str, Any]]:
    """Return the request of Zalo's documentation in the gateway's words; its tracking id is our reference."""
    wire = json.loads((DATA / "bill.json").read_text(encoding="utf-8"))
    return [
        {
            "to": wire["phone"],
            "templateId": wire["template_id"],
            "templateData": wire["template_data"],
            "reference": wire["tracking_id"],
        }
    ]


def otp_request(template_id: str) -> list[dict[str, Any]]:
    """Return one one-time password; its recipient is written as people write numbers."""
    return [{"to": OTP_RECIPIENT, "templateId": template_id, "templateData": {"otp": "482915"}}]


def bulk_request(template_id: str) -> list[dict[str, Any]]:
    """Return one message for each customer of the file: its columns are the template's parameters."""
    return [
        {
            "to": row["phone"],
            "templateId": template_id,
            "templateData": {name: value for name, value in row.items() if name != "phone"},
        }
        for row in read_customers()
    ]


def send(
    client: Client,
    part: str,
    messages: Sequence[Mapping[str, Any]],
    route: str,
    seconds: int = VALID_SECONDS,
    sms: str = "",
) -> list[Sent]:
    """Send messages over a route, with an SMS that follows where its text is given. Raises DemoError."""
    options: dict[str, Any] = {"route": route, "validityPeriod": {"amount": seconds, "timeUnit": "SECONDS"}}
    if sms:
        options["smsFailover"] = {"text": sms}
    accepted = client.post("/v1/messages", {"messages": messages, "options": options})
    bulk = accepted["bulkId"]
    return [
        Sent(id=row["messageId"], bulk=bulk, part=part, to=row["to"], state=row["state"])
        for row in accepted["messages"]
    ]
