"""Dispatchers say that they are alive, so that `/readyz` and operators can tell; the keys end by themselves."""

import os
import socket

import redis
import structlog

from messaging.dispatch.bell import connection
from messaging.states import MessageClass

SECONDS = 5
log = structlog.get_logger(__name__)


def say_alive(message_class: MessageClass) -> None:
    """Renew this dispatcher's key; a lost Redis is only noted."""
    try:
        connection().set(
            f"gateway:dispatcher:{message_class.queue}:{socket.gethostname()}:{os.getpid()}", 1, ex=SECONDS
        )
    except redis.RedisError as error:
        log.debug("presence.lost", error=type(error).__name__)
