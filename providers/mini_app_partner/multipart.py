"""Multipart bodies as Zalo's own client writes them (zalo-mini-app.md section 7, Payment channel fields)."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from providers.contract import Headers


class File(msgspec.Struct, frozen=True):
    """A file to upload."""

    name: str
    content_type: str
    body: bytes


def multipart(fields: Mapping[str, object], files: Mapping[str, File]) -> tuple[Headers, bytes]:
    """Return header and body; booleans are `true` or `false`, items of a list `name[i]`.

    The boundary comes of the content, so that equal parts make equal bytes. Raises ValueError for a name or type that
    would break out of its header.
    """
    parts = [(_head(name), text.encode()) for name, text in _flat(fields)]
    parts += [(_head(name, file), file.body) for name, file in files.items()]
    digest = hashlib.sha256()
    for head, body in parts:
        digest.update(head + body)
    boundary = b"gateway-" + digest.hexdigest().encode()
    chunks = [b"--%b\r\n%b\r\n\r\n%b\r\n" % (boundary, head, body) for head, body in parts]
    header = ("Content-Type", f"multipart/form-data; boundary={boundary.decode()}")
    return (header,), b"".join([*chunks, b"--%b--\r\n" % boundary])


def _flat(fields: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if isinstance(value, Sequence) and not isinstance(value, str):
            yield from ((f"{name}[{at}]", _text(each)) for at, each in enumerate(value))
        else:
            yield name, _text(value)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _head(name: str, file: File | None = None) -> bytes:
    words = (name, file.name, file.content_type) if file else (name,)
    if any(bad in word for word in words for bad in '"\r\n\\'):
        raise ValueError("a part's name or type may hold no quotes, backslashes or line breaks")
    head = f'Content-Disposition: form-data; name="{name}"'
    if file:
        head += f'; filename="{file.name}"\r\nContent-Type: {file.content_type}'
    return head.encode()
