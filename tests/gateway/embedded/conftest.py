"""Homes for real servers: short-lived, stopped at the end whatever a test did."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.embedded import stop
from gateway.embedded.folder import Folder

ROOT = Path(__file__).resolve().parents[3]
# The servers of a test run are not those of the tests here.
BARE = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that any user may pass, unlike pytest's own folders."""
    top = Path(tempfile.mkdtemp(prefix="gw-"))
    top.chmod(0o711)
    yield top / "home"
    stop(top / "home")
    shutil.rmtree(top, ignore_errors=True)


@pytest.fixture
def folder(home: Path) -> Folder:
    return Folder(home)


def until(true: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Looks until `true()`; answers whether it became so in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def command(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "gateway.embedded", "--home", str(home), "run", "--", *words]


def run(home: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs a command that uses the servers of `home`, in a process of its own."""
    return subprocess.run(
        command(home, *words), cwd=ROOT, env=BARE | environ, capture_output=True, text=True, timeout=60, check=False
    )


def user(home: Path) -> "subprocess.Popen[str]":
    """A process that uses the servers of `home` until it is ended; returned once they are up."""
    held = subprocess.Popen(
        command(home, "sh", "-c", "echo up; exec sleep 60"), cwd=ROOT, env=BARE, stdout=subprocess.PIPE, text=True
    )
    assert held.stdout is not None
    assert held.stdout.readline() == "up\n"
    return held
