"""The dispatcher: one event loop in a thread of a worker process, carrying many calls of one message class at once."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
import uvloop
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from messaging.dispatch import bell
from messaging.dispatch.asking import Asker
from messaging.dispatch.claiming import Claim
from messaging.dispatch.loading import Loaded
from messaging.dispatch.look import Look, look_at
from messaging.dispatch.places import Places
from messaging.dispatch.presence import say_alive
from messaging.dispatch.release import Release
from messaging.dispatch.sending import Sender
from messaging.dispatch.settling import AT_ONCE, Settler
from messaging.dispatch.tick import tick
from messaging.dispatch.turns import LINGER, POLL, Turn, Turns
from messaging.states import MessageClass
from providers.contract import Outcome
from providers.transport import Transport
from tenants.custody import ReconnectNeeded, RefreshFailed, RefreshInProgress, access_token
from tenants.runtime import ChannelRuntime, forget_account

TICK = 1.0
REJOIN = 0.5
FULL_POLL = 0.005
DATABASE_THREADS = 1 + AT_ONCE
SLOW_THREADS = 4
log = structlog.get_logger(__name__)
T = TypeVar("T")


class Dispatcher:
    """Carries the messages of one class. `start` and `stop` are for the process, `wake` for bells, from any thread."""

    def __init__(self, message_class: MessageClass, places: int | None = None) -> None:
        self.message_class = message_class
        self._places = Places(places or settings.DISPATCH_PLACES)
        # What is known of a call but not yet written is lost with the process, like a call under way: with half for
        # each, a killed process leaves at most as many outcomes unknown as it has places.
        self._most_unsettled = self._places.total // 2
        self._turns = Turns()
        self._stopping = False
        self._calls: set[asyncio.Task[None]] = set()
        self._database = ThreadPoolExecutor(DATABASE_THREADS, thread_name_prefix="dispatch-db")
        self._clockwork = ThreadPoolExecutor(1, thread_name_prefix="dispatch-tick")
        self._slow = ThreadPoolExecutor(SLOW_THREADS, thread_name_prefix="dispatch-slow")
        self._thread = threading.Thread(target=self._run, name=f"dispatcher-{message_class.queue}", daemon=True)
        self._ready = threading.Event()
        self._renewing: set[int] = set()
        self._rejoined: dict[int, float] = {}

    def start(self) -> None:
        """Start the loop; return when it takes bells."""
        self._thread.start()
        self._ready.wait(10)

    def stop(self, grace: float) -> None:
        """Claim nothing more, finish calls for at most `grace` seconds, settle, and end the loop."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop_claiming)
            self._thread.join(grace + 5)

    def wake(self, lane_id: int, tenant_id: int = 0) -> None:
        """Have a look at a lane soon; from any thread."""
        self._loop.call_soon_threadsafe(self._wake, lane_id, tenant_id)

    def _run(self) -> None:
        uvloop.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._something = asyncio.Event()
        async with Transport(limit=self._places.total) as transport:
            self._sender = Sender(transport, self._slow)
            self._settler = Settler(self._in_database, self._something.set)
            self._asker = Asker(transport, self._in_database)
            settling = asyncio.create_task(self._settler.run())
            ticking = asyncio.create_task(self._tick_forever())
            self._ready.set()
            await self._serve()
            ticking.cancel()
            await self._finish(settling)
        for pool, threads in ((self._database, DATABASE_THREADS), (self._clockwork, 1), (self._slow, SLOW_THREADS)):
            _close_connections(pool, threads)
            pool.shutdown(wait=True)

    def _stop_claiming(self) -> None:
        self._stopping = True
        self._something.set()

    def _wake(self, lane_id: int, tenant_id: int) -> None:
        if not self._stopping:
            self._turns.wake(lane_id, tenant_id)
            self._something.set()

    async def _serve(self) -> None:
        while not self._stopping:
            turn = self._turns.next(self._loop.time())
            if turn is None:
                await self._wait(self._turns.next_time())
                continue
            limit = self._places.claimable(turn.account_id)
            if not limit or self._settler.backlog >= self._most_unsettled:
                turn.look_at = self._loop.time() + FULL_POLL
                continue
            try:
                await self._look(turn, limit)
            except Exception:
                log.exception("dispatch.look_failed", lane=turn.lane_id)
                turn.look_at = self._loop.time() + TICK

    async def _wait(self, until: float | None) -> None:
        self._something.clear()
        timeout = None if until is None else max(0.0, until - self._loop.time())
        try:
            await asyncio.wait_for(self._something.wait(), timeout)
        except TimeoutError:
            return

    async def _look(self, turn: Turn, limit: int) -> None:
        started = time.monotonic()
        look: Look = await self._in_database(lambda: look_at(turn.lane_id, limit))
        runtime, claim = look.runtime, look.claim
        if runtime is None or claim is None:
            self._turns.sleep(turn.lane_id)
            if runtime is not None:
                self._renew(turn.lane_id, runtime)
            return
        turn.account_id = runtime.account_id
        if not look.loaded and not claim.moved and claim.look_again is None:
            await self._idle(turn)
            return
        turn.idle_since, turn.last_look = None, False
        turn.look_at = self._next_look(claim, started)
        self._send(look.loaded, runtime, claim, started)
        if claim.more:
            self._call_for_help(turn.lane_id)

    def _next_look(self, claim: Claim, started: float) -> float:
        """Return when the lane is worth another look, by the loop's clock."""
        if claim.more:
            return 0.0
        now = self._loop.time()
        if claim.look_again is None:
            return now + POLL
        wait = (claim.look_again - claim.at).total_seconds() - (time.monotonic() - started)
        return now + max(wait, POLL)

    def _send(self, loaded: Sequence[Loaded], runtime: ChannelRuntime, claim: Claim, started: float) -> None:
        self._places.take(runtime.account_id, len(loaded))
        calls = self._sender.start(loaded, runtime, Release(claim, started), self._done(runtime, claim.probe))
        self._calls |= calls
        for call in calls:
            call.add_done_callback(self._calls.discard)

    async def _idle(self, turn: Turn) -> None:
        """Poll an empty lane for a moment; then lower its flag, look once more, and let it sleep."""
        now = self._loop.time()
        if turn.last_look:
            self._turns.sleep(turn.lane_id)
            return
        if turn.idle_since is None:
            turn.idle_since = now
        turn.look_at = now + POLL
        if now - turn.idle_since >= LINGER:
            await self._loop.run_in_executor(self._database, bell.lower, turn.lane_id)
            turn.last_look, turn.look_at = True, 0.0

    def _call_for_help(self, lane_id: int) -> None:
        """Ring a lane that has more due, so that other workers join in."""
        now = self._loop.time()
        if now - self._rejoined.get(lane_id, 0.0) > REJOIN:
            self._rejoined = {lane: at for lane, at in self._rejoined.items() if now - at < 60}
            self._rejoined[lane_id] = now
            self._loop.run_in_executor(self._slow, bell.ring_again, lane_id, self.message_class)

    def _done(self, runtime: ChannelRuntime, probe: bool) -> Callable[[Loaded, Outcome], None]:
        def done(loaded: Loaded, outcome: Outcome) -> None:
            self._places.give_back(runtime.account_id, 1)
            self._settler.add(loaded, outcome, runtime, probe)

        return done

    def _renew(self, lane_id: int, runtime: ChannelRuntime) -> None:
        """Renew an access token that has ended, beside the loop; the lane goes on when it is there."""
        account = runtime.official_account_id
        if account is None or account in self._renewing:
            return
        self._renewing.add(account)

        def renew() -> None:
            try:
                access_token(account)
            except (ReconnectNeeded, RefreshFailed, RefreshInProgress) as error:
                log.warning("token.not_renewed", channel=runtime.channel_id, reason=str(error))
            finally:
                self._renewing.discard(account)
                forget_account(runtime.account_id)

        self._loop.run_in_executor(self._slow, renew)

    async def _tick_forever(self) -> None:
        while True:
            try:
                found = await self._loop.run_in_executor(self._clockwork, _guarded, lambda: tick(self.message_class))
                for lane_id, tenant_id in found.lanes if found else ():
                    self._wake(lane_id, tenant_id)
                if found and found.questions:
                    self._asker.start(found.questions)
            except Exception as error:
                log.warning("dispatch.tick_failed", error=str(error))
            await self._loop.run_in_executor(self._clockwork, say_alive, self.message_class)
            await asyncio.sleep(TICK)

    async def _finish(self, settling: "asyncio.Task[None]") -> None:
        """Let calls end within their time-outs; what is then still open keeps its lease and becomes unknown."""
        if self._calls:
            await asyncio.wait(set(self._calls), timeout=settings.SHUTDOWN_GRACE.total_seconds())
        self._settler.close()
        await asyncio.wait([settling], timeout=5)

    async def _in_database(self, work: Callable[[], T]) -> T:
        return await self._loop.run_in_executor(self._database, _guarded, work)


def _guarded(work: Callable[[], T]) -> T:
    """Do `work` with this thread's connection; after a failure the next use opens a new one."""
    try:
        return work()
    except (DatabaseError, InterfaceError, OSError):
        connection.close()
        raise
    except Exception:
        # psycopg's own errors: the set statements do not pass through Django's wrapping of exceptions.
        connection.close()
        raise


def _close_connections(pool: ThreadPoolExecutor, threads: int) -> None:
    """Close the database connection of every thread of an idle pool."""
    everyone = threading.Barrier(threads)

    def close() -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            everyone.wait(2)
        connection.close()

    for _ in range(threads):
        pool.submit(close)
