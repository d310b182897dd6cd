"""The supervisor: servers, schema and seed, then every process of the table, kept up until it is told to stop."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import redis

from gateway import embedded
from gateway.embedded import ports

from . import run_file, steps
from .child import Child
from .errors import StackError, StoppedEarlyError
from .output import Output
from .table import DEFAULTS, PROCESSES, Process

READY_SECONDS = 120.0
TEND_SECONDS = 0.2
LOOK_AT_SERVERS_SECONDS = 2.0
HOPELESS_FAILURES = 4
# Of no use on a developer's machine: root is handled, and static files come from where they are written.
KNOWN_WARNINGS = "ignore:You're running the worker with superuser privileges,ignore:No directory at"
# Of the 20 s that a stop may take in all; the servers have the rest.
PROCESSES_STOP_SECONDS, SANDBOX_STOP_SECONDS = 9.0, 2.0


class Stack:
    """A whole gateway under `home`, up between `__enter__` (or `start`) and `__exit__` (or `stop`).

    `port` and `sandbox_port`: 0 takes a free one. `quiet` sends what the processes say to `<home>/logs/NAME.log`.
    `environ` is what the processes inherit, `processes` the table to run. Once up, `info` is what run.json holds.
    """

    def __init__(
        self,
        home: Path,
        port: int = 0,
        sandbox_port: int = 0,
        quiet: bool = False,
        environ: Mapping[str, str] = os.environ,
        processes: tuple[Process, ...] = PROCESSES,
    ) -> None:
        self.home, self.info = home.absolute(), dict[str, Any]()
        self._asked_ports = {"PORT": port, "SANDBOX_PORT": sandbox_port}
        self._environ, self._quiet, self._table = dict(environ), quiet, processes
        self._children: dict[str, Child] = {}
        self._leaving = contextlib.ExitStack()
        self._stopping, self._lock = threading.Event(), threading.RLock()
        self._told_to_stop = self._haste = False
        self._tender: threading.Thread | None = None

    def __enter__(self) -> "Stack":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Brings everything up; returns when `GET /readyz` answers 200 and run.json is written.

        Raises StackError or EmbeddedServerError, with nothing left running.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        chosen = {name: self._port(name, asked) for name, asked in self._asked_ports.items()}
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        reign = run_file.Reign(self.home)
        self._leaving.callback(reign.end)
        self._output = Output(self.home / "logs", self._quiet)
        self._servers = self._leaving.enter_context(embedded.ensure(self.home, self._environ))
        self.env = self._environment(chosen)
        for process in self._table:
            child = Child(process.name, process.command(self.env), {**self.env, **process.env}, self._output)
            self._children[process.name] = child
        self._say(
            "servers", f"PostgreSQL {_where(self._servers.database_url)}, Valkey {_where(self._servers.redis_url)}"
        )
        self._begin("servers")
        self._say("servers", "bringing the schema up to date")
        steps.manage(["migrate", "--noinput"], self.env)
        if "sandbox" in self._children:
            self._await(chosen["SANDBOX_PORT"], "/_/accounts", "sandbox")
        seeded = steps.seed(self.env)
        self._begin("seed")
        self._await(chosen["PORT"], "/readyz", "web")
        self.info = self._describe(chosen, seeded)
        reign.announce(self.info)
        self._say("gateway", f"ready: {self.info['api']}  admin {self.info['admin']}  sandbox {self.info['sandbox']}")
        self._tender = threading.Thread(target=self._tend, name="tender", daemon=True)
        self._tender.start()

    def stop(self) -> None:
        """Stops everything within 20 s: what takes work in and what sends it first, then the sandbox that still
        answers the last calls, the servers at the end. `hasten` cuts it short."""
        self._stopping.set()
        if self._tender is not None:
            self._tender.join()
        others = [name for name in self._children if name != "sandbox"]
        self._end(others, signal.SIGTERM, PROCESSES_STOP_SECONDS)
        self._end(["sandbox"], signal.SIGTERM, SANDBOX_STOP_SECONDS)
        self._leaving.close()

    def tell(self) -> None:
        """For a signal handler: a start that is under way ends with StoppedEarlyError at its next step."""
        self._told_to_stop = True

    def hasten(self) -> None:
        """For a signal handler: kills every process at once, so that a `stop` under way goes on to the servers."""
        self._haste = True
        for child in self._children.values():
            child.signal(signal.SIGKILL)

    def kill_workers(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Ends all workers by `number` and waits until they are gone; they stay down until `start_workers`."""
        with self._lock:
            self._end(self._named("worker"), number, PROCESSES_STOP_SECONDS)

    def start_workers(self) -> None:
        """Starts the workers that do not run."""
        with self._lock:
            for name in self._named("worker"):
                self._children[name].start()

    def pids(self, role: str = "worker") -> dict[str, int]:
        """Process name -> number of those of a role that run now."""
        found = {name: self._children[name].pid for name in self._named(role)}
        return {name: pid for name, pid in found.items() if pid is not None}

    def restart_postgres(self) -> None:
        """Drops every connection to the embedded PostgreSQL at once and brings it up again by recovery."""
        embedded.restart_postgres(self.home, self._environ)

    def flush_redis(self) -> None:
        """Empties Redis: every queue, bell and cache is gone."""
        with redis.Redis.from_url(self._servers.redis_url, socket_timeout=5, socket_connect_timeout=5) as client:
            client.flushall()

    def watch(self) -> None:
        """Raises StackError if a process has failed again and again while the stack was coming up."""
        for child in self._children.values():
            child.tend()
            if child.failures >= HOPELESS_FAILURES:
                raise StackError(f"{child.name} does not stay up: {' | '.join(child.last_lines)}")
        if self._told_to_stop:
            raise StoppedEarlyError("stopped while coming up")

    def _port(self, name: str, asked: int) -> int:
        port = asked or ports.choose()
        if not ports.is_free(port):
            raise StackError(f"{name} {port} is taken by another program; set {name} to a free one")
        return port

    def _environment(self, chosen: dict[str, int]) -> dict[str, str]:
        env = DEFAULTS | self._environ
        if not any(self._asked_ports.values()):
            # On ports of its own it must not present itself under the addresses of another gateway.
            env.pop("PUBLIC_URL", None)
            env.pop("SANDBOX_URL", None)
        env |= {name: str(port) for name, port in chosen.items()}
        env |= {"DATABASE_URL": self._servers.database_url, "REDIS_URL": self._servers.redis_url}
        return env | {"GATEWAY_HOME": str(self.home), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": KNOWN_WARNINGS}

    def _describe(self, chosen: dict[str, int], seeded: dict[str, Any]) -> dict[str, Any]:
        api = f"http://127.0.0.1:{chosen['PORT']}"
        urls = {"databaseUrl": self._servers.database_url, "redisUrl": self._servers.redis_url}
        sandbox = f"http://127.0.0.1:{chosen['SANDBOX_PORT']}"
        return {"api": api, "sandbox": sandbox, "admin": f"{api}/admin/", **seeded, **urls}

    def _begin(self, need: str) -> None:
        self.watch()
        for process in self._table:
            if process.needs == need:
                child = self._children[process.name]
                child.start()
                self._say(process.name, f"started (pid {child.pid}): python {' '.join(child.argv)}")

    def _await(self, port: int, path: str, name: str) -> None:
        steps.wait_until(lambda: steps.answers(port, path), READY_SECONDS, f"{name} at {path}", self.watch)

    def _named(self, role: str) -> list[str]:
        return [process.name for process in self._table if process.role == role]

    def _end(self, names: list[str], number: signal.Signals, seconds: float) -> None:
        children = [self._children[name] for name in names if name in self._children]
        for child in children:
            child.signal(signal.SIGKILL if self._haste else number)
        deadline = time.monotonic() + seconds
        for child in children:
            if not child.wait(deadline):
                self._say(child.name, f"did not end within {seconds:g} s and was killed")

    def _tend(self) -> None:
        look_at = time.monotonic()
        while not self._stopping.wait(TEND_SECONDS):
            with self._lock:
                for child in self._children.values():
                    child.tend()
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + LOOK_AT_SERVERS_SECONDS
                self._mend_servers()

    def _mend_servers(self) -> None:
        try:
            for name in embedded.repair(self._servers, self._environ):
                self._say("servers", f"{name} had died and was started again")
        except embedded.EmbeddedServerError as error:
            self._say("servers", str(error))

    def _say(self, name: str, line: str) -> None:
        self._output.write(name, line)


def _where(url: str) -> str:
    """Host and port of a URL without its password."""
    return urlsplit(url).netloc.rpartition("@")[2]
