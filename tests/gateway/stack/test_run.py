"""`make run` itself: ready, told to stop by each way a person or a script has, and nothing left behind."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.embedded import ports, processes
from gateway.stack.child import ROOT
from gateway.stack.steps import answers

from .test_child import until
from .test_stack import ENVIRON

pytestmark = pytest.mark.slow
READY_SECONDS, STOP_SECONDS = 120.0, 20.0
EXPECTED = {
    "api", "sandbox", "admin", "tenant", "apiKey", "testApiKey", "otherTenantApiKey", "adminUser", "adminPassword",
    "databaseUrl", "redisUrl", "route", "templates",
}  # fmt: skip


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="gw-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def make_run(home: Path, **environ: str) -> "subprocess.Popen[bytes]":
    chosen = {"PORT": str(ports.choose()), "SANDBOX_PORT": str(ports.choose()), "GATEWAY_HOME": str(home)} | environ
    env = {name: value for name, value in ENVIRON.items() if name not in ("SEED", "PUBLIC_URL", "SANDBOX_URL")} | chosen
    with (home / "said").open("ab") as said:
        return subprocess.Popen(
            ["make", "--no-print-directory", "run"], cwd=ROOT, env=env, stdout=said, stderr=said,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip


def ready(home: Path, made: "subprocess.Popen[bytes]") -> dict[str, object]:
    assert until(lambda: (home / "run.json").exists() or made.poll() is not None, READY_SECONDS)
    assert made.poll() is None, (home / "said").read_text()[-2000:]
    return dict(json.loads((home / "run.json").read_text()))


def family(home: Path) -> set[int]:
    """Every process that names `home` in its words or its environment: the whole stack and nothing else."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(home) in told and processes.alive(int(entry.name)):
            found.add(int(entry.name))
    return found


def test_run_json_is_whole_and_the_gateway_is_ready(home: Path) -> None:
    made = make_run(home)
    info = ready(home, made)
    assert set(info) >= EXPECTED
    assert info["tenant"] == "demo"
    assert answers(int(str(info["api"]).rpartition(":")[2]), "/readyz")
    assert answers(int(str(info["sandbox"]).rpartition(":")[2]), "/_/accounts")
    assert (home / "run.json").stat().st_mode & 0o777 == 0o600
    began = time.monotonic()
    made.send_signal(signal.SIGTERM)
    made.wait(STOP_SECONDS)
    assert time.monotonic() - began < STOP_SECONDS
    assert family(home) == set()
    assert not (home / "run.json").exists()


def test_an_interrupt_to_its_group_stops_it(home: Path) -> None:
    made = make_run(home)
    ready(home, made)
    os.killpg(made.pid, signal.SIGINT)
    made.wait(STOP_SECONDS)
    assert family(home) == set()
    assert not (home / "run.json").exists()


def test_a_signal_while_it_comes_up_stops_it(home: Path) -> None:
    made = make_run(home)
    assert until(lambda: (home / "postgres" / "postmaster.pid").exists(), READY_SECONDS)
    made.send_signal(signal.SIGTERM)
    made.wait(READY_SECONDS)
    assert family(home) == set()


def test_a_killed_supervisor_leaves_a_stale_file_and_no_process(home: Path) -> None:
    made = make_run(home)
    ready(home, made)
    stale = (home / "run.json").stat().st_ino
    os.killpg(made.pid, signal.SIGKILL)
    made.wait()
    assert until(lambda: family(home) == set(), STOP_SECONDS)
    again = make_run(home)
    assert until(lambda: (home / "run.json").exists() and (home / "run.json").stat().st_ino != stale, READY_SECONDS)
    ready(home, again)
    os.killpg(again.pid, signal.SIGINT)
    again.wait(STOP_SECONDS)


def test_a_port_that_is_none_is_one_line(home: Path) -> None:
    made = make_run(home, PORT="0")
    assert made.wait(60) != 0
    assert "CommandError: PORT must be a port between 1 and 65535, not '0'" in (home / "said").read_text()
