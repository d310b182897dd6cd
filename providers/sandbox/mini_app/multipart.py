"""The parts of a multipart body."""

from email.parser import BytesParser
from email.policy import HTTP

import msgspec

from providers.sandbox.exchange import Request
from providers.sandbox.mini_app.access import Refusal


class Part(msgspec.Struct, frozen=True):
    """One part: `content_type` is that of a file."""

    body: bytes
    file_name: str
    content_type: str


def parts(request: Request) -> dict[str, Part]:
    """Return the parts by name. Raises Refusal."""
    content_type = request.headers.get("content-type", "")
    if not content_type.startswith("multipart/form-data"):
        raise Refusal(-101, "Invalid parameters: not multipart")
    whole = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + request.body)
    found = {}
    for part in whole.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            found[name] = Part(payload, part.get_filename() or "", part.get_content_type())
    return found
