"""Calls a minute of an API key: the generic cell rate algorithm in one Redis script.

A key that was idle may use its whole minute's allowance at once and then gets it back evenly. Without Redis every call
is allowed: a limiter that is down must not stop one-time passwords.
"""

import math
import time
from functools import lru_cache
from typing import Final, NamedTuple

import structlog
from django.conf import settings
from redis import Redis, RedisError
from redis.commands.core import Script

MINUTE_US: Final = 60_000_000
TIMEOUT_S: Final = 0.25
REST_S: Final = 1.0
log = structlog.get_logger(__name__)

# KEYS[1] holds the time (microseconds) at which the key's allowance is whole again.
_GCRA: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local whole = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local next_whole = whole + interval * cost
local wait = next_whole - window - now
if wait > 0 then
  return {0, math.floor((window - (whole - now)) / interval), math.ceil(wait), math.ceil(whole - now)}
end
redis.call('SET', KEYS[1], string.format('%.0f', next_whole), 'PX', math.ceil((next_whole - now) / 1000) + 1)
return {1, math.floor((window - (next_whole - now)) / interval), 0, math.ceil(next_whole - now)}
"""


class Allowance(NamedTuple):
    """What a key may do: `retry_after_s` is 0 where allowed; after `reset_s` the allowance is whole again."""

    allowed: bool
    limit: int
    remaining: int
    retry_after_s: int
    reset_s: int


@lru_cache(maxsize=1)
def _script() -> Script:
    client = Redis.from_url(settings.REDIS_URL, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)
    return client.register_script(_GCRA)


_rests_until = 0.0


def take(key_id: int, per_minute: int, cost: int = 1) -> Allowance:
    """Take `cost` calls from the key's allowance of `per_minute` (at least 1) and return what is left.

    A cost above the limit counts as the limit. After a failure Redis is left alone for a second.
    """
    global _rests_until
    if time.monotonic() < _rests_until:
        return Allowance(True, per_minute, per_minute, 0, 0)
    try:
        allowed, remaining, wait, reset = _script()(
            keys=[f"gateway:rate:{key_id}"], args=[MINUTE_US / per_minute, MINUTE_US, min(cost, per_minute)]
        )
    except (RedisError, OSError) as error:
        _rests_until = time.monotonic() + REST_S
        log.warning("rate_limit_unavailable", reason=type(error).__name__)
        return Allowance(True, per_minute, per_minute, 0, 0)
    return Allowance(bool(allowed), per_minute, max(remaining, 0), math.ceil(wait / 1e6), math.ceil(reset / 1e6))


def reset() -> None:
    """Drop the connection, so that the next call reads the settings again."""
    global _rests_until
    _script.cache_clear()
    _rests_until = 0.0
