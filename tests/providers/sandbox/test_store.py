"""What was put reaches the disk, whoever stops waiting for it."""

import asyncio
import threading
from pathlib import Path

import pytest

from providers.sandbox.store import Store

BOUND = 10.0
SAVED = "SELECT value FROM state WHERE name = 'money'"


def opened(home: Path) -> Store:
    return Store(home / "sandbox.sqlite3", keep_requests=10, keep_messages=10)


def test_a_batch_is_written_though_its_writer_is_cancelled_before_its_turn(tmp_path: Path) -> None:
    async def cancelled() -> None:
        store, busy = opened(tmp_path), threading.Event()
        other = asyncio.create_task(store.run(lambda database: busy.wait(BOUND)))
        await asyncio.sleep(0)
        store.keep("money", 7)
        writer = asyncio.create_task(store.flush())
        await asyncio.sleep(0)
        writer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writer
        busy.set()
        await other
        await store.close()

    asyncio.run(cancelled())

    assert opened(tmp_path).load(SAVED) == [(b"7",)]
