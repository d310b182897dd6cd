"""One supervised process: started in a session of its own, read line by line, started again when it fails."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from .output import Output

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_PAUSE, LONGEST_PAUSE, HEALTHY_SECONDS = 0.5, 10.0, 30.0
# Asks the kernel for a SIGTERM when the supervisor dies, were it by SIGKILL, then becomes the program. It runs in the
# child after exec and not in a forked copy of a process with threads, which could hang.
BECOME = """\
import os, signal, sys
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    if os.getppid() != int(sys.argv[1]):
        sys.exit(0)
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


class Child:
    """A process by its arguments after `python`. `start`, `stop` and `tend` are for one thread at a time.

    The session of its own keeps a terminal's Ctrl-C from it: it reaches the process only as the supervisor decides.
    """

    def __init__(self, name: str, argv: list[str], env: Mapping[str, str], output: Output) -> None:
        self.name, self.argv, self.failures = name, argv, 0
        self.last_lines: deque[str] = deque(maxlen=5)
        self._env, self._output = dict(env), output
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._swept, self._wanted, self._started_at, self._again_at = False, False, 0.0, 0.0

    @property
    def pid(self) -> int | None:
        """Its number while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Starts it unless it runs already."""
        self._wanted = True
        if self.pid is not None:
            return
        self._started_at, self._swept = time.monotonic(), False
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", BECOME, str(os.getpid()), *self.argv],
            cwd=ROOT, env=self._env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def tend(self) -> None:
        """Sees whether it has ended by itself; if so says it and starts it again after a pause that grows."""
        if not self._wanted or self._process is None:
            return
        now, code = time.monotonic(), self._process.poll()
        if code is None:
            if self.failures and now - self._started_at > HEALTHY_SECONDS:
                self.failures = 0
        elif not self._again_at:
            self.sweep()
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self.failures)
            self.failures += 1
            self._again_at = now + pause
            self._output.write(self.name, f"ended with {ending(code)}; starts again in {pause:g} s")
        elif now >= self._again_at:
            self._again_at = 0.0
            self.start()

    def signal(self, number: signal.Signals) -> None:
        """Asks it to end and no longer wants it; SIGKILL goes to all of its processes at once."""
        self._wanted, self._again_at = False, 0.0
        if number == signal.SIGKILL:
            self.sweep()
        elif self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def wait(self, deadline: float) -> bool:
        """Waits for its end until `deadline` (monotonic); then kills it with all of its own children. Answers whether
        it ended by itself. Nothing of it is left afterwards."""
        if self._process is None:
            return True
        in_time = True
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            in_time = False
        self.sweep()
        self._process.wait()
        if self._reader is not None:
            self._reader.join(1.0)
        return in_time

    def sweep(self) -> None:
        """Kills whatever is left of its session's process group; once only after its end, when the number may soon be
        another's."""
        if self._process is not None and not self._swept:
            self._swept = self._process.poll() is not None
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None  # noqa: S101  asked for in start
        for line in process.stdout:
            if text := line.rstrip():
                self.last_lines.append(text)
                self._output.write(self.name, text)


def ending(code: int) -> str:
    """An exit code as a person reads it: "exit code 3", "SIGKILL"."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
