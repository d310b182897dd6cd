"""One HTTP/1.1 connection: one request at a time, and the answer to it."""

import asyncio
import os
import zlib
from typing import Final, cast

import httptools

MAX_BODY: Final = 1 << 20
MAX_HEAD: Final = 1 << 16
_COMPRESSED: Final = frozenset({"gzip", "x-gzip", "deflate"})
_INFLATE_ANY: Final = zlib.MAX_WBITS | 32
Answer = tuple[int, dict[str, str], bytes]


class Broken(Exception):
    """No whole answer came back. The text quotes nothing of what was sent or received."""


class Connection(asyncio.Protocol):
    """`usable` tells whether another request may be written; `idle_since` is the pool's note (the loop's clock)."""

    def __init__(self) -> None:
        self.idle_since = 0.0
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._clean = True
        self._begin()

    def _begin(self) -> None:
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._size = self._received = 0
        self._whole_at_end = False

    @property
    def usable(self) -> bool:
        """Return whether the connection is open and between two requests."""
        return self._clean and self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes, seconds: float) -> Answer:
        """Write the request once and return status, headers (lower-case names) and body.

        Raises Broken where no whole answer comes back within `seconds`; the connection is closed then, as it is when
        the caller is cancelled.
        """
        if self._transport is None:
            raise Broken("the connection was closed")
        self._begin()
        self._clean = False
        answer = self._answer = self._loop.create_future()
        timer = self._loop.call_later(seconds, self._fail, "timed out")
        self._transport.write(request)
        try:
            status, headers, body = await answer
        finally:
            timer.cancel()
            self._answer = None
            if not self._clean:
                self.close()
        encoding = headers.get("content-encoding", "").lower()
        return status, headers, _inflated(body) if body and encoding in _COMPRESSED else body

    def close(self) -> None:
        """Close at once; an answer that is awaited is broken."""
        self._clean = self._whole_at_end = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the open connection (after the handshake, where there is one)."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Parse what came; what nobody asked for ends the connection."""
        self._received += len(data)
        if self._answer is None or self._answer.done():
            self.close()
        elif self._received > MAX_BODY + MAX_HEAD:
            self._fail(f"the answer is over {MAX_BODY} bytes")
        else:
            try:
                self._parser.feed_data(data)
            except (httptools.HttpParserError, httptools.HttpParserUpgrade, UnicodeDecodeError):
                self._fail("no valid HTTP answer")

    def eof_received(self) -> None:
        """Take the end of the stream as the end of a body that has no other."""
        self._clean = False  # over TLS the transport may not say yet that it is closing
        if self._whole_at_end:
            self._deliver()
        self._fail("the connection was closed")

    def connection_lost(self, error: Exception | None) -> None:
        """Tell whoever waits."""
        if self._whole_at_end and error is None:
            self._deliver()
        self._fail(_reason(error) if error else "the connection was closed")
        self._transport = None

    def on_message_begin(self) -> None:
        """Start an answer; a second one in the same breath answers nothing."""
        if self._answer is None or self._answer.done():
            self._clean = False
        self._headers, self._body = {}, []

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header."""
        self._headers[name.lower().decode()] = value.decode("utf-8", "surrogateescape")

    def on_headers_complete(self) -> None:
        """See whether the body ends with the connection."""
        framed = "content-length" in self._headers or "transfer-encoding" in self._headers
        self._whole_at_end = not framed and not self._parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        """Collect a part of the body."""
        self._size += len(body)
        if self._size > MAX_BODY:
            self._fail(f"the answer is over {MAX_BODY} bytes")
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        """Deliver the answer, unless it only says that one will follow."""
        self._whole_at_end = False
        if self._answer is not None and not self._answer.done() and self._parser.get_status_code() >= 200:
            self._clean = self._parser.should_keep_alive()
            self._deliver()

    def _deliver(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), self._headers, b"".join(self._body)))

    def _fail(self, reason: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._clean = False
            self._answer.set_exception(Broken(reason))


def _inflated(body: bytes) -> bytes:
    inflating = zlib.decompressobj(_INFLATE_ANY)
    try:
        plain = inflating.decompress(body, MAX_BODY + 1)
    except zlib.error as error:
        raise Broken("no valid HTTP answer") from error
    if len(plain) > MAX_BODY:
        raise Broken(f"the answer is over {MAX_BODY} bytes")
    if not inflating.eof:
        raise Broken("no valid HTTP answer")
    return plain


def _reason(error: Exception) -> str:
    # The class and the system's own word only: an exception's text may quote the address or the bytes received.
    text = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
