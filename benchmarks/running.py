"""Runs one benchmark: a stack under a home of its own, and the measuring in a process that ends with it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import msgspec

from benchmarks.field import Field
from benchmarks.report import Line, Measured, failed, judged
from benchmarks.table import Benchmark
from benchmarks.waiting import until
from gateway.embedded.folder import Folder
from gateway.embedded.running import postgres_pid, redis_pid
from gateway.stack import Stack
from gateway.stack.table import PROCESSES, Process

MOST_SECONDS, CLEAN_SECONDS = 660.0, 10.0
ROOT = Path(__file__).resolve().parent.parent
WORKER = "worker-transactional"
# Places are what a machine is tuned by; hosts of their own need servers that listen on more than loopback.
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "DISPATCH_PLACES", "BIND_HOST")


def run(benchmark: Benchmark, quick: bool) -> Line:
    """Start a stack, measure, stop it; a benchmark that fails or does not end in time gives a line that says so."""
    environ = {name: os.environ[name] for name in INHERITED if name in os.environ}
    home = Path(tempfile.mkdtemp(prefix="gateway-bench-"))
    try:
        home.chmod(0o755)
        processes = PROCESSES + _more_workers(benchmark.more_workers)
        with Stack(home=home, quiet=True, environ=environ, processes=processes) as stack:
            if not benchmark.workers:
                stack.kill_workers(signal.SIGTERM)
            return _measure(benchmark, _field(stack, quick), stack.env, home / "logs" / "measuring.log")
    finally:
        until(lambda: _removed(home), CLEAN_SECONDS, f"removing {home}")


def _more_workers(count: int) -> tuple[Process, ...]:
    """Return more of the process that serves transactional messages, each under a name of its own."""
    one = next(process for process in PROCESSES if process.name == WORKER)
    return tuple(
        replace(one, name=f"{WORKER}-{n}", argv=tuple(word.replace("@", f"-{n}@") for word in one.argv))
        for n in range(count)
    )


def _removed(home: Path) -> bool:
    # A process that is just ending may still write its last lines there.
    shutil.rmtree(home, ignore_errors=True)
    return not home.exists()


def _field(stack: Stack, quick: bool) -> Field:
    folder = Folder(stack.home)
    pids = {role: stack.pids(role) for role in ("worker", "web", "sandbox", "beat")}
    pids |= {"postgres": {"postgres": postgres_pid(folder)}, "redis": {"redis": redis_pid(folder)}}
    return Field(info=stack.info, pids=pids, quick=quick)


def _measure(benchmark: Benchmark, field: Field, env: Mapping[str, str], log: Path) -> Line:
    command = [sys.executable, "-m", "benchmarks.child", benchmark.measure]
    with log.open("wb") as lines:
        child = subprocess.Popen(
            command, cwd=ROOT, env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=lines,
            start_new_session=True,
        )  # fmt: skip
    try:
        said, _ = child.communicate(msgspec.json.encode(field), timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        return failed(benchmark, f"not done after {MOST_SECONDS:.0f} s")
    finally:
        # Whatever it started is of its session and ends with it.
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.returncode:
        last = log.read_text(errors="replace").strip().splitlines()[-3:]
        return failed(benchmark, f"the measuring ended with exit code {child.returncode}: {' | '.join(last)}")
    return judged(benchmark, msgspec.json.decode(said.splitlines()[-1], type=Measured))
