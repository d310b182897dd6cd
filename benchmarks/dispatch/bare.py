"""Claim, post, write in one event loop, in batches and without any policy: about what the machine can do in Python."""

import asyncio
import json
import os
from typing import Any

import psycopg
import uvloop

from benchmarks.plain_rows import SENT
from providers.contract import Call, Reply
from providers.transport import Transport

AT_ONCE = 512
CLAIM = 256
SETTLE_SECONDS = 0.05

_CLAIM = """
UPDATE bare SET state = 1, attempts = attempts + 1 WHERE id IN
  (SELECT id FROM bare WHERE state = 0 ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, phone, template, template_data
"""
_WRITE = """
UPDATE bare SET state = %s, provider_message_id = done.sent_as, settled_at = clock_timestamp()
FROM unnest(%s::bigint[], %s::text[]) AS done(id, sent_as) WHERE bare.id = done.id
"""
Row = tuple[int, str, str, dict[str, Any]]


class Loop:
    """Holds what is under way."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._url = os.environ["SEND_URL"]
        self._headers = (("access_token", os.environ["ACCESS_TOKEN"]), ("Content-Type", "application/json"))
        self.under_way: set[asyncio.Task[None]] = set()
        self.done: list[tuple[int, str]] = []

    def start(self, rows: list[Row]) -> None:
        """Post all rows."""
        for row in rows:
            task = asyncio.create_task(self._post(row))
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)

    async def _post(self, row: Row) -> None:
        number, phone, template, data = row
        body = {"phone": phone, "template_id": template, "template_data": data, "tracking_id": f"bare-{number}"}
        call = Call(method="POST", url=self._url, headers=self._headers, body=json.dumps(body).encode())
        reply = await self._transport.send(call)
        if not isinstance(reply, Reply):
            raise RuntimeError(reply.reason)
        self.done.append((number, json.loads(reply.body)["data"]["msg_id"]))


async def main() -> None:
    """Work until nothing waits."""
    url = os.environ["DATABASE_URL"]
    async with (
        Transport(limit=AT_ONCE) as transport,
        await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as claims,
        await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as writes,
    ):
        loop, ended = Loop(transport), asyncio.Event()
        writing = asyncio.create_task(_write(loop, writes, ended))
        while rows := await (await claims.execute(_CLAIM, (CLAIM,))).fetchall():
            loop.start(rows)
            while len(loop.under_way) > AT_ONCE - CLAIM:
                await asyncio.wait(loop.under_way, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(*loop.under_way)
        ended.set()
        await writing


async def _write(loop: Loop, connection: "psycopg.AsyncConnection[Any]", ended: asyncio.Event) -> None:
    while not ended.is_set() or loop.done:
        await asyncio.sleep(SETTLE_SECONDS)
        batch, loop.done = loop.done, []
        if batch:
            numbers, names = zip(*batch, strict=True)
            await connection.execute(_WRITE, (SENT, list(numbers), list(names)))


if __name__ == "__main__":
    uvloop.run(main())
