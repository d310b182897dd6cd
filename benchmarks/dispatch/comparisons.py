"""What our dispatch is held against: rows of a plain table, sent by programs of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from celery import Celery

from benchmarks import plain_rows
from benchmarks.field import Field
from benchmarks.sandbox import Grant
from benchmarks.waiting import until

WAIT_SECONDS = 240.0
STOP_SECONDS = 20.0
NAIVE_QUEUE = "naive"
CORES = len(os.sched_getaffinity(0))


@dataclass(frozen=True)
class Comparison:
    """`load` makes `size` messages wait; `argv` (after `python`) with `env` is the program that sends them."""

    name: str
    size: int
    argv: Sequence[str]
    env: dict[str, str]
    url: str
    load: Callable[[], None]

    @contextmanager
    def workers(self) -> Iterator[int]:
        """Run the program; yield its process number."""
        process = subprocess.Popen(
            [sys.executable, *self.argv], env=os.environ | self.env, stdin=subprocess.DEVNULL, stdout=sys.stderr
        )
        try:
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_SECONDS)

    def finish(self) -> None:
        """Wait until all are settled."""
        until(
            lambda: plain_rows.waiting(self.url, self.name) == 0, WAIT_SECONDS, f"{self.name} with {self.size} messages"
        )

    def settled(self) -> list[tuple[float, int]]:
        """Return (epoch seconds, count) of each settling."""
        return plain_rows.settled(self.url, self.name)


def naive(field: Field, grant: Grant) -> Comparison:
    """Return the Celery task a message: as many processes as cores, tasks prefetched, queued before it starts."""
    size, url = field.size(4_000, 1_500), field.info["databaseUrl"]
    broker = field.info["redisUrl"].rpartition("/")[0] + "/1"
    queue = Celery("naive", broker=broker, set_as_current=False)

    def load() -> None:
        with queue.producer_pool.acquire() as producer:
            for number in plain_rows.fill(url, "naive", size, grant):
                queue.send_task("naive.send", (number,), queue=NAIVE_QUEUE, producer=producer, ignore_result=True)

    options = f"-Q {NAIVE_QUEUE} -c {CORES} --pool prefork --prefetch-multiplier 16 -O fair --loglevel WARNING"
    lean = "--without-gossip --without-mingle --without-heartbeat"
    argv = ["-m", "celery", "-q", "-A", "benchmarks.naive.app", "worker", *options.split(), *lean.split()]
    env = _env(grant) | {"DJANGO_SETTINGS_MODULE": "benchmarks.naive.settings", "NAIVE_BROKER_URL": broker}
    return Comparison("naive", size, argv, env, url, load)


def bare(field: Field, grant: Grant) -> Comparison:
    """Return the loop that does nothing but claim, post and write."""
    size, url = field.size(20_000, 6_000), field.info["databaseUrl"]

    def load() -> None:
        plain_rows.fill(url, "bare", size, grant)

    return Comparison("bare", size, ["-m", "benchmarks.dispatch.bare"], _env(grant), url, load)


def _env(grant: Grant) -> dict[str, str]:
    return {"SEND_URL": grant.url, "ACCESS_TOKEN": grant.access_token}
