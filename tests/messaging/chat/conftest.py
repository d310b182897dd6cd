import pytest

from tests.messaging.chat.talking import Chat
from tests.messaging.world import World


@pytest.fixture
def chat(world: World) -> Chat:
    """An official account that chats; nothing dispatches and no webhook comes in."""
    return Chat(world)


@pytest.fixture
def live(hooked: World) -> Chat:
    """An official account whose people are heard by the hook."""
    return Chat(hooked)
