"""Hosts that share nothing but a wire: network namespaces joined by veth pairs, inside one namespace of their own.

The whole run moves into a namespace that has no way out, so that servers may listen there on more than loopback, and
nothing of it is left when its last process ends.
"""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from gateway.embedded import restart_postgres
from gateway.embedded.account import account
from gateway.embedded.folder import Folder, write_private

SECONDS = 20.0
APART = ("unshare", "--net", "--mount")
# Names of namespaces lie under /run, which is hidden by one that ends with this run.
INSIDE = 'mount -t tmpfs none /run && ip link set lo up && exec "$0" "$@"'
ACCESS = "host all all 127.0.0.1/32 scram-sha-256\nhost all all 10.99.0.0/16 scram-sha-256\n"


def possible() -> bool:
    """Return whether this user may make namespaces here and has the programs for it."""
    if os.geteuid() or not all(map(shutil.which, ("ip", "unshare", "sh"))):
        return False
    tried = subprocess.run([*APART, "sh", "-c", INSIDE, "true"], capture_output=True, timeout=SECONDS, check=False)
    return tried.returncode == 0


def become(argv: list[str], env: dict[str, str]) -> None:
    """Replace this process by `argv` in a network of its own; does not return."""
    os.execvpe(APART[0], [*APART, "sh", "-c", INSIDE, *argv], env)  # noqa: S606  words of ours


def add(number: int) -> str:
    """Make host `number` (from 1) with a wire to the servers; return its namespace's name."""
    name, here = f"host{number}", f"to{number}"
    for words in (
        f"netns add {name}",
        f"link add {here} type veth peer name wire netns {name}",
        f"address add {server_address(number)}/24 dev {here}",
        f"link set {here} up",
        f"-n {name} address add 10.99.{number}.2/24 dev wire",
        f"-n {name} link set wire up",
        f"-n {name} link set lo up",
    ):
        subprocess.run(["ip", *words.split()], check=True, timeout=SECONDS)
    return name


def server_address(number: int) -> str:
    """Return the address at which host `number` finds the servers."""
    return f"10.99.{number}.1"


def open_servers(database_url: str, redis_url: str) -> Folder:
    """Let PostgreSQL and Valkey listen on the wires too; return where they live. PostgreSQL starts anew for that."""
    folder = Folder(Path(os.environ["GATEWAY_HOME"]))
    access = folder.postgres / "hosts_hba.conf"
    write_private(access, ACCESS)
    account().own(access)
    with psycopg.connect(database_url, autocommit=True, connect_timeout=5) as connection:
        connection.execute("ALTER SYSTEM SET listen_addresses = '*'")
        connection.execute(f"ALTER SYSTEM SET hba_file = '{access}'".encode())
    restart_postgres(folder.home)
    with redis.Redis.from_url(redis_url, socket_timeout=5) as client:
        client.config_set("bind", "*")
    return folder


def seen_from(number: int, url: str) -> str:
    """Return a URL of a server on loopback as host `number` must write it."""
    place = urlsplit(url)
    return place._replace(netloc=place.netloc.replace("127.0.0.1", server_address(number))).geturl()
