"""Kept-alive connections of one event loop, shared by address."""

import asyncio
import ssl
from collections import OrderedDict, deque
from typing import Final

from providers.transport.connecting import connect
from providers.transport.connection import Connection
from providers.transport.writing import Place

# Below the five seconds after which common servers drop an idle connection: a request written into a connection that
# is just being closed has an unknown outcome, and a new handshake is cheaper than that.
IDLE_SECONDS: Final = 4.0
Origin = tuple[bool, str, int]


class Pool:
    """At most `limit` connections are open at once, those that idle included."""

    def __init__(self, limit: int, tls: ssl.SSLContext | None, proxy: Place | None) -> None:
        self._tls, self._proxy = tls, proxy
        self._limit = limit
        self._free = asyncio.Semaphore(limit)
        self._idle: OrderedDict[Origin, deque[Connection]] = OrderedDict()
        self._open: set[Connection] = set()
        self._making = 0
        self._sweeping: asyncio.TimerHandle | None = None

    async def take(self, to: Place, seconds: float) -> Connection:
        """Return a connection that nobody else uses, to be given back.

        Raises TimeoutError where none is to be had within `seconds`, OSError where none can be made.
        """
        if not self._free.locked():
            await self._free.acquire()  # does not wait, and needs no timer
            kept = self._kept(to)
            if kept is not None:
                return kept
            return await self._made(to, seconds)
        async with asyncio.timeout(seconds) as limit:
            await self._free.acquire()
        kept = self._kept(to)
        left = (limit.when() or 0.0) - asyncio.get_running_loop().time()
        return kept if kept is not None else await self._made(to, left)

    def give_back(self, connection: Connection, to: Place) -> None:
        """Keep a usable connection for the next call; close any other."""
        self._free.release()
        if not connection.usable:
            self._drop(connection)
            return
        loop = asyncio.get_running_loop()
        connection.idle_since = loop.time()
        self._idle.setdefault(to.origin, deque()).append(connection)
        if self._sweeping is None:
            self._sweeping = loop.call_later(IDLE_SECONDS, self._sweep)

    def close(self) -> None:
        """Close all connections."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        for connection in list(self._open):
            self._drop(connection)
        self._idle.clear()

    def _kept(self, to: Place) -> Connection | None:
        waiting = self._idle.get(to.origin)
        oldest = asyncio.get_running_loop().time() - IDLE_SECONDS
        while waiting:
            connection = waiting.pop()
            if connection.usable and connection.idle_since > oldest:
                return connection
            self._drop(connection)
        return None

    async def _made(self, to: Place, seconds: float) -> Connection:
        self._making += 1
        try:
            if len(self._open) + self._making > self._limit:
                self._make_room()
            async with asyncio.timeout(seconds):
                made = await connect(to, self._tls, self._proxy)
        except BaseException:
            self._free.release()
            raise
        finally:
            self._making -= 1
        self._open.add(made)
        return made

    def _make_room(self) -> None:
        """Close the connection of another address that has idled longest."""
        waiting = [kept for kept in self._idle.values() if kept]
        if waiting:
            self._drop(min(waiting, key=lambda kept: kept[0].idle_since).popleft())

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        oldest = loop.time() - IDLE_SECONDS
        for origin, waiting in list(self._idle.items()):
            while waiting and waiting[0].idle_since <= oldest:
                self._drop(waiting.popleft())
            if not waiting:
                del self._idle[origin]
        self._sweeping = loop.call_later(IDLE_SECONDS / 2, self._sweep) if self._idle else None

    def _drop(self, connection: Connection) -> None:
        connection.close()
        self._open.discard(connection)
