"""Every message that was taken: for logs, for reports that are given once, and to know an id again."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from providers.sandbox.state import Sandbox

KEEP = 200_000
TRIM_EVERY = 5_000

_TABLES = (
    "CREATE TABLE IF NOT EXISTS infobip_messages (id INTEGER PRIMARY KEY, account TEXT NOT NULL, channel TEXT NOT NULL,"
    " message_id TEXT NOT NULL, bulk_id TEXT NOT NULL, recipient TEXT NOT NULL, sent_at REAL NOT NULL, ends_at REAL,"
    " to_pull INTEGER NOT NULL, platform BLOB NOT NULL, entry BLOB NOT NULL)",
    "CREATE UNIQUE INDEX IF NOT EXISTS infobip_by_id ON infobip_messages (account, channel, message_id)",
    "CREATE INDEX IF NOT EXISTS infobip_by_time ON infobip_messages (account, channel, sent_at)",
    "CREATE INDEX IF NOT EXISTS infobip_to_pull ON infobip_messages (account, ends_at) WHERE to_pull = 1",
)
_ADD = (
    "INSERT OR IGNORE INTO infobip_messages (account, channel, message_id, bulk_id, recipient, sent_at, ends_at,"
    " to_pull, platform, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SELECT = (
    "SELECT entry, ends_at FROM infobip_messages WHERE account = :account AND channel = :channel"
    " AND sent_at >= :since AND sent_at <= :until AND (:to = '' OR recipient = :to)"
    " AND (:ids = '[]' OR message_id IN (SELECT value FROM json_each(:ids)))"
    " AND (:bulks = '[]' OR bulk_id IN (SELECT value FROM json_each(:bulks))) ORDER BY id DESC LIMIT :limit"
)
# Marked in the statement that reads them, so that no two answers hold the same report (section 5).
_TAKE = (
    "UPDATE infobip_messages SET to_pull = 0 WHERE id IN (SELECT id FROM infobip_messages WHERE account = :account"
    " AND to_pull = 1 AND ends_at <= :now AND sent_at >= :since AND (:id = '' OR message_id = :id)"
    " AND (:bulk = '' OR bulk_id = :bulk)"
    " AND (:entity = '' OR json_extract(platform, '$.entityId') = :entity)"
    " AND (:application = '' OR json_extract(platform, '$.applicationId') = :application)"
    " ORDER BY ends_at LIMIT :limit) RETURNING entry"
)
_TRIM = "DELETE FROM infobip_messages WHERE id <= (SELECT max(id) FROM infobip_messages) - ?"

_encode = msgspec.json.Encoder().encode


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """One message as it was taken; times are epoch seconds, `ends_at` None where no report ever comes.

    `entry` is the final row of the log without its status while it is under way.
    """

    account: str
    channel: str
    message_id: str
    bulk_id: str
    recipient: str
    sent_at: float
    ends_at: float | None
    to_pull: bool
    platform: Mapping[str, str]
    entry: Mapping[str, Any]


class Ledger:
    """The bounded list of messages, on disk before they are answered."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._store = sandbox.store
        for table in _TABLES:
            self._store.load(table)
        self._since_trim = 0

    async def known(self, account: str, channel: str, message_ids: Sequence[str]) -> set[str]:
        """Return which of the ids the account has used before on the channel."""
        sql = (
            "SELECT message_id FROM infobip_messages WHERE account = ? AND channel = ?"
            " AND message_id IN (SELECT value FROM json_each(?))"
        )
        rows = await self._store.read(sql, (account, channel, _encode(message_ids).decode()))
        return {row[0] for row in rows}

    async def add(self, taken: Sequence[Taken]) -> None:
        """Keep the messages; an id that is there already stays as it is."""
        rows = [
            (
                one.account,
                one.channel,
                one.message_id,
                one.bulk_id,
                one.recipient,
                one.sent_at,
                one.ends_at,
                one.to_pull,
                _encode(one.platform).decode(),
                _encode(one.entry),
            )
            for one in taken
        ]
        self._since_trim += len(rows)
        trim = self._since_trim >= TRIM_EVERY
        if trim:
            self._since_trim = 0

        def write(database: sqlite3.Connection) -> None:
            database.executemany(_ADD, rows)
            if trim:
                database.execute(_TRIM, (KEEP,))

        await self._store.run(write)

    async def log(self, **which: Any) -> list[tuple[dict[str, Any], float | None]]:
        """Return entries, newest first, with when they end; `which` as in the statement, ids as lists."""
        row = {**which, "ids": _encode(which["ids"]).decode(), "bulks": _encode(which["bulks"]).decode()}
        rows = await self._store.read(_SELECT, row)
        return [(msgspec.json.decode(entry), ends_at) for entry, ends_at in rows]

    async def take(self, **which: Any) -> list[dict[str, Any]]:
        """Return reports that nobody has taken yet, each only this once."""
        rows = await self._store.run(lambda database: database.execute(_TAKE, which).fetchall())
        return [msgspec.json.decode(row[0]) for row in rows]
