"""What runs under a home, known by pid files, and how it is ended. No client library: the keeper lives on this."""

import signal

from . import processes
from .folder import Folder

STOP_SECONDS = 8.0


def postgres_pid(folder: Folder) -> int:
    """The number in postmaster.pid, 0 if there is none: it may be stale."""
    try:
        return int((folder.postgres / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def redis_pid(folder: Folder) -> int:
    """The number in the pid file of Valkey, 0 if there is none: it may be stale."""
    try:
        return int((folder.redis / "server.pid").read_text())
    except (OSError, ValueError):
        return 0


def stop_postgres(folder: Folder) -> None:
    """Ends the server: open transactions are rolled back, what is committed is flushed. One that does not end in
    time is dropped, and recovers at the next start."""
    if not processes.end(postgres_pid(folder), folder.postgres, signal.SIGINT, STOP_SECONDS):
        crash_postgres(folder)


def crash_postgres(folder: Folder) -> None:
    """Ends the server without flushing, dropping all connections: the next start recovers from its log."""
    number = postgres_pid(folder)
    if not processes.end(number, folder.postgres, signal.SIGQUIT, STOP_SECONDS / 2):
        processes.end(number, folder.postgres, signal.SIGKILL, STOP_SECONDS / 2)


def stop_redis(folder: Folder) -> None:
    """Ends the server, which flushes its file first; one that does not end in time is killed."""
    number = redis_pid(folder)
    if not processes.end(number, folder.redis, signal.SIGTERM, STOP_SECONDS):
        processes.end(number, folder.redis, signal.SIGKILL, STOP_SECONDS / 2)


def stop_all(folder: Folder) -> None:
    """Ends both."""
    stop_postgres(folder)
    stop_redis(folder)
