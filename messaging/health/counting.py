"""Outcomes of each channel in the last minute, in Redis: losing them loses a minute of memory, nothing else."""

import time
from typing import NamedTuple

import redis
import structlog

from messaging.dispatch import bell

BUCKET_SECONDS = 5
KEPT_SECONDS = 60
log = structlog.get_logger(__name__)


class Tally(NamedTuple):
    """Calls that showed the channel to work, and calls that failed for a reason that passes or stayed unknown."""

    good: int
    bad: int

    @property
    def total(self) -> int:
        """Return how many calls were judged."""
        return self.good + self.bad


NOTHING = Tally(0, 0)


def _keys(channel_id: int, seconds: int) -> list[str]:
    newest = int(time.time()) // BUCKET_SECONDS
    return [f"gateway:health:{channel_id}:{newest - n}" for n in range(-(-seconds // BUCKET_SECONDS))]


def count(channel_id: int, tally: Tally) -> None:
    """Add calls that were judged now. Never raises for a lost Redis."""
    key = _keys(channel_id, BUCKET_SECONDS)[0]
    try:
        with bell.connection().pipeline(transaction=False) as pipe:
            if tally.good:
                pipe.hincrby(key, "good", tally.good)
            if tally.bad:
                pipe.hincrby(key, "bad", tally.bad)
            pipe.expire(key, KEPT_SECONDS + 2 * BUCKET_SECONDS)
            pipe.execute()
    except redis.RedisError as error:
        log.warning("health.not_counted", error=type(error).__name__)


def recent(channel_id: int, seconds: int) -> Tally:
    """Return what was counted in the last `seconds` (at most a minute); nothing where Redis is lost."""
    try:
        with bell.connection().pipeline(transaction=False) as pipe:
            for key in _keys(channel_id, seconds):
                pipe.hmget(key, ["good", "bad"])
            rows = pipe.execute()
    except redis.RedisError:
        return NOTHING
    return Tally(sum(int(good or 0) for good, _ in rows), sum(int(bad or 0) for _, bad in rows))


def forget(channel_id: int) -> None:
    """Drop what was counted: a channel that was reopened is judged anew. Never raises for a lost Redis."""
    try:
        bell.connection().delete(*_keys(channel_id, KEPT_SECONDS + 2 * BUCKET_SECONDS))
    except redis.RedisError as error:
        log.warning("health.not_counted", error=type(error).__name__)
