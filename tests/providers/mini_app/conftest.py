from collections.abc import Iterator

import pytest

from tests.providers.sandbox.running import RunningSandbox, Webhook


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.settings(receiptDelayMs=40)
    yield running
    running.stop()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    listening = Webhook()
    yield listening
    listening.close()
