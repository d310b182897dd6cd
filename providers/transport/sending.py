"""The transport: sends calls over a pool of connections."""

import os
import socket
import ssl
from time import perf_counter
from types import TracebackType
from typing import Final, Self

from providers.contract import Call, NoAnswer, NotSent, Reply, Response
from providers.transport.connection import Broken
from providers.transport.pool import Pool
from providers.transport.writing import Unwritable, place, request

CONNECT_SECONDS: Final = 3.0


class Transport:
    """Pooled keep-alive connections of one event loop.

    To be made inside the running loop that uses it and closed there (`async with` or `close`). `limit` bounds the
    connections open at once; a call that gets none within the connect time is NotSent. `tls` replaces the default
    trust store. `proxy` is the URL of a plain HTTP forward proxy that every call takes, empty for none.
    """

    def __init__(self, limit: int = 512, tls: ssl.SSLContext | None = None, proxy: str = "") -> None:
        self._proxy = place(proxy) if proxy else None
        self._pool = Pool(limit, tls, self._proxy)

    async def send(self, call: Call) -> Response:
        """Send `call` once and return what came back; never raises except when cancelled.

        `call.timeout` (seconds) bounds the whole call, of which connecting gets at most three. A redirect is returned
        as the reply it is.
        """
        started = perf_counter()
        try:
            to = place(call.url)
            written = request(call, to, absolute=self._proxy is not None and not to.tls)
            # The connect time stays below the whole, so that running out of it is told as just that.
            connection = await self._pool.take(to, min(CONNECT_SECONDS, 0.9 * call.timeout))
        except (Unwritable, OSError, UnicodeError) as error:
            return NotSent(reason=_reason(error))
        try:
            status, headers, body = await connection.ask(written, call.timeout - (perf_counter() - started))
        except Broken as error:
            return NoAnswer(reason=str(error))
        finally:
            self._pool.give_back(connection, to)
        return Reply(status=status, headers=headers, body=body, elapsed=perf_counter() - started)

    async def close(self) -> None:
        """Close all connections; calls still in flight end as NoAnswer."""
        self._pool.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _reason(error: Exception) -> str:
    # The class and the system's own word only: an exception's text may quote the address.
    if isinstance(error, Unwritable):
        return str(error)
    return f"{type(error).__name__}: {said}" if (said := _said(error)) else type(error).__name__


def _said(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return error.reason or ""
    if isinstance(error, socket.gaierror):
        return error.strerror or ""
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else ""
