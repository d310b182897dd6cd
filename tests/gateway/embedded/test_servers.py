"""What a user of the servers is promised from entering to leaving."""

import os
import shutil
import signal
from pathlib import Path

import psycopg
import redis

from gateway.embedded import Servers, attach_or_start, ensure, processes, repair, restart_postgres, running
from gateway.embedded.folder import Folder

from .conftest import BARE, until, user


def setting(servers: Servers, name: str) -> str:
    with psycopg.connect(servers.database_url, connect_timeout=5) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def pids(folder: Folder) -> tuple[int, int]:
    return running.postgres_pid(folder), running.redis_pid(folder)


def both_live(folder: Folder) -> bool:
    postgres, valkey = pids(folder)
    return processes.serves(postgres, folder.postgres) and processes.serves(valkey, folder.redis)


def test_both_servers_answer_their_urls(home: Path) -> None:
    with ensure(home, BARE) as servers:
        assert servers.owned
        assert [setting(servers, name) for name in ("fsync", "synchronous_commit", "TimeZone", "jit")] == [
            "on", "on", "UTC", "off",
        ]  # fmt: skip
        assert setting(servers, "server_encoding") == "UTF8"
        with redis.Redis.from_url(servers.redis_url) as client:
            assert client.config_get("append*")["appendfsync"] == "everysec"
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_data_survives_a_stop_and_a_start(home: Path) -> None:
    with ensure(home, BARE) as first:
        with psycopg.connect(first.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
        with redis.Redis.from_url(first.redis_url) as client:
            client.set("kept", "43")
    with ensure(home, BARE) as second:
        assert second.database_url == first.database_url
        with psycopg.connect(second.database_url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (42,)
        with redis.Redis.from_url(second.redis_url) as client:
            assert client.get("kept") == b"43"


def test_neither_server_nor_keeper_outlives_the_last_user(home: Path, folder: Folder) -> None:
    with ensure(home, BARE):
        before = pids(folder)
        with ensure(home, BARE):
            assert pids(folder) == before
        assert both_live(folder)
        assert until(lambda: keeper_pid(home) > 0)
    assert not any(processes.alive(pid) for pid in before)
    assert keeper_pid(home) == 0


def test_a_wrong_password_is_refused(home: Path) -> None:
    with ensure(home, BARE) as servers:
        wrong = servers.database_url.replace("gateway:", "gateway:x")
        try:
            psycopg.connect(wrong, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            assert "password authentication failed" in str(error)
        else:
            raise AssertionError("a wrong password was let in")


def test_the_password_is_readable_by_its_owner_only(home: Path) -> None:
    with ensure(home, BARE):
        for name in ("servers.json", "redis/server.conf"):
            assert (home / name).stat().st_mode & 0o777 == 0o600


def test_each_url_of_the_environment_switches_its_server_off(home: Path, folder: Folder) -> None:
    with ensure(home, BARE | {"DATABASE_URL": "postgresql://elsewhere/x"}) as servers:
        assert servers.database_url == "postgresql://elsewhere/x"
        assert pids(folder)[0] == 0
        assert processes.serves(pids(folder)[1], folder.redis)


def test_with_both_urls_given_the_home_is_not_touched(home: Path) -> None:
    servers = ensure(home, {"DATABASE_URL": "postgresql://a/b", "REDIS_URL": "redis://c/0"})
    assert (servers.owned, servers.database_url, servers.redis_url) == (False, "postgresql://a/b", "redis://c/0")
    assert not home.exists()


def test_one_process_attaches_once(home: Path) -> None:
    servers = attach_or_start(home, BARE)
    try:
        assert attach_or_start(home, BARE) is servers
    finally:
        servers.close()


def test_a_user_killed_without_farewell_leaves_no_server(home: Path, folder: Folder) -> None:
    held = user(home)
    before = pids(folder)
    held.kill()
    held.wait()
    assert until(lambda: not any(processes.alive(pid) for pid in before))


def test_a_killed_user_takes_nothing_from_another(home: Path, folder: Folder) -> None:
    with ensure(home, BARE) as servers:
        held = user(home)
        held.kill()
        held.wait()
        # The keeper looks twice a second: three looks later the servers must still be those of before.
        assert not until(lambda: not both_live(folder), 1.8)
        assert setting(servers, "fsync") == "on"


def test_servers_that_lost_users_and_keeper_are_taken_over(home: Path, folder: Folder) -> None:
    held = user(home)
    before = pids(folder)
    os.kill(keeper_pid(home), signal.SIGKILL)
    held.kill()
    held.wait()
    with ensure(home, BARE):
        assert pids(folder) == before
        assert until(lambda: keeper_pid(home) > 0)
    assert not any(processes.alive(pid) for pid in before)


def test_servers_whose_home_was_deleted_end(home: Path, folder: Folder) -> None:
    held = user(home)
    before = pids(folder)
    assert until(lambda: keeper_pid(home) > 0)
    assert not until(lambda: not both_live(folder), 1.2)  # two looks of the keeper: it has seen them
    shutil.rmtree(home, ignore_errors=True)
    assert until(lambda: not any(processes.alive(pid) for pid in before))
    held.kill()
    held.wait()


def test_what_died_is_started_again_on_its_old_port(home: Path, folder: Folder) -> None:
    with ensure(home, BARE) as servers:
        before = pids(folder)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        assert until(lambda: not any(processes.alive(pid) for pid in before))
        assert sorted(repair(servers, BARE)) == ["postgres", "redis"]
        assert setting(servers, "fsync") == "on"
        assert repair(servers, BARE) == []


def test_restarting_postgres_drops_connections_and_keeps_commits(home: Path) -> None:
    with ensure(home, BARE) as servers, psycopg.connect(servers.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
        restart_postgres(home)
        try:
            connection.execute("SELECT 1")
        except psycopg.OperationalError:
            pass
        else:
            raise AssertionError("the old connection still works")
        with psycopg.connect(servers.database_url) as again:
            assert again.execute("SELECT n FROM kept").fetchone() == (1,)


def keeper_pid(home: Path) -> int:
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"embedded.keeper" in b" ".join(words) and os.fsencode(home) in words:
            return int(entry.parent.name)
    return 0
