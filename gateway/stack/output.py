"""What the processes say: each line with its process's name in front, on one terminal or in files."""

import os
import sys
import threading
from pathlib import Path
from typing import TextIO

COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)
WIDTH = 20


class Output:
    """One place for the lines of all processes; safe to call from many threads.

    With `quiet` the lines of process X go to `<logs>/X.log` and nothing to the terminal, else to `stream`, coloured if
    that is a terminal and NO_COLOR is not set.
    """

    def __init__(self, logs: Path, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._logs, self._quiet, self._stream = logs, quiet, stream or sys.stdout
        self._coloured = self._stream.isatty() and not os.environ.get("NO_COLOR")
        self._lock = threading.Lock()
        self._names: list[str] = []

    def write(self, name: str, line: str) -> None:
        """One line (without its end) of process `name`."""
        with self._lock:
            if self._quiet:
                with (self._logs / f"{name}.log").open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
                return
            try:
                self._stream.write(f"{self._prefix(name)} {line}\n")
                self._stream.flush()
            except OSError:
                self._quiet = True  # the terminal is gone: go on in the files

    def _prefix(self, name: str) -> str:
        plain = f"{name:<{WIDTH}} |"
        if not self._coloured:
            return plain
        if name not in self._names:
            self._names.append(name)
        return f"\x1b[{COLOURS[self._names.index(name) % len(COLOURS)]}m{plain}\x1b[0m"
