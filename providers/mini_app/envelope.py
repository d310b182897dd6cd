"""The envelope of every answer: {"err": int, "msg": text, "data": object} (zalo-mini-app.md section 1).

Errors come with HTTP 200 and with other statuses; where the body has no `err` the status is all there is.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from providers.contract import Reply
from providers.zalo.fields import as_int, as_object, as_text, json_object


class Envelope(msgspec.Struct, frozen=True):
    """One answer read: `code` is 0 for success; `data` is empty where it is absent or no object."""

    code: int
    message: str
    data: Mapping[str, Any]


def read_envelope(body: bytes) -> Envelope | None:
    """Return the envelope in `body`, None where there is no JSON object with a whole number as `err`."""
    root = json_object(body)
    code = as_int(root.get("err")) if root is not None else None
    if root is None or code is None:
        return None
    return Envelope(code, as_text(root.get("msg")), as_object(root.get("data")))


def unreadable(reply: Reply) -> str:
    """Return why `reply` is no answer of the API, without quoting it."""
    what = "a body that is no answer of the API" if reply.body.strip() else "no body"
    return f"HTTP {reply.status} with {what}"
