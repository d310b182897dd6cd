from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers.sandbox.running import RunningSandbox, Webhook


@pytest.fixture(scope="session")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    yield running
    running.stop()


@pytest.fixture
def sandbox(shared_sandbox: RunningSandbox) -> Iterator[RunningSandbox]:
    """A running sandbox with nothing recorded, no faults, no webhooks and settings as at the start."""
    before = shared_sandbox.call("GET", "/_/settings").json()
    shared_sandbox.call("DELETE", "/_/requests")
    yield shared_sandbox
    shared_sandbox.call("DELETE", "/_/faults")
    shared_sandbox.settings(**before)
    for app in shared_sandbox.call("GET", "/_/webhook").json()["urls"]:
        shared_sandbox.call("PUT", "/_/webhook", {"appId": app, "url": ""})


@pytest.fixture
def own_sandbox(tmp_path: Path) -> Iterator[RunningSandbox]:
    """A sandbox that the test may stop and start again."""
    running = RunningSandbox(tmp_path / "home")
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    listening = Webhook()
    yield listening
    listening.close()


@pytest.fixture
def hooked(sandbox: RunningSandbox, webhook: Webhook) -> RunningSandbox:
    """The sandbox with `webhook` as every app's."""
    assert sandbox.call("PUT", "/_/webhook", {"url": webhook.url}).status == 200
    return sandbox
