"""One Valkey (or Redis) under a home: started and asked. Loopback TCP with a password, as PostgreSQL beside it."""

import os
import subprocess
import time
from collections.abc import Mapping

import redis

from . import ports, processes, running
from .binaries import find_redis
from .errors import EmbeddedServerError
from .folder import Folder, Remembered, write_private

START_SECONDS = 60.0
ASK_SECONDS = 3.0
# The password stands in this file, not on the command line, where every user of the machine could read it.
SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
pidfile "{folder}/server.pid"
logfile "{log}"
daemonize yes
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
save ""
"""


def url(memory: Remembered) -> str:
    """The URL of this server, password included: never for a log."""
    return f"redis://:{memory.password}@127.0.0.1:{memory.redis_port}/0"


def healthy(folder: Folder, memory: Remembered) -> bool:
    """Whether the server of this folder answers with its data loaded."""
    return processes.serves(running.redis_pid(folder), folder.redis) and _answers(memory)


def start(folder: Folder, memory: Remembered, environ: Mapping[str, str] = os.environ) -> None:
    """Starts the server; sets `memory.redis_port`. One that runs already is waited for: it may be loading. A stale pid
    file does not hinder it, a taken port is replaced. Raises EmbeddedServerError."""
    if processes.serves(running.redis_pid(folder), folder.redis):
        _await_answer(folder, memory)
        return
    program = find_redis(environ).path
    folder.redis.mkdir(mode=0o700, exist_ok=True)
    (folder.redis / "server.pid").unlink(missing_ok=True)
    for _ in range(3):
        memory.redis_port = ports.choose(memory.redis_port)
        folder.remember(memory)
        if _launch(folder, memory, str(program)):
            return
        memory.redis_port = 0
    raise EmbeddedServerError(f"Valkey found every port taken: see {folder.redis_log}")


def _launch(folder: Folder, memory: Remembered, program: str) -> bool:
    """Starts and waits until the server answers; False if the port was taken meanwhile."""
    settings = folder.redis / "server.conf"
    write_private(
        settings,
        SETTINGS.format(
            port=memory.redis_port,
            password=memory.password,
            folder=_quoted(folder.redis),
            log=_quoted(folder.redis_log),
        ),
    )
    mark = folder.redis_log.stat().st_size if folder.redis_log.exists() else 0
    ran = subprocess.run(
        [program, str(settings)], stdin=subprocess.DEVNULL, capture_output=True, timeout=START_SECONDS,
        check=False, start_new_session=True, cwd="/",
    )  # fmt: skip
    deadline = time.monotonic() + START_SECONDS
    while ran.returncode == 0 and time.monotonic() < deadline:
        if healthy(folder, memory):
            return True
        if _gave_up(folder, mark):
            break
        time.sleep(0.01)
    said = processes.tail(folder.redis_log, mark) or " ".join(ran.stdout.decode(errors="replace").split())
    running.stop_redis(folder)
    if "Address already in use" in said or "Failed listening" in said:
        return False
    code = os.EX_CANTCREAT if "No space left" in said or "Read-only" in said else os.EX_UNAVAILABLE
    raise EmbeddedServerError(f"Valkey did not start: {said}", code)


def _await_answer(folder: Folder, memory: Remembered) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not healthy(folder, memory):
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"Valkey runs but does not answer: see {folder.redis_log}", os.EX_TEMPFAIL)
        time.sleep(0.05)


def _gave_up(folder: Folder, mark: int) -> bool:
    # As a daemon it writes its pid file late, so the log tells first that it ended.
    number = running.redis_pid(folder)
    if number and processes.serves(number, folder.redis):
        return False
    said = processes.tail(folder.redis_log, mark)
    return any(word in said for word in ("exiting", "Failed listening", "Can't", "error"))


def _quoted(path: os.PathLike[str]) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')


def _answers(memory: Remembered) -> bool:
    client = redis.Redis.from_url(url(memory), socket_timeout=ASK_SECONDS, socket_connect_timeout=ASK_SECONDS)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
