"""What a client application sends: one message, or a thousand."""

import json
from datetime import UTC, datetime, timedelta

from benchmarks.field import Field
from benchmarks.sandbox import Control


def headers(field: Field) -> dict[str, str]:
    """Return the headers of a call with the demo tenant's key."""
    return {"Authorization": f"Bearer {field.info['apiKey']}", "Content-Type": "application/json"}


def url(field: Field) -> str:
    """Return where messages are posted."""
    return f"{field.info['api']}/v1/messages"


def body(field: Field, count: int, template: str = "order", *, later: bool = False) -> bytes:
    """Return a call with `count` messages; `later` ones leave tomorrow, so that nothing but accepting is measured."""
    code = field.info["templates"][template]
    data = dict.fromkeys(Control(field.info["sandbox"]).grant(code).parameters, "1")
    messages = [{"to": f"8498{n:07d}", "templateId": code, "templateData": data} for n in range(count)]
    options = {"sendAt": (datetime.now(UTC) + timedelta(days=1)).isoformat()} if later else {}
    return json.dumps({"messages": messages, "options": options}).encode()
