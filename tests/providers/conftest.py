"""Runs what must hold on every event loop on each of them."""

import asyncio
from collections.abc import Iterator

import pytest
import uvloop


@pytest.fixture(params=["asyncio", "uvloop"])
def every_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Make `asyncio.run` and new event loops use the loop named by the parameter."""
    before = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(
        asyncio.DefaultEventLoopPolicy() if request.param == "asyncio" else uvloop.EventLoopPolicy()
    )
    yield
    asyncio.set_event_loop_policy(before)
