"""Calls of a transport to a scripted server."""

import asyncio
from collections.abc import Awaitable, Callable

from providers.contract import Reply, Response
from providers.transport import Transport
from tests.providers.wire import Script, Server, serving


def against(*scripts: Script, act: Callable[[Transport, Server], Awaitable[Response]]) -> tuple[Response, Server]:
    """Run `act` with a transport and a scripted server; return its response and the server."""

    async def run() -> tuple[Response, Server]:
        async with serving(*scripts) as server, Transport() as transport:
            return await act(transport, server), server

    return asyncio.run(run())


def once(*scripts: Script, method: str = "POST", timeout: float = 5.0) -> tuple[Response, Server]:
    return against(*scripts, act=lambda transport, server: transport.send(server.call(method, timeout=timeout)))


async def twice(transport: Transport, server: Server, method: str) -> Response:
    first = await transport.send(server.call(method, body=b"" if method == "GET" else b"hello"))
    assert isinstance(first, Reply)
    return await transport.send(server.call(method, body=b"" if method == "GET" else b"hello"))
