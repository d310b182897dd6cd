import pytest

from gateway.stack import Stack
from tests.stack.ways.running import open_ways


@pytest.fixture(scope="session")
def opened(stack: Stack) -> dict[str, dict[str, str]]:
    """Tenant -> its official account and its channels by kind, each at the end of a route of its own."""
    return open_ways(stack)
