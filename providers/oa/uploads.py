"""Uploads of what a message shall carry: their limits and their exact bytes (zalo-zns-oa.md section 7.3)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from typing import Final

import msgspec

from providers.contract import Call, Context, Question
from providers.zalo.calls import auth_headers
from providers.zalo.hosts import OA_HOST

_MIB: Final = 1 << 20
_UNSAFE: Final = re.compile(r'[^\w. ()-]+|"')


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of upload: `largest` in bytes, `types` by the ending of the file's name."""

    path: str
    largest: int
    types: Mapping[str, str]


UPLOADS: Final[Mapping[str, Upload]] = {
    "upload_image": Upload(
        path="/v2.0/oa/upload/image",
        largest=_MIB,
        types={"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"},
    ),
    "upload_gif": Upload(path="/v2.0/oa/upload/gif", largest=5 * _MIB, types={"gif": "image/gif"}),
    "upload_file": Upload(
        path="/v2.0/oa/upload/file",
        largest=5 * _MIB,
        types={
            "pdf": "application/pdf",
            "doc": "application/msword",
            "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "csv": "text/csv",
        },
    ),
}


class CannotUpload(ValueError):
    """What was given cannot be uploaded; the text says why."""


def upload_call(question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    """Return the call that uploads `content` (base64) under `name`. Raises KeyError or CannotUpload."""
    upload, name = UPLOADS[question.kind], question.params["name"]
    stem, _, ending = name.rpartition(".")
    content_type = upload.types.get(ending.lower())
    if not stem or content_type is None:
        raise CannotUpload(f"the name must end in one of {', '.join(upload.types)}")
    content = _content(question.params["content"], upload.largest)
    boundary = hashlib.sha256(content).hexdigest()[:32]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{_UNSAFE.sub("_", name)}"\r\n'
        f"Content-Type: {content_type}\r\n\r\n"
    )
    return Call(
        method="POST",
        url=context.url(OA_HOST, upload.path),
        headers=(*auth_headers(credentials), ("Content-Type", f"multipart/form-data; boundary={boundary}")),
        body=head.encode() + content + f"\r\n--{boundary}--\r\n".encode(),
        timeout=context.timeout,
    )


def _content(text: str, largest: int) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise CannotUpload("the content is not base64") from error
    if not content or len(content) > largest:
        raise CannotUpload(f"the content is empty or over {largest:,} bytes")
    return content
