"""The sandbox's state on disk: SQLite behind one thread, written in batches."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from providers.sandbox import schema

log = logging.getLogger(__name__)
Row = Sequence[Any] | Mapping[str, Any]
T = TypeVar("T")

BATCH_SECONDS = 0.05
CROWD = 4_000
TRIM_EVERY = 2_000


class Store:
    """One SQLite file. Everything that touches it runs in one thread, in the order it was asked for.

    `put` costs no wait: its rows are written within about 50 ms, and before any read. Whatever must be on disk
    before it is told goes through `commit`.
    """

    def __init__(self, path: Path, *, keep_requests: int, keep_messages: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(schema.TABLES)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-store")
        self._pending: dict[str, list[Row]] = {}
        self._latest: dict[str, object] = {}
        self._count = 0
        self._since_trim = 0
        self._keep = ((schema.TRIM_REQUESTS, keep_requests), (schema.TRIM_MESSAGES, keep_messages))
        self._queue = asyncio.Lock()
        self._beat: asyncio.Task[None] | None = None

    def load(self, sql: str, row: Row = ()) -> list[tuple[Any, ...]]:
        """Return rows at once; only for starting, before `start`."""
        return self._database.execute(sql, row).fetchall()

    async def start(self) -> None:
        """Begin to write batches."""
        self._beat = asyncio.create_task(self._write_regularly())

    async def close(self) -> None:
        """Write what is pending and close the file."""
        if self._beat:
            self._beat.cancel()
            with suppress(asyncio.CancelledError):
                await self._beat
        await self.flush()
        self._thread.shutdown()
        self._database.close()

    @property
    def crowded(self) -> bool:
        """Whether more waits to be written than a caller should add to; then it should await `room` first."""
        return self._count > CROWD

    async def room(self) -> None:
        """Return once the disk has caught up, so that a burst is slowed down and does not grow the memory."""
        async with self._queue:
            if self.crowded:
                await self.flush()

    def put(self, sql: str, row: Row) -> None:
        """Write `row` with the next batch; `sql` is one of `schema.BATCH_ORDER`."""
        self._pending.setdefault(sql, []).append(row)
        self._count += 1

    def keep(self, name: str, value: object) -> None:
        """Write `value`, encoded when the batch is cut, as the state `name`; of many only the last is written."""
        self._latest[name] = value

    async def flush(self) -> None:
        """Return when all that was put is on disk."""
        await self.run(lambda database: None)

    async def commit(self, *rows: tuple[str, Row]) -> None:
        """Return when the rows, and all that was put before, are committed."""
        for sql, row in rows:
            self.put(sql, row)
        await self.flush()

    async def read(self, sql: str, row: Row = ()) -> list[tuple[Any, ...]]:
        """Return rows, with everything put before already in them."""
        return await self.run(lambda database: database.execute(sql, row).fetchall())

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Write what is pending, then run `work` in a transaction of its own and return its result."""
        batch, self._pending = self._pending, {}
        if self._latest:
            batch[schema.PUT_STATE] = [(name, msgspec.json.encode(value)) for name, value in self._latest.items()]
            self._latest = {}
        count, self._count = self._count, 0
        writing = asyncio.get_running_loop().run_in_executor(self._thread, self._work, batch, count, work)
        # Whoever waits may be cancelled (a client that goes away, the end); the batch is everybody's.
        return await asyncio.shield(writing)

    async def _write_regularly(self) -> None:
        while True:
            await asyncio.sleep(BATCH_SECONDS)
            if not self._pending and not self._latest:
                continue
            try:
                await self.flush()
            except sqlite3.Error:
                log.exception("a batch of the sandbox's state could not be written")

    def _work(self, batch: dict[str, list[Row]], count: int, work: Callable[[sqlite3.Connection], T]) -> T:
        database = self._database
        if batch:
            with database:
                database.execute("BEGIN IMMEDIATE")
                for sql in schema.BATCH_ORDER:
                    if rows := batch.get(sql):
                        database.executemany(sql, rows)
                self._trim(count)
        with database:
            database.execute("BEGIN")
            return work(database)

    def _trim(self, count: int) -> None:
        self._since_trim += count
        if self._since_trim >= TRIM_EVERY:
            self._since_trim = 0
            for sql, keep in self._keep:
                self._database.execute(sql, (keep,))
