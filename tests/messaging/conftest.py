from collections.abc import Iterator

import pytest
from django.db import connection

from messaging.dispatch import bell, mappings
from messaging.dispatch.dispatcher import Dispatcher
from messaging.partitions import make_partitions
from messaging.states import MessageClass
from tenants import data_keys, hooks, runtime
from tenants.clock import now
from tests.messaging.world import World
from tests.providers.sandbox.conftest import sandbox, shared_sandbox
from tests.providers.sandbox.running import RunningSandbox

__all__ = ["sandbox", "shared_sandbox"]


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Start each test without what this process remembers of the test before it."""
    for room in (bell, data_keys, hooks, mappings, runtime):
        room.forget()


@pytest.fixture
def world(transactional_db, settings, sandbox: RunningSandbox) -> World:
    """A tenant connected to the sandbox; nothing dispatches yet and no receipts come in."""
    settings.SANDBOX_URL = f"http://127.0.0.1:{sandbox.port}"
    with connection.cursor() as cursor:
        make_partitions(cursor, now())
    return World(sandbox)


@pytest.fixture
def hooked(world: World, live_server) -> World:
    """The world with a web server that takes the sandbox's webhooks in."""
    url = f"{live_server.url}/hooks/zalo/{world.app.hook_token}"
    assert world.sandbox.call("PUT", "/_/webhook", {"appId": world.app.app_id, "url": url}).status == 200
    return world


@pytest.fixture
def dispatchers(world: World) -> Iterator[dict[MessageClass, Dispatcher]]:
    """Running dispatchers of every class, as a worker process has them."""
    running = {message_class: Dispatcher(message_class) for message_class in MessageClass}
    for dispatcher in running.values():
        dispatcher.start()
    yield running
    for dispatcher in running.values():
        dispatcher.stop(1)
