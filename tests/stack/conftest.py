from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.stack import Stack
from tests.stack.client import Client


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole gateway: embedded servers, web, Celery workers, beat and sandbox, as `make run` starts them."""
    home = Path(tmp_path_factory.mktemp("stack"))
    environ = {
        "PATH": "/usr/bin:/bin",
        "CALL_TIMEOUT": "3",
        "LEASE_MARGIN": "2",
        "UNKNOWN_WAIT": "5",
        "PROBE_PAUSE": "4",
    }
    with Stack(home=home, quiet=True, environ=environ) as running:
        yield running


@pytest.fixture
def client(stack: Stack) -> Client:
    """A client application of the demo tenant, with an empty record at the sandbox."""
    client = Client(stack.info)
    client.forget_requests()
    return client
