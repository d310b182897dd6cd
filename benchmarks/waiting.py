"""Waits with a bound."""

import time
from collections.abc import Callable

LOOK_SECONDS = 0.1


def until(done: Callable[[], bool], seconds: float, what: str) -> None:
    """Look until `done` says so. Raises TimeoutError naming `what` after `seconds`."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} took over {seconds:.0f} s")
        time.sleep(LOOK_SECONDS)
