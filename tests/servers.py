"""A pytest plugin (`-p tests.servers`): a PostgreSQL and Valkey of the test run's own, started before Django loads."""

import os
import tempfile
from pathlib import Path

from hypothesis import settings

from gateway.embedded import attach_or_start, stop

_home: Path | None = None


def start() -> None:
    """Start the servers and name them in the environment; workers of pytest-xdist inherit it."""
    global _home
    if os.environ.get("GATEWAY_TEST_HOME"):
        return
    _home = Path(tempfile.mkdtemp(prefix="gateway-tests-"))
    _home.chmod(0o755)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    servers = attach_or_start(_home)
    os.environ.update(
        GATEWAY_TEST_HOME=str(_home),
        GATEWAY_HOME=str(_home),
        DATABASE_URL=servers.database_url,
        REDIS_URL=servers.redis_url,
    )


def pytest_unconfigure() -> None:
    """Stop what this process started."""
    if _home is not None:
        stop(_home)


# How long an example takes says something of the machine, not of the property.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
start()
