"""Processes known only by a number in a file: whose are they, do they live, end them."""

import contextlib
import os
import signal
import time
from pathlib import Path

POLL_SECONDS = 0.02
TELLING = ("FATAL", "PANIC", "Fatal", "rror", "could not", "Could not", "ailed", "No space")


def alive(pid: int) -> bool:
    """Whether process `pid` runs; a zombie does not."""
    if pid <= 0:
        return False
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return not Path("/proc/self/stat").exists()
    return stat.rpartition(")")[2].split()[0] not in ("Z", "X")


def serves(pid: int, folder: Path) -> bool:
    """Whether `pid` lives and works in `folder`: both servers make their data folder their working directory, so a
    number that the system gave to another process since is told apart."""
    if not alive(pid):
        return False
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except OSError:
        return not Path("/proc/self/cwd").exists()


def end(pid: int, folder: Path, polite: signal.Signals, seconds: float) -> bool:
    """Sends `polite` to the server of `folder` and waits `seconds` for its end; answers whether it is gone."""
    deadline = time.monotonic() + seconds
    if not serves(pid, folder):
        return True
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, polite)
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def tail(path: Path, start: int = 0) -> str:
    """What a log says of a failure after byte `start` (see `telling`); empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(start, path.stat().st_size - 8192))
            return telling(file.read().decode(errors="replace"))
    except OSError:
        return ""


def telling(text: str) -> str:
    """The last three lines that tell of an error, or the last three of all, joined by " | "."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " | ".join(([line for line in lines if any(word in line for word in TELLING)] or lines)[-3:])
