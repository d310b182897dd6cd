"""Enter and leave the servers of a home. Who enters first starts them, who leaves last stops them."""

import atexit
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from . import locks, postgres, processes, running, valkey, watch
from .folder import Folder

NO_DESCRIPTOR = -1


@dataclass
class Servers:
    """Two URLs to use until `close`. `owned` says whether at least one of them is a server under `home`; `home` is
    None where the environment named both."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    owned: bool = False
    home: Path | None = None
    _descriptor: int = NO_DESCRIPTOR
    _opener: int = field(default_factory=os.getpid)

    def close(self) -> None:
        """Leaves; the last user's leaving stops the servers before it returns. Safe to call twice, and a forked
        child's call does nothing: it inherits the use and gives it back by ending."""
        descriptor, self._descriptor = self._descriptor, NO_DESCRIPTOR
        if descriptor == NO_DESCRIPTOR or self.home is None or os.getpid() != self._opener:
            return
        try:
            if self.home.exists():
                with locks.starting(self.home):
                    if locks.is_last(descriptor):
                        _stop_all(Folder(self.home))
        finally:
            os.close(descriptor)

    def __enter__(self) -> "Servers":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def ensure(home: Path, environ: Mapping[str, str] = os.environ) -> Servers:
    """Attaches to the servers under `home`, starting what does not run. Use the result in a `with` or close it.

    `DATABASE_URL` and `REDIS_URL`, each for itself, mean that nothing is started for that one.
    Raises EmbeddedServerError.
    """
    database_url, redis_url = environ.get("DATABASE_URL", ""), environ.get("REDIS_URL", "")
    if database_url and redis_url:
        return Servers(database_url, redis_url)
    folder = Folder(home.resolve())
    folder.prepare()
    with locks.starting(folder.home):
        descriptor = locks.use(folder.home)
        try:
            memory = folder.recall()
            if not redis_url and not valkey.healthy(folder, memory):
                valkey.start(folder, memory, environ)
            if not database_url and not postgres.healthy(folder, memory):
                postgres.start(folder, memory, environ)
            watch.ensure_keeper(folder.home)
        except BaseException:
            if locks.is_last(descriptor):
                _stop_all(folder)
            os.close(descriptor)
            raise
    return Servers(database_url or postgres.url(memory), redis_url or valkey.url(memory), True, folder.home, descriptor)


_entered: dict[Path, Servers] = {}


def attach_or_start(home: Path, environ: Mapping[str, str] = os.environ) -> Servers:
    """`ensure` for a whole command: the same answer at every call of this process, left when the process ends."""
    key = home.resolve()
    if key not in _entered:
        _entered[key] = ensure(home, environ)
        atexit.register(_entered[key].close)
    return _entered[key]


def repair(servers: Servers, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Starts again what has died under a user's feet; returns the names of what was started ("postgres", "redis").
    URLs stay valid: a server takes its old port. Cheap where both live. Raises EmbeddedServerError."""
    started: list[str] = []
    if servers.home is None or not (dead := _dead(Folder(servers.home), environ)):
        return started
    folder = Folder(servers.home)
    with locks.starting(folder.home):
        memory = folder.recall()
        # Asked again under the lock: whoever held it may have been restarting one on purpose.
        for name in sorted(set(dead) & set(_dead(folder, environ))):
            (valkey if name == "redis" else postgres).start(folder, memory, environ)
            started.append(name)
    return started


def _dead(folder: Folder, environ: Mapping[str, str]) -> list[str]:
    places = {
        "DATABASE_URL": ("postgres", running.postgres_pid(folder), folder.postgres),
        "REDIS_URL": ("redis", running.redis_pid(folder), folder.redis),
    }
    return [name for url, (name, pid, at) in places.items() if not environ.get(url) and not processes.serves(pid, at)]


def restart_postgres(home: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Drops every connection at once and starts PostgreSQL again on its port, as a crash and recovery would."""
    folder = Folder(home.resolve())
    with locks.starting(folder.home):
        running.crash_postgres(folder)
        postgres.start(folder, folder.recall(), environ)


def stop(home: Path) -> None:
    """Stops the servers under `home` whoever uses them."""
    folder = Folder(home.resolve())
    if folder.home.exists():
        with locks.starting(folder.home):
            _stop_all(folder)


def _stop_all(folder: Folder) -> None:
    running.stop_all(folder)
    watch.dismiss_keeper(folder.home)
