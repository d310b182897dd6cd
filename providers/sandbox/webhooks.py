"""Calls of the sandbox to the webhooks of its clients: planned, kept on disk until taken, retried by the ladder."""

import asyncio
import heapq
import logging
import sqlite3
import time
from collections.abc import Mapping
from contextlib import suppress

import aiohttp
import msgspec
from yarl import URL

from providers.sandbox import schema
from providers.sandbox.store import Store

log = logging.getLogger(__name__)

# zalo-zns-oa.md 6.1: HTTP 200 within two seconds, else again after these seconds with the header num_retry.
LADDER = (30.0, 300.0, 900.0, 1800.0, 3600.0)
# The attempt number of a call that is made once, whatever it is answered.
ONCE = len(LADDER) + 1
TIMEOUT = 2.0
AT_ONCE = 64
# Deliveries beyond this many stay on disk alone, so a client that is down for hours costs no memory.
HELD_AT_MOST = 20_000
LOOK_SECONDS = 0.25
TICK_SECONDS = 0.005

_TAKE = (
    "UPDATE deliveries SET held = 1 WHERE id IN "
    "(SELECT id FROM deliveries WHERE held = 0 AND due_at <= ? ORDER BY due_at LIMIT ?) "
    "RETURNING due_at, id, attempt, hook, headers, body"
)
_encode = msgspec.json.Encoder().encode


class Delivery(msgspec.Struct, frozen=True, order=True):
    """One call to a webhook: `due_at` in epoch seconds, `attempt` from 0, `hook` names the URL to call or is it."""

    due_at: float
    id: int
    attempt: int
    hook: str
    headers: Mapping[str, str]
    body: bytes


class Webhooks:
    """Delivers at least once, up to 64 calls at a time, in no promised order."""

    def __init__(self, store: Store, *, retry_scale: float) -> None:
        self._store = store
        self._scale = retry_scale
        self._last = int(store.load("SELECT coalesce(max(id), 0) FROM deliveries")[0][0])
        self._parked = int(store.load("SELECT count(*) FROM deliveries")[0][0])
        saved = store.load("SELECT value FROM state WHERE name = 'webhooks'")
        self.urls: dict[str, str] = msgspec.json.decode(saved[0][0]) if saved else {}
        self._heap: list[Delivery] = []
        self._ready: asyncio.Queue[Delivery] = asyncio.Queue()
        self._wake = asyncio.Event()
        self._held = 0
        self._taken = 0
        self._failed = 0
        self._looked = 0.0
        self._tasks: list[asyncio.Task[None]] = []
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open the pool and begin to deliver, also what an earlier run left."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=AT_ONCE),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept", "Accept-Encoding"),
        )
        self._tasks = [asyncio.create_task(self._pump())]
        self._tasks += [asyncio.create_task(self._carry()) for _ in range(AT_ONCE)]

    async def stop(self) -> None:
        """Stop at once; what was not taken stays on disk."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    def set_url(self, hook: str, url: str) -> None:
        """Call `url` for `hook`, or for all hooks without one of their own where `hook` is empty; no URL removes it."""
        if url:
            self.urls[hook] = url
        else:
            self.urls.pop(hook, None)
        self._store.keep("webhooks", self.urls)

    def url_of(self, hook: str) -> str:
        """Return the URL called for `hook`, empty if there is none; a hook that is a URL itself is its own."""
        if hook.startswith(("http://", "https://")):
            return hook
        return self.urls.get(hook) or self.urls.get("", "")

    def state(self) -> dict[str, object]:
        """Return the URLs, how many deliveries wait, and how many calls were taken or failed since the start."""
        waiting = self._held + self._parked
        return {"urls": self.urls, "waiting": waiting, "taken": self._taken, "failed": self._failed}

    def plan(self, hook: str, headers: Mapping[str, str], body: bytes, due_at: float, *, once: bool = False) -> None:
        """Call the hook's URL at `due_at` (epoch seconds). Without a URL the call is lost, as at the provider.

        A call made `once` is not repeated if it fails.
        """
        if not self.url_of(hook):
            return
        delivery = self._new(hook, headers, body, due_at, once)
        held = self._held < HELD_AT_MOST and due_at < time.time() + 30
        self._save(delivery, held=held)
        if not held:
            self._parked += 1
            return
        self._held += 1
        if not self._heap or due_at < self._heap[0].due_at:
            self._wake.set()
        heapq.heappush(self._heap, delivery)

    async def deliver_now(self, hook: str, headers: Mapping[str, str], body: bytes, *, once: bool = False) -> None:
        """Call the hook's URL and return when it answered or timed out; a failure goes on to the ladder."""
        if not self.url_of(hook):
            return
        delivery = self._new(hook, headers, body, time.time(), once)
        self._save(delivery, held=True)
        self._settle(delivery, await self._post(delivery))

    def _new(self, hook: str, headers: Mapping[str, str], body: bytes, due_at: float, once: bool) -> Delivery:
        self._last += 1
        return Delivery(due_at, self._last, ONCE if once else 0, hook, headers, body)

    def _save(self, delivery: Delivery, *, held: bool) -> None:
        row = (
            delivery.id,
            delivery.due_at,
            delivery.attempt,
            held,
            delivery.hook,
            _encode(delivery.headers),
            delivery.body,
        )
        self._store.put(schema.ADD_DELIVERY, row)

    async def _pump(self) -> None:
        while True:
            now = time.time()
            while self._heap and self._heap[0].due_at <= now:
                self._ready.put_nowait(heapq.heappop(self._heap))
            if self._parked and self._held < HELD_AT_MOST // 2 and now - self._looked >= LOOK_SECONDS:
                self._looked = now
                await self._look(now)
            self._wake.clear()
            pause = min(self._heap[0].due_at - now, LOOK_SECONDS) if self._heap else LOOK_SECONDS
            if pause < TICK_SECONDS:
                await asyncio.sleep(TICK_SECONDS)
            else:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), pause)

    async def _look(self, now: float) -> None:
        row = (now + LOOK_SECONDS, HELD_AT_MOST // 4)
        try:
            rows = await self._store.run(lambda database: database.execute(_TAKE, row).fetchall())
        except sqlite3.Error:
            log.exception("parked webhook calls could not be read")
            return
        self._parked -= len(rows)
        self._held += len(rows)
        for due_at, number, attempt, hook, headers, body in rows:
            heapq.heappush(self._heap, Delivery(due_at, number, attempt, hook, msgspec.json.decode(headers), body))

    async def _carry(self) -> None:
        while True:
            delivery = await self._ready.get()
            taken = await self._post(delivery)
            self._held -= 1
            self._settle(delivery, taken)

    async def _post(self, delivery: Delivery) -> bool:
        url = self.url_of(delivery.hook)
        if not url or self._session is None:
            return True
        headers = delivery.headers
        if 0 < delivery.attempt < ONCE:
            headers = {**headers, "num_retry": str(delivery.attempt)}
        try:
            async with self._session.post(
                URL(url, encoded=True), data=delivery.body, headers=headers, allow_redirects=False
            ) as response:
                await response.read()
                return response.status == 200
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return False

    def _settle(self, delivery: Delivery, taken: bool) -> None:
        self._taken += taken
        self._failed += not taken
        if taken or delivery.attempt >= len(LADDER):
            self._store.put(schema.END_DELIVERY, (delivery.id,))
            return
        due_at = time.time() + LADDER[delivery.attempt] * self._scale
        self._store.put(schema.PARK_DELIVERY, (due_at, delivery.attempt + 1, delivery.id))
        self._parked += 1
