from collections.abc import Iterator

import pytest

from tests.providers.nxcloud.listening import Reports
from tests.providers.sandbox.running import RunningSandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.settings(receiptDelayMs=40, lateReceiptMs=600)
    yield running
    running.stop()


@pytest.fixture
def reports() -> Iterator[Reports]:
    listening = Reports()
    yield listening
    listening.close()
