"""One supervised process: restarts, ends, and what is left behind (nothing)."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from gateway.embedded import processes
from gateway.stack.child import ROOT, Child, ending
from gateway.stack.output import Output

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def make(code: str, tmp_path: Path) -> tuple[Child, io.StringIO]:
    lines = io.StringIO()
    return Child("one", ["-c", code], os.environ, Output(tmp_path, stream=lines)), lines


def test_its_lines_carry_its_name(tmp_path: Path) -> None:
    child, lines = make("print('chào'); print(); print('two')", tmp_path)
    child.start()
    assert child.wait(time.monotonic() + 10)
    assert lines.getvalue() == "one                  | chào\none                  | two\n"


def test_quiet_output_goes_to_a_file_of_its_name(tmp_path: Path) -> None:
    output = Output(tmp_path, quiet=True)
    output.write("one", "first")
    output.write("one", "second")
    assert (tmp_path / "one.log").read_text() == "first\nsecond\n"


def test_one_that_fails_is_started_again_after_a_pause_and_a_word(tmp_path: Path) -> None:
    child, lines = make("import sys; sys.exit(3)", tmp_path)
    child.start()
    first = child.pid

    def failed_twice() -> bool:
        child.tend()
        return child.failures >= 2

    assert until(failed_twice)
    assert "ended with exit code 3; starts again in 0.5 s" in lines.getvalue()
    assert "ended with exit code 3; starts again in 1 s" in lines.getvalue()
    assert child.pid != first
    child.signal(signal.SIGTERM)
    child.wait(time.monotonic() + 5)


def test_one_that_was_told_to_end_stays_down(tmp_path: Path) -> None:
    child, _ = make("import time; time.sleep(60)", tmp_path)
    child.start()
    child.signal(signal.SIGTERM)
    assert child.wait(time.monotonic() + 10)
    child.tend()
    assert child.pid is None


def test_one_that_ignores_the_signal_is_killed_with_its_own_children(tmp_path: Path) -> None:
    child, lines = make(STUBBORN, tmp_path)
    child.start()
    assert until(lambda: lines.getvalue().endswith("\n"))
    grandchild = int(lines.getvalue().split()[-1])
    child.signal(signal.SIGTERM)
    assert not child.wait(time.monotonic() + 0.3)
    assert child.pid is None
    assert until(lambda: not processes.alive(grandchild))


def test_the_children_of_one_that_died_are_killed(tmp_path: Path) -> None:
    child, lines = make(STUBBORN, tmp_path)
    child.start()
    assert until(lambda: lines.getvalue().endswith("\n"))
    grandchild, pid = int(lines.getvalue().split()[-1]), child.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert until(lambda: child.pid is None)
    child.tend()
    assert until(lambda: not processes.alive(grandchild))
    child.signal(signal.SIGKILL)
    child.wait(time.monotonic() + 5)


def test_it_does_not_outlive_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    code = f"""
import os, sys, time, pathlib
from gateway.stack.child import Child
from gateway.stack.output import Output
child = Child("one", ["-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"], os.environ,
              Output(pathlib.Path({str(tmp_path)!r})))
child.start()
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline().split("|")[1])
        supervisor.kill()
    assert until(lambda: not processes.alive(pid))


def test_endings_are_named() -> None:
    assert (ending(3), ending(-9)) == ("exit code 3", "SIGKILL")
