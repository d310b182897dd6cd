"""Processor time and memory of processes with all their children, from /proc."""

import os
import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
LOOK_SECONDS = 0.05


def family(pid: int) -> list[int]:
    """Return the process and all its descendants that live now."""
    found = [pid]
    for parent in found:
        for thread in _listed(Path(f"/proc/{parent}/task")):
            found += [int(child) for child in _read(thread / "children").split()]
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the processor time (user and system) that these processes and their families have used so far; what an
    ended child used is counted at the parent that waited for it."""
    ticks = 0
    for member in {one for pid in pids for one in family(pid)}:
        fields = _read(Path(f"/proc/{member}/stat")).rpartition(")")[2].split()
        ticks += sum(int(word) for word in fields[11:15])
    return ticks / TICKS


def rss_bytes(pid: int) -> int:
    """Return the resident memory of one process, 0 if it has ended."""
    words = _read(Path(f"/proc/{pid}/statm")).split()
    return int(words[1]) * PAGE if words else 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _listed(path: Path) -> list[Path]:
    try:
        return list(path.iterdir())
    except OSError:
        return []


class Meter:
    """Notes the processor time of named groups of processes some twenty times a second while entered."""

    def __init__(self, groups: Mapping[str, Iterable[int]]) -> None:
        self._groups = {name: list(pids) for name, pids in groups.items()}
        self._times: list[float] = []
        self._used: dict[str, list[float]] = {name: [] for name in self._groups}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Meter":
        self._note()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()
        self._note()

    def between(self, start: float, end: float) -> dict[str, float]:
        """Return seconds of processor time by group between two moments (epoch seconds), after the exit."""
        return {name: self._at(used, end) - self._at(used, start) for name, used in self._used.items()}

    def _run(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self._note()

    def _note(self) -> None:
        used = {name: cpu_seconds(pids) for name, pids in self._groups.items()}
        self._times.append(time.time())
        for name, seconds in used.items():
            self._used[name].append(seconds)

    def _at(self, used: list[float], moment: float) -> float:
        after = min(max(bisect_left(self._times, moment), 1), len(self._times) - 1)
        before = after - 1
        width = self._times[after] - self._times[before]
        share = (moment - self._times[before]) / width if width else 1.0
        return used[before] + (used[after] - used[before]) * min(1.0, max(0.0, share))
