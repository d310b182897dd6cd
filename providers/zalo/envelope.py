"""The envelope of every answer of Zalo's API hosts: {"error": int, "message": text, "data": ...}.

Errors normally come with HTTP 200, so the envelope decides and not the status (zalo-zns-oa.md section 2).
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from providers.contract import Reply
from providers.zalo.fields import as_int, as_object, as_text, json_object


class Envelope(msgspec.Struct, frozen=True):
    """One answer read: `code` is 0 for success; `data` may be of any JSON type; `root` is the whole object."""

    code: int
    message: str
    data: Any
    root: Mapping[str, Any]

    @property
    def fields(self) -> Mapping[str, Any]:
        """`data` as an object, empty where it is null, absent or something else."""
        return as_object(self.data)


def read_envelope(body: bytes) -> Envelope | None:
    """Return the envelope in `body`, None where there is no JSON object with a numeric `error` (quoted ones count)."""
    root = json_object(body)
    if root is None:
        return None
    code = as_int(root.get("error"))
    if code is None:
        return None
    return Envelope(code, as_text(root.get("message")), root.get("data"), root)


def unreadable(reply: Reply) -> str:
    """Return why `reply` is no answer of Zalo's API, without quoting it."""
    return f"HTTP {reply.status} with {'no body' if not reply.body.strip() else 'a body that is no answer of the API'}"
