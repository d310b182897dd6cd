"""Ids of messages and legs.

A message id is a UUIDv7 (RFC 9562) whose last byte is kept for the leg: two bits of message class and six of leg
number, 0 in the message id itself. So what a provider echoes names message, class and leg without a table.
"""

import os
import time
from datetime import datetime
from uuid import UUID

MAX_LEGS = 63
_COUNTER = 1 << 26


def message_ids(count: int, message_class: int) -> list[UUID]:
    """Return `count` new ids of one class in ascending order, unique without coordination (40 random bits a batch,
    a counter of 26 bits within it)."""
    milliseconds = time.time_ns() // 1_000_000
    start = int.from_bytes(os.urandom(3)) & 0x7FFFFF
    noise = os.urandom(5 * count)
    head = milliseconds << 80 | 0x7000 << 64 | 0x8 << 60
    tail = message_class << 6
    ids = []
    for n in range(count):
        counter = (start + n) % _COUNTER
        number = head | (counter >> 14) << 64 | (counter & 0x3FFF) << 48 | tail
        ids.append(UUID(int=number | int.from_bytes(noise[5 * n : 5 * n + 5]) << 8))
    return ids


def leg_id(message_id: UUID, n: int) -> str:
    """Return the 32 hex characters that name leg `n` (from 1) of a message at providers."""
    return f"{message_id.int | n:032x}"


def parse_leg_id(text: str) -> tuple[UUID, int] | None:
    """Return (message id, leg number) of what a provider echoed, or None where it is no leg id of ours."""
    if len(text) != 32:
        return None
    try:
        number = int(text, 16)
    except ValueError:
        return None
    n = number & 0x3F
    if n == 0 or number >> 76 & 0xF != 7 or not number >> 6 & 0x3:
        return None
    return UUID(int=number ^ n), n


def class_of(message_id: UUID) -> int:
    """Return the message class that a message id carries."""
    return message_id.int >> 6 & 0x3


def lowest_id(at: datetime) -> UUID:
    """Return the lowest id that can be made at `at` (aware), for bounds of partitions and time filters."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
