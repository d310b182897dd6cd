"""When a message waited for its turn, and on which leg, read from its timeline. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol


class Line(Protocol):
    """One stored line of a timeline; `at` is aware."""

    @property
    def at(self) -> datetime: ...
    @property
    def type(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def detail(self) -> dict[str, Any] | None: ...


class Stay(NamedTuple):
    """A time of waiting for a turn on a leg; `until` is None where it still waits. `channel` names the channel where
    the line that led there did."""

    leg: int
    channel: str
    since: datetime
    until: datetime | None


# Lines after which a message waits for another turn; every other one ends its waiting.
AGAIN: Final = frozenset({"retry", "held", "not_sent", "resend"})
FAILOVER: Final = "failover"
ERASED: Final = "erased"


def stays(start: datetime, lines: Iterable[Line]) -> list[Stay]:
    """Return when the message waited, in order; `start` is when its first wait began (aware)."""
    found: list[Stay] = []
    leg, channel, since = 1, "", start
    waiting = True
    for line in lines:
        if line.type == "revealed" or (line.type == ERASED and not line.reason):
            continue
        detail = line.detail or {}
        left = line.at - timedelta(milliseconds=detail.get("ms") or 0)
        if waiting and left > since:
            found.append(Stay(leg, channel, since, left))
        waiting = line.type in AGAIN or line.type == FAILOVER
        since = _goes_on(line.at, detail)
        if line.type == FAILOVER:
            leg, channel = leg + 1, str(detail.get("nextChannel", ""))
    if waiting:
        found.append(Stay(leg, channel, since, None))
    return found


def _goes_on(at: datetime, detail: dict[str, Any]) -> datetime:
    """Return when a message that a line put off waits in its lane again."""
    until = detail.get("until")
    return max(at, datetime.fromisoformat(until)) if until else at
