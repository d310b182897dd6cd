"""Rounds that end in time: a machine too slow for all of them gives fewer, and the report says so."""

import time
from collections.abc import Iterator

ROUNDS = 3


def rounds(seconds: float, most: int = ROUNDS) -> Iterator[int]:
    """Yield 0, 1, ... below `most`, as long as one more round like the longest ends within `seconds` from the start."""
    began, longest = time.monotonic(), 0.0
    for number in range(most):
        started = time.monotonic()
        if number and started - began + longest > seconds:
            return
        yield number
        longest = max(longest, time.monotonic() - started)


def too_few(done: int, most: int = ROUNDS) -> str:
    """Return why so many rounds prove nothing, "" where they suffice."""
    return "" if done >= most else f"{done} of {most} rounds ended in its time"
