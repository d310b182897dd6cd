from collections.abc import Iterator

import pytest

from tests.providers.sandbox.running import Webhook


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    listening = Webhook()
    yield listening
    listening.close()
