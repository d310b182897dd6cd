"""What phones received: kept for the inbox page and for status queries."""

import secrets
from typing import Any

import msgspec

from providers.sandbox import schema
from providers.sandbox.store import Store

_encode = msgspec.json.Encoder().encode
_COLUMNS = "SELECT message_id, recipient, sent_at, delivered_at, content FROM messages "
_CONVERSATION = _COLUMNS + "WHERE account = ? AND recipient = ? ORDER BY id DESC LIMIT ? OFFSET ?"
_RECENT = _COLUMNS + "WHERE account = ? ORDER BY id DESC LIMIT ?"
_SELECT = _COLUMNS + "WHERE (:recipient = '' OR recipient = :recipient) ORDER BY id DESC LIMIT :limit"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A message as a phone shows it: the sender's name, the template's, a text, labelled rows and a button.

    One of a chat has a `sort` (text, image, ...) and perhaps the address of its picture; `inbound` is one that the
    person wrote.
    """

    sender: str
    title: str
    text: str
    rows: tuple[tuple[str, str], ...] = ()
    button: str = ""
    sort: str = ""
    url: str = ""
    inbound: bool = False


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One accepted message; times are epoch seconds, `delivered_at` None where it never arrives."""

    message_id: str
    recipient: str
    sent_at: float
    delivered_at: float | None
    content: Shown


class Inbox:
    """The bounded list of accepted messages."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last = int(store.load("SELECT coalesce(max(id), 0) FROM messages")[0][0])

    def add(self, account: str, recipient: str, content: Shown, sent_at: float, delivered_at: float | None) -> str:
        """Keep an accepted message and return the new message id: 20 hex characters."""
        self._last += 1
        message_id = secrets.token_hex(10)
        row = (self._last, message_id, account, recipient, sent_at, delivered_at, _encode(content))
        self._store.put(schema.ADD_MESSAGE, row)
        return message_id

    async def arrival(self, account: str, message_id: str) -> tuple[bool, float | None]:
        """Return whether the account sent such a message, and when it arrives (epoch seconds, None: never)."""
        rows = await self._store.read(
            "SELECT delivered_at FROM messages WHERE message_id = ? AND account = ?", (message_id, account)
        )
        return (True, rows[0][0]) if rows else (False, None)

    async def conversation(self, account: str, recipient: str, offset: int, count: int) -> list[Received]:
        """Return what account and recipient wrote to each other, newest first."""
        row = (account, recipient, count, offset)
        return _received(await self._store.read(_CONVERSATION, row))

    async def recent(self, account: str, look_at: int = 500) -> list[Received]:
        """Return the newest message of each recent chat of the account, newest first."""
        latest: dict[str, Received] = {}
        for message in _received(await self._store.read(_RECENT, (account, look_at))):
            if message.content.sort:
                latest.setdefault(message.recipient, message)
        return list(latest.values())

    async def newest(self, recipient: str = "", limit: int = 50) -> list[Received]:
        """Return the newest messages first, of one recipient if one is named."""
        rows = await self._store.read(_SELECT, {"recipient": recipient, "limit": limit})
        return _received(rows)


def _received(rows: list[tuple[Any, ...]]) -> list[Received]:
    return [
        Received(
            message_id=message_id,
            recipient=to,
            sent_at=sent_at,
            delivered_at=delivered_at,
            content=msgspec.json.decode(content, type=Shown),
        )
        for message_id, to, sent_at, delivered_at, content in rows
    ]
