from collections.abc import Iterator

import pytest

from providers.oa.adapter import OA
from tests.providers.oa.talking import Talk, talking
from tests.providers.sandbox.running import RunningSandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    yield running
    running.stop()


@pytest.fixture
def talk(sandbox: RunningSandbox) -> Iterator[Talk]:
    with talking(OA, sandbox) as found:
        yield found
