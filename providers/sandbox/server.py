"""The HTTP server: the first path segment is the host, `/_/` is the control."""

import asyncio
import logging
import socket
import struct
import time
from typing import Any

from aiohttp import web

from providers.sandbox.control import Control
from providers.sandbox.exchange import Answer, Host, Request, Result, Silence, json_answer
from providers.sandbox.hosts import hosts, real_name
from providers.sandbox.state import Sandbox

log = logging.getLogger(__name__)
CONTROL = "_"
HOLD_SECONDS = 600
STOP_SECONDS = 0.3
LARGEST_REQUEST = 8 << 20
BACKLOG = 2048
# The loop takes one new connection of a listening socket a turn: hundreds that come together would wait for seconds
# behind the requests of those that were taken.
ACCEPTED_AT_ONCE = 16


class Server:
    """Serves all hosts of one sandbox on one port."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._hosts: dict[str, Host] = hosts(sandbox)
        self._control = Control(sandbox, self._hosts)
        self._runner = web.ServerRunner(
            web.Server(
                self._serve,
                request_factory=_request,
                handler_cancellation=True,
                access_log=None,
                keepalive_timeout=600,
            ),
            shutdown_timeout=STOP_SECONDS,
        )
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen; `port` 0 takes a free one, told by `self.port`. Raises OSError if the port is taken."""
        await self._sandbox.start()
        try:
            await self._runner.setup()
            await self._listen(host, port)
        except OSError:
            await self.stop()
            raise
        self.port = self._runner.addresses[0][1]

    async def _listen(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family, backlog=BACKLOG) as listening:
            for _ in range(ACCEPTED_AT_ONCE):
                await web.SockSite(self._runner, listening.dup(), backlog=BACKLOG).start()

    async def stop(self) -> None:
        """Close all connections and save the state; takes less than a second."""
        await self._runner.cleanup()
        await self._sandbox.stop()

    async def _serve(self, raw: web.BaseRequest) -> web.StreamResponse:
        target, _, query = raw.path_qs.partition("?")
        name, _, path = target[1:].partition("/")
        if name == CONTROL:
            return await self._control.serve(raw, "/" + path)
        name = real_name(name, self._hosts)
        host = self._hosts.get(name)
        if host is None:
            return _response(json_answer({"error": "no such host in the sandbox", "hosts": sorted(self._hosts)}, 404))
        request = Request(
            id=self._sandbox.record.next_id(),
            at=time.time(),
            method=raw.method,
            host=name,
            path="/" + path,
            query=query,
            headers={key.lower(): value for key, value in raw.headers.items()},
            body=await raw.read(),
        )
        return await self._reply(raw, request, host)

    async def _reply(self, raw: web.BaseRequest, request: Request, host: Host) -> web.StreamResponse:
        sandbox = self._sandbox
        if sandbox.store.crowded:
            await sandbox.store.room()
        result = await self._result(request, host)
        if isinstance(result, Answer):
            sandbox.record.note(request, result)
            return _response(result)
        sandbox.record.note(request, None)
        if result is Silence.HOLD:
            await asyncio.sleep(HOLD_SECONDS)
        _reset(raw.transport)
        return web.Response()

    async def _result(self, request: Request, host: Host) -> Result:
        faults = self._sandbox.faults
        try:
            if faults.all:
                self._sandbox.record.note(request, None)
                struck = await faults.strike(request, host)
                if struck is not None:
                    return struck
            return await host.answer(request)
        except asyncio.CancelledError:
            self._sandbox.record.note(request, None)
            raise
        except Exception:
            log.exception("the sandbox failed at %s %s%s", request.method, request.host, request.path)
            return json_answer({"error": "the sandbox itself failed; see its log"}, 500)


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    """Return a request that may be as large as the largest upload of any host."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_REQUEST)


def _response(answer: Answer) -> web.Response:
    return web.Response(
        status=answer.status,
        body=answer.body,
        headers={"Content-Type": answer.content_type, **answer.headers},
    )


def _reset(transport: asyncio.Transport | None) -> None:
    """Close with RST, so that the client sees a reset and not an end of file."""
    if transport is None:
        return
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
