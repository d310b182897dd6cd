"""The record of every call that a provider's host received, for assertions."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

import msgspec

from providers.sandbox import schema
from providers.sandbox.exchange import Answer, Request
from providers.sandbox.store import Store

PAGE = 500
_encode = msgspec.json.Encoder().encode

_SELECT = (
    "SELECT id, entry FROM requests WHERE id > :after AND id <= :last AND (:host = '' OR host = :host) "
    "AND (:path = '' OR path = :path) AND at >= :since ORDER BY id LIMIT :limit"
)
_COUNT = (
    "SELECT count(*) FROM requests WHERE (:host = '' OR host = :host) AND (:path = '' OR path = :path) AND at >= :since"
)


class RecordedReply(msgspec.Struct, frozen=True):
    """What was answered; the body is text, with bytes that are not UTF-8 replaced."""

    status: int
    body: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One call of the record. `at` is RFC 3339 in UTC with microseconds; `reply` is null where none was given."""

    at: str
    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str
    reply: RecordedReply | None


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which calls to show; an empty word shows all. `since` is RFC 3339 in UTC and included; `limit` 0 is no limit."""

    host: str = ""
    path: str = ""
    since: str = ""
    limit: int = 0


def timestamp(at: float) -> str:
    """Return epoch seconds as RFC 3339 in UTC, always with microseconds, so that text order is time order."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Record:
    """The bounded list of received calls, oldest first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last = int(store.load("SELECT coalesce(max(id), 0) FROM requests")[0][0])

    def next_id(self) -> int:
        """Return the number of the call that arrives now."""
        self._last += 1
        return self._last

    def note(self, request: Request, answer: Answer | None) -> None:
        """Record the call with its answer; noting it again replaces what was noted first."""
        reply = RecordedReply(answer.status, answer.body.decode(errors="replace")) if answer else None
        at = timestamp(request.at)
        entry = Entry(
            at=at,
            method=request.method,
            host=request.host,
            path=request.path,
            query=request.query,
            headers=request.headers,
            body=request.body.decode(errors="replace"),
            reply=reply,
        )
        self._store.put(schema.PUT_REQUEST, (request.id, at, request.host, request.path, _encode(entry)))

    async def pages(self, which: Filter) -> AsyncIterator[list[bytes]]:
        """Yield the matching calls that came before this one, as JSON objects, a page at a time: memory stays small."""
        after, last, left = 0, self._last, which.limit or -1
        while left:
            size = PAGE if left < 0 else min(PAGE, left)
            row = {"after": after, "last": last, "host": which.host, "path": which.path, "since": which.since}
            rows = await self._store.read(_SELECT, {**row, "limit": size})
            if rows:
                yield [row[1] for row in rows]
                after = rows[-1][0]
            if len(rows) < size:
                return
            left -= len(rows) if left > 0 else 0

    async def count(self, which: Filter) -> int:
        """Return how many calls match; `limit` is not looked at."""
        row = {"host": which.host, "path": which.path, "since": which.since}
        return int((await self._store.read(_COUNT, row))[0][0])

    async def clear(self) -> None:
        """Forget all calls."""
        await self._store.run(lambda database: database.execute("DELETE FROM requests") and None)
