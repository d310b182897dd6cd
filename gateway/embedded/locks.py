"""Who may do what under one home, by flock: the kernel gives a lock back when its holder dies, however it dies.

`servers.lock` is held shared by every user of the servers for as long as it uses them. `start.lock` is held
exclusively, and briefly, by whoever starts, attaches to or stops servers, so that these steps never overlap.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from .errors import EmbeddedServerError

EXCLUSIVE, SHARED = fcntl.LOCK_EX, fcntl.LOCK_SH


def open_lock(path: Path) -> int:
    """A descriptor of the lock file `path`; children of exec do not inherit it. Closing it gives the lock back."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, kind: int) -> bool:
    """Takes a lock (EXCLUSIVE or SHARED) without waiting; answers whether it was got."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def starting(home: Path, seconds: float = 120.0) -> Iterator[None]:
    """The right to start and stop servers under `home`. Raises EmbeddedServerError after `seconds` of waiting."""
    descriptor = open_lock(home / "start.lock")
    try:
        deadline = time.monotonic() + seconds
        while not try_lock(descriptor, EXCLUSIVE):
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"another process has been starting or stopping the servers of {home} for {seconds:.0f} s",
                    os.EX_TEMPFAIL,
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def use(home: Path) -> int:
    """Enters `home` as a user of its servers; call it under `starting`. Returns the descriptor that holds the lock."""
    descriptor = open_lock(home / "servers.lock")
    fcntl.flock(descriptor, SHARED)
    return descriptor


def is_last(descriptor: int) -> bool:
    """Whether the holder of `descriptor` is the only user; call it under `starting`. If so the lock is now
    exclusive, else it is shared as before."""
    if try_lock(descriptor, EXCLUSIVE):
        return True
    fcntl.flock(descriptor, SHARED)
    return False
