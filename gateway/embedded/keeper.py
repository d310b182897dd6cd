"""The keeper: a small process beside the servers that stops them when their last user has died without a farewell.

A user that ends in order leaves by `Servers.close`. One that was killed only loses its lock, which nobody would notice
but this watch. The keeper ends with the servers; killed, it is replaced by the next user, and the servers live on.
"""

import contextlib
import os
import signal
import time
from pathlib import Path

from . import locks, processes, running
from .errors import EmbeddedServerError
from .folder import Folder

LOOK_SECONDS = 0.5


def main(home: str) -> None:
    """Watches `home` (absolute) until its servers have ended. Returns at once if another keeper does."""
    folder = Folder(Path(home))
    descriptor = locks.open_lock(folder.home / "keeper.lock")
    if not locks.try_lock(descriptor, locks.EXCLUSIVE):
        return
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    known: dict[int, Path] = {}
    while True:
        time.sleep(LOOK_SECONDS)
        if not folder.home.exists():
            _end_orphans(known)
            return
        known = {running.postgres_pid(folder): folder.postgres, running.redis_pid(folder): folder.redis}
        with contextlib.suppress(EmbeddedServerError, OSError):
            if _stop_if_unused(folder):
                return


def _stop_if_unused(folder: Folder) -> bool:
    with locks.starting(folder.home):
        descriptor = locks.use(folder.home)
        try:
            unused = locks.is_last(descriptor)
            if unused:
                running.stop_all(folder)
            return unused
        finally:
            os.close(descriptor)


def _end_orphans(known: dict[int, Path]) -> None:
    # Their folder was deleted under them: they cannot write another byte, and their pid files are gone.
    for number, path in known.items():
        with contextlib.suppress(OSError):
            where = Path(f"/proc/{number}/cwd").readlink()
            if processes.alive(number) and str(where).removesuffix(" (deleted)") == str(path):
                os.kill(number, signal.SIGKILL if path.name == "redis" else signal.SIGQUIT)
