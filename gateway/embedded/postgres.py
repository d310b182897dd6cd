"""One PostgreSQL under a home: made, started, asked, stopped. It listens on loopback TCP only, with a password, so
that the length of the home's path does not matter and any client of the same person can use its URL."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

from . import cluster, ports, processes, running
from .account import Account, account
from .binaries import Binary, find_postgres
from .errors import EmbeddedServerError
from .folder import Folder, Remembered, write_private

DATABASE = "gateway"
START_SECONDS = 120.0
ASK_SECONDS = 3
SETTINGS = """\
# Written anew at each start; put settings of your own into conf.d/ beside this file.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 256MB
fsync = on
synchronous_commit = on
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
min_wal_size = 256MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
autovacuum_naptime = 10s
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
password_encryption = 'scram-sha-256'
jit = off
include_dir = 'conf.d'
"""
ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n"


def url(memory: Remembered, database: str = DATABASE) -> str:
    """The URL of a database of this server, password included: never for a log."""
    return f"postgresql://{cluster.USER}:{memory.password}@127.0.0.1:{memory.postgres_port}/{database}"


def healthy(folder: Folder, memory: Remembered) -> bool:
    """Whether the server of this folder, and no other on its port, answers a query."""
    if not processes.serves(running.postgres_pid(folder), folder.postgres):
        return False
    try:
        with psycopg.connect(url(memory), connect_timeout=ASK_SECONDS) as connection:
            shown = connection.execute("SHOW data_directory").fetchone()
    except psycopg.Error:
        return False
    return shown is not None and Path(shown[0]).resolve() == folder.postgres.resolve()


def start(folder: Folder, memory: Remembered, environ: Mapping[str, str] = os.environ) -> None:
    """Starts the server, making its data folder first where there is none; sets `memory.postgres_port`.

    One that runs already is waited for, never stopped: it may be recovering from a crash. A stale pid file is
    removed, a taken port replaced. Raises EmbeddedServerError.
    """
    if processes.serves(running.postgres_pid(folder), folder.postgres):
        _ensure_database(memory)
        return
    binary, who = find_postgres(cluster.data_major(folder), environ), account()
    if who.uid is not None:
        folder.home.chmod(0o711)
    who.check_reach(folder.postgres, binary.path)
    if not folder.postgres.exists():
        cluster.create(folder, memory.password, binary, who)
    # None serves this folder now. PostgreSQL would still believe a pid file whose number went to another program, or
    # to a dead one that nobody has reaped; against a true second server it has a lock in shared memory besides.
    (folder.postgres / "postmaster.pid").unlink(missing_ok=True)
    for _ in range(10):
        memory.postgres_port = ports.choose(memory.postgres_port)
        folder.remember(memory)
        if _launch(folder, memory, binary, who):
            break
    else:
        raise EmbeddedServerError(f"PostgreSQL did not start: {processes.tail(folder.postgres_log)}")
    _ensure_database(memory)


def _launch(folder: Folder, memory: Remembered, binary: Binary, who: Account) -> bool:
    """Starts and waits until queries are answered; False if another try may succeed."""
    write_private(folder.postgres / "postgresql.conf", SETTINGS.format(port=memory.postgres_port))
    write_private(folder.postgres / "pg_hba.conf", ACCESS)
    (folder.postgres / "conf.d").mkdir(mode=0o700, exist_ok=True)
    who.own(*(folder.postgres / name for name in ("postgresql.conf", "pg_hba.conf", "conf.d")))
    mark = folder.postgres_log.stat().st_size if folder.postgres_log.exists() else 0
    command = [*who.prefix, str(binary.path / "pg_ctl"), "-D", str(folder.postgres), "-w", "-s"]
    command += ["-t", str(int(START_SECONDS)), "start"]
    with folder.postgres_log.open("ab") as log:
        ended = cluster.run(command, who, START_SECONDS + 10, log.fileno())
    if ended.returncode == 0:
        return True
    said = processes.tail(folder.postgres_log, mark)
    running.stop_postgres(folder)
    if "could not bind" in said or "could not create any TCP/IP sockets" in said:
        memory.postgres_port = 0
        return False
    if "pre-existing shared memory" in said:
        time.sleep(0.5)  # the children of a killed server notice its death within a moment
        return False
    code = os.EX_CANTCREAT if "No space left" in said or "Read-only" in said else os.EX_UNAVAILABLE
    raise EmbeddedServerError(f"PostgreSQL did not start: {said}", code)


def _ensure_database(memory: Remembered) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(url(memory, "postgres"), connect_timeout=ASK_SECONDS, autocommit=True) as connection:
                if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchall():
                    connection.execute(f"CREATE DATABASE {DATABASE}")
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"PostgreSQL runs but does not answer: {error}", os.EX_TEMPFAIL) from error
            time.sleep(0.05)
