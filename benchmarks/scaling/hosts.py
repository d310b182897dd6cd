"""Worker hosts: each a Celery worker with its dispatcher, in a session and where possible a network of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from benchmarks.field import Field
from benchmarks.scaling.network import seen_from
from benchmarks.waiting import until
from gateway.stack.child import BECOME
from gateway.stack.table import PROCESSES
from messaging.dispatch.bell import connection

START_SECONDS, STOP_SECONDS = 90.0, 20.0
QUEUE = "transactional"
WORKER = next(process for process in PROCESSES if process.name == f"worker-{QUEUE}")
SERVERS = ("DATABASE_URL", "REDIS_URL")


@dataclass(frozen=True)
class Host:
    """Host `number`, in the namespace of that name; without one it is a session of processes."""

    number: int
    namespace: str = ""

    def start(self, field: Field, places: int) -> "subprocess.Popen[bytes]":
        """Start its worker, which holds at most `places` messages."""
        env = os.environ | {"DISPATCH_PLACES": str(places), "SANDBOX_URL": field.info["sandbox"]}
        words = [word.replace("@", f"-{self.number}@") for word in WORKER.command(env)]
        prefix: list[str] = []
        if self.namespace:
            prefix = ["ip", "netns", "exec", self.namespace]
            env |= {name: seen_from(self.number, env[name]) for name in (*SERVERS, "SANDBOX_URL")}
        return subprocess.Popen(
            [*prefix, sys.executable, "-S", "-c", BECOME, str(os.getpid()), *words],
            env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr, start_new_session=True,
        )  # fmt: skip


@contextmanager
def working(hosts: Sequence[Host], field: Field, places: int) -> Iterator[list[int]]:
    """Run the workers of these hosts; yield their process numbers once all of them say that they are alive."""
    until(lambda: alive() == 0, START_SECONDS, "the end of earlier workers")
    workers = [host.start(field, places) for host in hosts]
    try:
        until(lambda: alive() == len(hosts), START_SECONDS, f"starting {len(hosts)} workers")
        yield [worker.pid for worker in workers]
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        for worker in workers:
            with suppress(subprocess.TimeoutExpired):
                worker.wait(STOP_SECONDS)
            with suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


def alive() -> int:
    """Return how many dispatchers of the class have said in the last seconds that they live."""
    return len(list(connection().scan_iter(f"gateway:dispatcher:{QUEUE}:*", count=1000)))
