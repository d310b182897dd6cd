"""Where a call goes and the bytes of its request."""

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import msgspec

from providers.contract import Call

USER_AGENT: Final = "notification-gateway/1"
_PORTS: Final = {"http": 80, "https": 443}
_NO_BODY: Final = frozenset({"GET", "DELETE"})


class Unwritable(ValueError):
    """The call cannot be written as a request. The text quotes nothing of it."""


class Place(msgspec.Struct, frozen=True):
    """A called address: how and where to connect, and what stands in the request (`authority` in its Host line)."""

    tls: bool
    host: str
    port: int
    authority: str
    target: str

    @property
    def origin(self) -> tuple[bool, str, int]:
        """Return what connections are shared by."""
        return self.tls, self.host, self.port


@lru_cache(maxsize=512)
def place(url: str) -> Place:
    """Return where `url` points. It is taken as encoded, so that the bytes which a provider packed (and perhaps signed)
    are those that travel. Raises Unwritable."""
    try:
        split = urlsplit(url)
        port = split.port or _PORTS.get(split.scheme)
    except ValueError as error:
        raise Unwritable("no valid address") from error
    if not split.hostname or port is None or split.username is not None:
        raise Unwritable("no valid address")
    target = (split.path or "/") + (f"?{split.query}" if split.query else "")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise Unwritable("no valid address")
    return Place(split.scheme == "https", split.hostname, port, split.netloc, target)


def request(call: Call, to: Place, *, absolute: bool = False) -> bytes:
    """Return the bytes of the call; with `absolute` its target is the whole URL, as a forward proxy wants it.

    Raises Unwritable where a header would break out of its line.
    """
    target = f"http://{to.authority}{to.target}" if absolute else to.target
    lines = [f"{call.method} {target} HTTP/1.1", f"Host: {to.authority}", f"User-Agent: {USER_AGENT}", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in call.headers]
    if call.body or call.method not in _NO_BODY:
        lines.append(f"Content-Length: {len(call.body)}")
    head = "\r\n".join(lines)
    if head.count("\n") != len(lines) - 1 or head.count("\r") != len(lines) - 1 or "\0" in head:
        raise Unwritable("a header holds a line break")
    return head.encode() + b"\r\n\r\n" + call.body
