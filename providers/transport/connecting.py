"""Opens connections: straight, over TLS, and through a forward proxy."""

import asyncio
import ssl
from functools import lru_cache
from typing import TypeVar, cast

from providers.transport.connection import Connection
from providers.transport.writing import Place

P = TypeVar("P", bound=asyncio.Protocol)


class ProxyFailed(OSError):
    """The forward proxy could not be reached, or opened no tunnel."""


async def connect(to: Place, tls: ssl.SSLContext | None, proxy: Place | None) -> Connection:
    """Return an open connection for calls to `to`; the caller bounds the time.

    Raises OSError (of which ssl.SSLError and ProxyFailed are kinds) where none could be made; nothing was sent then.
    """
    loop = asyncio.get_running_loop()
    context = (tls or _public_authorities()) if to.tls else None
    if proxy is None:
        name = to.host if context else None
        _, made = await loop.create_connection(Connection, to.host, to.port, ssl=context, server_hostname=name)
        return made
    if context is None:
        return (await _reach(proxy, Connection))[1]
    tunnel, asked = await _reach(proxy, _Tunnel)
    made = Connection()
    try:
        await asked.open(f"[{to.host}]:{to.port}" if ":" in to.host else f"{to.host}:{to.port}")
        inside = await loop.start_tls(tunnel, made, context, server_hostname=to.host)
    except BaseException:
        tunnel.abort()
        raise
    if inside is None:
        raise ProxyFailed
    made.connection_made(inside)
    return made


async def _reach(proxy: Place, protocol: type[P]) -> tuple[asyncio.Transport, P]:
    try:
        return await asyncio.get_running_loop().create_connection(protocol, proxy.host, proxy.port)
    except OSError as error:
        raise ProxyFailed(*error.args) from error


@lru_cache(maxsize=1)
def _public_authorities() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Tunnel(asyncio.Protocol):
    """Asks a forward proxy for a way through."""

    def __init__(self) -> None:
        self._answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._read = b""

    async def open(self, authority: str) -> None:
        """Wait until the proxy has opened the way to `authority`. Raises OSError."""
        self._transport.write(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode())
        line = (await self._answered).partition(b"\r\n")[0].split(b" ")
        if len(line) < 2 or line[1] != b"200":
            raise ProxyFailed

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._read += data
        if b"\r\n\r\n" in self._read or len(self._read) > 1 << 14:
            self._end(self._read)

    def connection_lost(self, error: Exception | None) -> None:
        self._end(b"")

    def _end(self, answer: bytes) -> None:
        if not self._answered.done():
            self._answered.set_result(answer)
