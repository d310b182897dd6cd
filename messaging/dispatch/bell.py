"""The bell: tells workers to look at a lane. Losing it loses a second, never a message; the tick rings again.

A flag in Redis (at most two seconds) keeps a busy lane from being rung for every message; the dispatcher lowers it
before its last look at a lane.
"""

import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import redis
import structlog
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

from messaging.states import MessageClass

FLAG_SECONDS = 2
TASK = "messaging.look_at_lane"
APPLY = "messaging.apply_receipts"
# Seconds between a bell for receipts and the look that follows: what comes in meanwhile is applied together.
GATHER: Final[Mapping[int, float]] = {
    MessageClass.OTP: 0.0,
    MessageClass.TRANSACTIONAL: 0.1,
    MessageClass.PROMOTIONAL: 0.1,
}

_covered: dict[int, float] = {}

log = structlog.get_logger(__name__)


@lru_cache(maxsize=1)
def connection() -> "redis.Redis":
    """Return this process's connection pool to Redis; every command gives up after a second."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def _flag(lane_id: int) -> str:
    return f"gateway:bell:{lane_id}"


def ring(lanes: Iterable[tuple[int, int]]) -> None:
    """Ring each (lane id, message class) that was not rung in the last two seconds. Never raises for a lost Redis."""
    try:
        for lane_id, message_class in lanes:
            if connection().set(_flag(lane_id), 1, ex=FLAG_SECONDS, nx=True):
                publish(lane_id, message_class)
    except (redis.RedisError, OperationalError, OSError) as error:
        log.warning("bell.lost", error=type(error).__name__)


def publish(lane_id: int, message_class: int) -> None:
    """Queue one look at the lane for a worker of its class, whether or not it was rung before."""
    current_app.send_task(TASK, (lane_id,), queue=MessageClass(message_class).queue, retry=False, expires=60)


def lower(lane_id: int) -> None:
    """Take the lane's flag down, so that the next message rings again. Never raises for a lost Redis."""
    try:
        connection().delete(_flag(lane_id))
    except redis.RedisError as error:
        log.warning("bell.lost", error=type(error).__name__)


def ring_again(lane_id: int, message_class: int) -> None:
    """Ring a lane that has more due than one dispatcher takes at once. Never raises for a lost Redis."""
    try:
        publish(lane_id, message_class)
    except (redis.RedisError, OperationalError, OSError) as error:
        log.warning("bell.lost", error=type(error).__name__)


def ring_receipts(message_classes: Iterable[int]) -> None:
    """Have committed receipts of these classes applied soon. Never raises for a lost Redis.

    The look that a bell of ours asks for begins GATHER later at the earliest, whatever the flag says meanwhile: until
    then it finds what is committed, and nobody need be asked. A flag that somebody else put up tells no such time.
    """
    try:
        for message_class in message_classes:
            now = time.monotonic()
            if now >= _covered.get(message_class, 0.0) and connection().set(
                _receipts_flag(message_class), 1, ex=FLAG_SECONDS, nx=True
            ):
                queue = MessageClass(message_class).queue
                current_app.send_task(APPLY, (message_class,), queue=queue, retry=False, expires=60)
                _covered[message_class] = now + GATHER[message_class]
    except (redis.RedisError, OperationalError, OSError) as error:
        log.warning("bell.lost", error=type(error).__name__)


def lower_receipts(message_class: int) -> None:
    """Take the class's flag down before its receipts are read. Never raises for a lost Redis."""
    try:
        connection().delete(_receipts_flag(message_class))
    except redis.RedisError as error:
        log.warning("bell.lost", error=type(error).__name__)


def _receipts_flag(message_class: int) -> str:
    return f"gateway:receipts:{message_class}"


def forget() -> None:
    """Drop what this process remembers of its bells."""
    _covered.clear()
