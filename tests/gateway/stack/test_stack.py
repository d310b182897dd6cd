"""The supervisor with real servers and a short table of its own: up, kept up, hurt on purpose, down."""

import json
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from gateway.embedded import processes, running
from gateway.embedded.folder import Folder
from gateway.stack import Stack, StackError
from gateway.stack import running as run_info
from gateway.stack.table import Process

from .test_child import until

pytestmark = pytest.mark.slow
ENVIRON = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")} | {
    "SEED": "0"
}
SLEEPER = ("-c", "import time; time.sleep(600)")


@pytest.fixture(scope="module")
def top() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="gw-"))
    (path / "site").mkdir()
    (path / "site" / "readyz").touch()
    yield path
    shutil.rmtree(path, ignore_errors=True)


def table(top: Path) -> tuple[Process, ...]:
    serve = ("-m", "http.server", "{PORT}", "--bind", "{BIND_HOST}", "--directory", str(top / "site"))
    return (Process("web", serve, needs="seed", role="web"), Process("worker-a", SLEEPER, needs="seed", role="worker"))


@pytest.fixture(scope="module")
def stack(top: Path) -> Iterator[Stack]:
    with Stack(top / "home", quiet=True, environ=ENVIRON, processes=table(top)) as up:
        yield up


def test_run_json_tells_a_script_what_it_needs(stack: Stack) -> None:
    info = json.loads((stack.home / "run.json").read_text())
    assert info == stack.info == run_info(stack.home)
    assert set(info) == {"api", "sandbox", "admin", "databaseUrl", "redisUrl"}
    assert info["admin"] == info["api"] + "/admin/"
    with psycopg.connect(info["databaseUrl"], connect_timeout=5) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)


def test_a_crashed_process_is_started_again(stack: Stack) -> None:
    before = stack.pids()["worker-a"]
    os.kill(before, signal.SIGKILL)
    assert until(lambda: stack.pids().get("worker-a", before) != before)
    assert "ended with SIGKILL" in (stack.home / "logs" / "worker-a.log").read_text()


def test_killed_workers_stay_down_until_they_are_started(stack: Stack) -> None:
    stack.kill_workers()
    assert not until(lambda: bool(stack.pids()), 1.0)  # several looks of the supervisor
    stack.start_workers()
    assert set(stack.pids()) == {"worker-a"}


def test_postgres_restarted_serves_the_same_url(stack: Stack) -> None:
    with psycopg.connect(stack.info["databaseUrl"], autocommit=True, connect_timeout=5) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    stack.restart_postgres()
    with psycopg.connect(stack.info["databaseUrl"], connect_timeout=5) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)


def test_redis_is_empty_after_a_flush(stack: Stack) -> None:
    with redis.Redis.from_url(stack.info["redisUrl"]) as client:
        client.set("bell", 1)
        stack.flush_redis()
        assert client.dbsize() == 0


def test_a_server_that_dies_is_started_again(stack: Stack) -> None:
    folder = Folder(stack.home.resolve())
    before = running.redis_pid(folder)
    os.kill(before, signal.SIGKILL)
    assert until(lambda: running.redis_pid(folder) not in (0, before), 20)


def test_a_second_stack_of_one_home_is_refused(stack: Stack, top: Path) -> None:
    with pytest.raises(StackError, match="already runs"):
        Stack(stack.home, quiet=True, environ=ENVIRON, processes=table(top)).start()
    assert run_info(stack.home) is not None


def test_a_taken_port_is_named_before_anything_starts(top: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StackError, match=f"PORT {port} is taken"):
            Stack(top / "other", port=port, environ=ENVIRON, processes=table(top)).start()
    assert not (top / "other").exists()


def test_a_process_that_never_stays_up_ends_the_start_and_all_else(top: Path) -> None:
    broken = (Process("web", ("-c", "raise SystemExit('no such thing')"), needs="servers", role="web"),)
    bad = Stack(top / "broken", quiet=True, environ=ENVIRON, processes=(*broken, *table(top)[1:]))
    with pytest.raises(StackError, match="web does not stay up: no such thing"):
        bad.start()
    assert bad.pids() == {}
    assert not (top / "broken" / "postgres" / "postmaster.pid").exists()
    assert not (top / "broken" / "run.json").exists()


def test_nothing_is_left_after_a_stop_within_twenty_seconds(top: Path) -> None:
    deaf = ("-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)")
    stack = Stack(
        top / "deaf", quiet=True, environ=ENVIRON,
        processes=(*table(top), Process("worker-b", deaf, needs="seed", role="worker")),
    )  # fmt: skip
    stack.start()
    folder = Folder(stack.home.resolve())
    pids = [
        *stack.pids().values(),
        *stack.pids("web").values(),
        running.postgres_pid(folder),
        running.redis_pid(folder),
    ]
    assert len(pids) == 5
    began = time.monotonic()
    stack.stop()
    assert time.monotonic() - began < 20
    assert not any(processes.alive(pid) for pid in pids)
    assert not (stack.home / "run.json").exists()
