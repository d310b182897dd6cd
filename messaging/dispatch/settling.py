"""Collects outcomes and settles them in batches, never waiting for the slowest call."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import psycopg
import structlog

from messaging.dispatch.consequences import Followed, follow
from messaging.dispatch.loading import Loaded
from messaging.dispatch.mirroring import mirror_quotas
from messaging.dispatch.settle import Result, settle
from providers.contract import Outcome
from providers.registry import provider
from tenants.runtime import ChannelRuntime

EVERY = 0.05
BATCH = 500
# So many are worth a transaction of their own; waiting for more would only keep places idle.
ENOUGH = 128
# While the database works on one batch the next is prepared.
AT_ONCE = 2
LONGEST_WAIT = 5.0
# What no repetition mends: something of an answer fits no column, or no time.
UNWRITABLE = (psycopg.DataError, psycopg.IntegrityError, ValueError, ArithmeticError)
log = structlog.get_logger(__name__)
InDatabase = Callable[[Callable[[], Any]], Awaitable[Any]]


class Settler:
    """`settled` is told when a batch is written. `backlog` counts outcomes that are not."""

    def __init__(self, in_database: InDatabase, settled: Callable[[], None]) -> None:
        self._in_database = in_database
        self._settled = settled
        self._waiting: list[tuple[Result, Followed]] = []
        self._unwritten = 0
        self._writes: set[asyncio.Task[None]] = set()
        self._more = asyncio.Event()
        self._closed = False

    def add(self, loaded: Loaded, outcome: Outcome, runtime: ChannelRuntime, probe: bool = False) -> None:
        """Take an outcome for the next batch; `probe` is that of its claim."""
        echoes = provider(runtime.kind).capabilities.echoes
        names = None if echoes else runtime.account_id
        result = Result(loaded.claimed, runtime.channel_id, outcome, loaded.rules, names)
        claimed, called = loaded.claimed, loaded.outbound is not None
        followed = Followed(claimed.message_id, outcome, runtime, loaded.template_id, probe, claimed.tries, called)
        self._waiting.append((result, followed))
        self._unwritten += 1
        self._more.set()

    @property
    def backlog(self) -> int:
        """Return how many outcomes wait to be written or are being written."""
        return self._unwritten

    def close(self) -> None:
        """Settle what is here and let `run` end."""
        self._closed = True
        self._more.set()

    async def run(self) -> None:
        """Settle until closed and empty."""
        while self._waiting or not self._closed:
            await self._more.wait()
            if not self._closed and len(self._waiting) < ENOUGH:
                await asyncio.sleep(EVERY)
            if len(self._writes) >= AT_ONCE:
                await asyncio.wait(self._writes, return_when=asyncio.FIRST_COMPLETED)
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            if batch:
                self._writes.add(asyncio.create_task(self._write(batch)))
            if not self._waiting and not self._closed:
                self._more.clear()
        if self._writes:
            await asyncio.wait(self._writes)

    async def _write(self, batch: list[tuple[Result, Followed]]) -> None:
        await self._settle(batch)
        self._unwritten -= len(batch)
        self._settled()
        try:
            await self._in_database(lambda: follow([followed for _, followed in batch]))
        except Exception as error:
            log.warning("settle.consequences_failed", error=type(error).__name__)
        finally:
            self._writes.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _settle(self, batch: list[tuple[Result, Followed]]) -> None:
        """Settle a batch, again and again until it commits: the calls were made and must be known.

        An outcome that cannot be written is parted from the others; its message is unknown when its lease ends.
        """
        wait = EVERY
        answers = [(followed.runtime.official_account_id, followed.outcome) for _, followed in batch]
        while True:
            try:
                await self._in_database(lambda: mirror_quotas(answers))
                await self._in_database(lambda: settle([result for result, _ in batch]))
                return
            except UNWRITABLE as error:
                log.error("settle.unwritable", error=type(error).__name__, count=len(batch))
                break
            except Exception as error:
                log.warning("settle.again", error=type(error).__name__, detail=str(error)[:200], count=len(batch))
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
        if len(batch) > 1:
            half = len(batch) // 2
            await self._settle(batch[:half])
            await self._settle(batch[half:])
