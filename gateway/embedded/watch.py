"""A keeper for each home in use (see keeper.py): called up by a user, dismissed by the one that stops the servers."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import locks, processes

DISMISS_SECONDS = 2.0
# The keeper is loaded without this package's face and the rooms above it: it needs no client library and no framework.
KEEPER = """\
import sys, types
package = types.ModuleType("embedded")
package.__path__ = [sys.argv[1]]
sys.modules["embedded"] = package
from embedded.keeper import main
main(sys.argv[2])
"""
_called: list[subprocess.Popen[bytes]] = []  # held, for Python warns of a child process that it forgot


def ensure_keeper(home: Path) -> None:
    """Calls up a keeper for `home` (absolute) where none watches; call it under the lock `starting`."""
    if _keeper(home) is not None:
        return
    with (home / "logs" / "keeper.log").open("ab") as log:
        called = subprocess.Popen(
            [sys.executable, "-c", KEEPER, str(Path(__file__).resolve().parent), str(home)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/",
        )  # fmt: skip
    _called.append(called)


def dismiss_keeper(home: Path) -> None:
    """Ends the keeper of `home` and waits for it: nothing is left of servers that were stopped. Call it under the
    lock `starting`. One that is just coming up ends by itself at its first look."""
    pid = _keeper(home)
    if not pid or not _watches(pid, home):
        return
    try:
        os.kill(pid, signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        return
    deadline = time.monotonic() + DISMISS_SECONDS
    while processes.alive(pid) and time.monotonic() < deadline:
        time.sleep(processes.POLL_SECONDS)


def _keeper(home: Path) -> int | None:
    """The number of the keeper of `home`, 0 if it has not written it yet, None if there is none."""
    descriptor = locks.open_lock(home / "keeper.lock")
    try:
        if locks.try_lock(descriptor, locks.EXCLUSIVE):
            return None
        written = os.read(descriptor, 20)
        return int(written) if written.isdigit() else 0
    finally:
        os.close(descriptor)


def _watches(pid: int, home: Path) -> bool:
    # A number is not enough to kill by: the file may still name the keeper before this one.
    try:
        return os.fsencode(home) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return not Path("/proc/self/cmdline").exists()
