"""The envelope of NXCloud's answers: {"code", "message", "data", "traceId"}, and the older one of its SMS endpoints.

The HTTP status of failures is not documented, so the code decides; it is a number or a text (nxcloud.md 3, 6.2).
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from providers.contract import Reply
from providers.zalo.fields import as_int, as_object, as_text, json_object

_TRACE: Final = re.compile(r"(?=.*[a-z])[0-9a-z-]{4,64}", re.ASCII | re.IGNORECASE)


class Envelope(msgspec.Struct, frozen=True):
    """One answer read: `code` is 0 for success, `message` NXCloud's wording, `root` the whole object."""

    code: int
    message: str
    root: Mapping[str, Any]

    @property
    def data(self) -> Mapping[str, Any]:
        """`data` as an object, empty where it is absent or something else."""
        return as_object(self.root.get("data"))

    @property
    def trace(self) -> str:
        """NXCloud's id of the call, for its support; empty where there is none that may be kept."""
        text = as_text(self.root.get("traceId"))
        return text if _TRACE.fullmatch(text) else ""


def read_envelope(body: bytes) -> Envelope | None:
    """Return the envelope in `body`, None where there is no JSON object with a whole number as `code`."""
    root = json_object(body)
    code = as_int(root.get("code")) if root is not None else None
    if root is None or code is None:
        return None
    return Envelope(code, as_text(root.get("message")) or as_text(root.get("result")), root)


def unreadable(reply: Reply) -> str:
    """Return why `reply` is no answer of NXCloud's, without quoting it."""
    what = "a body that is no answer of the API" if reply.body.strip() else "no body"
    return f"HTTP {reply.status} with {what}"
