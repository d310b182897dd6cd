"""Each way in which a start can go wrong either is recovered from or ends in one clear line and its exit code."""

import os
import pwd
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gateway.embedded import EmbeddedServerError, ensure, processes, running
from gateway.embedded.folder import Folder

from .conftest import BARE, ROOT, command, run, until

IS_ROOT = os.geteuid() == 0
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
MOUNTS = IS_ROOT and not subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode


def failed(ran: "subprocess.CompletedProcess[str]", code: int, *words: str) -> None:
    """Asserts one line on standard error that has all the words."""
    assert ran.returncode == code, ran.stderr
    assert ran.stderr.count("\n") == 1, ran.stderr
    for word in words:
        assert word in ran.stderr


def test_pid_files_of_killed_servers_do_not_hinder(home: Path, folder: Folder) -> None:
    servers = ensure(home, BARE)
    pids = running.postgres_pid(folder), running.redis_pid(folder)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: not any(processes.alive(pid) for pid in pids))
    servers.close()
    assert (home / "postgres" / "postmaster.pid").exists()
    with ensure(home, BARE) as again:
        psycopg.connect(again.database_url, connect_timeout=5).close()


def test_a_pid_file_whose_number_is_another_programs_now_does_not_hinder(home: Path) -> None:
    ensure(home, BARE).close()
    with subprocess.Popen(["sleep", "60"]) as other:
        try:
            lines = f"{other.pid}\n{home}/postgres\n0\n1\n\n127.0.0.1\n0 0\nready\n"
            (home / "postgres" / "postmaster.pid").write_text(lines)
            (home / "redis" / "server.pid").write_text(f"{other.pid}\n")
            with ensure(home, BARE) as again:
                psycopg.connect(again.database_url, connect_timeout=5).close()
            assert other.poll() is None
        finally:
            other.kill()


def test_a_taken_port_is_replaced_and_the_new_one_remembered(home: Path, folder: Folder) -> None:
    ensure(home, BARE).close()
    old = folder.recall()
    with (
        socket.create_server(("127.0.0.1", old.postgres_port)),
        socket.create_server(("127.0.0.1", old.redis_port)),
        ensure(home, BARE) as servers,
    ):
        assert f":{old.postgres_port}/" not in servers.database_url
        assert f":{old.redis_port}/" not in servers.redis_url
    assert folder.recall().postgres_port != old.postgres_port


def test_data_of_another_major_version_is_left_alone(home: Path) -> None:
    ensure(home, BARE).close()
    (home / "postgres" / "PG_VERSION").write_text("13\n")
    failed(run(home, "true"), os.EX_CONFIG, "PostgreSQL 13", "GATEWAY_POSTGRES_BIN")
    assert (home / "postgres" / "PG_VERSION").read_text() == "13\n"


def test_a_lost_password_is_named(home: Path) -> None:
    ensure(home, BARE).close()
    (home / "servers.json").unlink()
    failed(run(home, "true"), os.EX_CONFIG, "servers.json is missing")


def test_a_path_too_long_for_a_socket_works(home: Path) -> None:
    deep = home / ("d" * 120) / ("e" * 120)
    ran = run(deep, "sh", "-c", "echo $DATABASE_URL")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("postgresql://")


def test_a_path_too_long_for_postgresql_is_named(home: Path) -> None:
    deep = home.joinpath(*["f" * 200] * 5)
    failed(run(deep, "true"), os.EX_CONFIG, "GATEWAY_HOME", "900")


@pytest.mark.parametrize(
    ("variable", "word"), [("GATEWAY_POSTGRES_BIN", "PostgreSQL"), ("GATEWAY_REDIS_BIN", "Valkey")]
)
def test_missing_programs_name_what_installs_them(home: Path, variable: str, word: str) -> None:
    ran = run(home, "true", **{variable: "/nonexistent"})
    failed(ran, os.EX_UNAVAILABLE, f"no {word}", "requirements/embedded.lock")


def test_a_failed_start_leaves_no_server(home: Path, folder: Folder) -> None:
    with pytest.raises(EmbeddedServerError):
        ensure(home, BARE | {"GATEWAY_POSTGRES_BIN": "/nonexistent"})
    assert not processes.serves(running.redis_pid(folder), folder.redis)


@pytest.mark.skipif(not MOUNTS, reason="needs to mount")
def test_a_full_folder_is_named(home: Path) -> None:
    home.mkdir()
    inside = f"mount -t tmpfs -o size=16m none {home} && exec {' '.join(command(home, 'true'))}"
    failed(_in_mounts(inside), os.EX_CANTCREAT, "is full", "128 MiB")


@pytest.mark.skipif(not MOUNTS, reason="needs to mount")
def test_a_folder_that_fills_while_data_is_made_is_named(home: Path) -> None:
    home.mkdir()
    # Room enough by the system's account, but not inodes: the disk says full only when asked for a file.
    inside = f"mount -t tmpfs -o size=512m,nr_inodes=60 none {home} && exec {' '.join(command(home, 'true'))}"
    failed(_in_mounts(inside), os.EX_CANTCREAT, "No space left")


@pytest.mark.skipif(not MOUNTS, reason="needs to mount")
def test_a_read_only_folder_is_named(home: Path) -> None:
    home.mkdir()
    inside = f"mount --bind {home} {home} && mount -o remount,ro,bind {home} && exec {' '.join(command(home, 'true'))}"
    failed(_in_mounts(inside), os.EX_CANTCREAT, "cannot be written", "Read-only")


def _in_mounts(script: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        cwd=ROOT,
        env=BARE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(not DEBIAN_15.exists(), reason="PostgreSQL 15 is not installed here")
def test_installed_binaries_serve_as_well(home: Path) -> None:
    with (
        ensure(home, BARE | {"GATEWAY_POSTGRES_BIN": str(DEBIAN_15)}) as servers,
        psycopg.connect(servers.database_url, connect_timeout=5) as connection,
    ):
        assert connection.info.server_version // 10000 == 15


@pytest.mark.skipif(not DEBIAN_15.exists(), reason="PostgreSQL 15 is not installed here")
def test_the_program_that_wrote_the_data_is_found_again(home: Path) -> None:
    ensure(home, BARE | {"GATEWAY_POSTGRES_BIN": str(DEBIAN_15)}).close()
    with ensure(home, BARE) as servers, psycopg.connect(servers.database_url, connect_timeout=5) as connection:
        assert connection.info.server_version // 10000 == 15


@pytest.mark.skipif(not IS_ROOT or not DEBIAN_15.exists(), reason="needs root, and programs that nobody may reach")
def test_root_without_namespaces_serves_as_nobody(home: Path, folder: Folder) -> None:
    ran = run(
        home, "sh", "-c", f"cat {folder.postgres}/postmaster.pid", GATEWAY_NO_USERNS="1",
        GATEWAY_POSTGRES_BIN=str(DEBIAN_15),
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert folder.postgres.stat().st_uid == 65534


@pytest.mark.skipif(not IS_ROOT or not DEBIAN_15.exists(), reason="needs root, and programs that nobody may reach")
def test_a_home_that_nobody_may_reach_is_named(home: Path) -> None:
    home.mkdir(mode=0o700)
    closed = home / "inside"
    failed(
        run(closed, "true", GATEWAY_NO_USERNS="1", GATEWAY_POSTGRES_BIN=str(DEBIAN_15)),
        os.EX_CONFIG,
        str(home),
        "nobody",
    )


@pytest.mark.skipif(not IS_ROOT, reason="only root can become somebody else; as an ordinary user all tests show it")
def test_an_ordinary_user_runs_them(home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    become: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}
    environ = BARE | {"PYTHONPATH": f"{ROOT}:{Path(psycopg.__path__[0]).parent}", "PYTHONDONTWRITEBYTECODE": "1"}
    python = _python_for(become, environ)
    if python is None:
        pytest.skip("no Python with these packages that every user may run")
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    words = command(home, "sh", "-c", "id -u; stat -c %u $0/postgres", str(home))[1:]
    ran = subprocess.run(
        [python, *words], env=environ, capture_output=True, text=True, timeout=60, check=False, **become
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == f"{nobody.pw_uid}\n{nobody.pw_uid}\n"


def _python_for(become: dict[str, Any], environ: dict[str, str]) -> str | None:
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            probe = [python, "-c", "import gateway.embedded"]
            if not subprocess.run(probe, env=environ, capture_output=True, check=False, **become).returncode:
                return python
        except OSError:
            continue
    return None
