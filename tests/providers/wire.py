"""A server scripted byte by byte on a real socket, and the requests it saw."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from providers.contract import Call

Script = Callable[[bytes, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """`requests` holds what was read, one entry a request; `connections` counts what was accepted, `ended` those of
    them that are over. `seen` is set by the first request.
    """

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.ended = 0
        self.origin = ""
        self.seen = asyncio.Event()

    def call(self, method: str = "POST", path: str = "/x", body: bytes = b"hello", timeout: float = 5.0) -> Call:
        return Call(method=method, url=self.origin + path, body=body, legs=("a" * 32,), timeout=timeout)


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """Return one request with its body, empty at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return head + (await reader.readexactly(length) if length else b"")


@asynccontextmanager
async def serving(*scripts: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Serve the n-th request (over all connections) by the n-th script; the last one serves all that follow."""
    server = Server()
    tasks: set[asyncio.Task[None]] = set()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        server.connections += 1
        try:
            while request := await read_request(reader):
                server.requests.append(request)
                server.seen.set()
                await scripts[min(len(server.requests), len(scripts)) - 1](request, reader, writer)
                if writer.is_closing():
                    break
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            server.ended += 1
            writer.close()
            tasks.discard(task)

    listener = await asyncio.start_server(connection, "127.0.0.1", 0, ssl=tls)
    server.origin = f"{'https' if tls else 'http'}://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listener.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def answer(data: bytes) -> Script:
    """Write `data` and keep the connection."""

    async def script(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return script


def answer_and_close(data: bytes = b"") -> Script:
    """Write `data` and close the connection in an orderly way."""

    async def script(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    return script


def reset(data: bytes = b"") -> Script:
    """Write `data`, then tear the connection down."""

    async def script(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.transport.abort()

    return script


async def hang(_: bytes, reader: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    """Answer nothing until the client goes."""
    await reader.read()
