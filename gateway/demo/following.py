"""Follows messages to their ends by reading pages of the API."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from gateway.demo.client import Client
from gateway.demo.sending import Sent

LOOK_SECONDS: Final = 0.5
PAGE: Final = 1000


def follow(client: Client, sent: Sequence[Sent], seconds: float, told: Callable[[Sequence[Sent]], None]) -> bool:
    """Read the messages until all have ended, calling `told` after each look; False if `seconds` were not enough.

    Raises DemoError.
    """
    ends = time.monotonic() + seconds
    while True:
        _look(client, sent)
        told(sent)
        if all(message.final for message in sent):
            return True
        if time.monotonic() >= ends:
            return False
        time.sleep(LOOK_SECONDS)


def _look(client: Client, sent: Sequence[Sent]) -> None:
    by_id = {message.id: message for message in sent if not message.final}
    for bulk in {message.bulk for message in by_id.values()}:
        for row in pages(client, f"/v1/messages?bulkId={bulk}&limit={PAGE}"):
            message = by_id.get(row["messageId"])
            if message is not None:
                message.state, message.final = row["state"], row["final"]


def pages(client: Client, path: str) -> Iterator[dict[str, Any]]:
    """Yield the messages of the page at `path` and of all that follow it. Raises DemoError."""
    following: str | None = path
    while following:
        page = client.get(following)
        yield from page["messages"]
        following = page["next"]
