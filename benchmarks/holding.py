"""Lanes that wait until a benchmark lets them go.

A lane asleep for longer than the gateway ever means is taken for one that a clock put back, and goes: so held ones are
put to sleep again and again.
"""

import threading
from collections.abc import Iterable

from messaging.sql import cursor

SLEEP_SECONDS, RENEW_SECONDS = 100, 25.0
_SLEEP = """
UPDATE lane SET next_at = gateway_now() + %s * interval '1 second', hold_reason = 'benchmark' WHERE id = ANY(%s)
"""
_WAKE = "UPDATE lane SET next_at = gateway_now(), hold_reason = '' WHERE id = ANY(%s)"
_held: set[int] = set()
_lock = threading.Lock()


def hold(lanes: Iterable[int]) -> None:
    """Let lanes wait, from the commit of the caller's transaction on where there is one, until `let_go`; for longer
    than `SLEEP_SECONDS` only where `keep_renewing` was called."""
    found = list(lanes)
    with _lock:
        _held.update(found)
    with cursor() as sql:
        sql.execute(_SLEEP, (SLEEP_SECONDS, found))


def let_go(lanes: Iterable[int]) -> None:
    """Let lanes go now."""
    found = list(lanes)
    with _lock:
        _held.difference_update(found)
        with cursor() as sql:
            sql.execute(_WAKE, (found,))


def renew() -> None:
    """Put every held lane to sleep again."""
    with _lock, cursor() as sql:
        sql.execute(_SLEEP, (SLEEP_SECONDS, sorted(_held)))


def keep_renewing() -> None:
    """Renew in a thread of its own for as long as this process lives."""
    threading.Thread(target=_renew_forever, name="holding", daemon=True).start()


def _renew_forever() -> None:
    pause = threading.Event()
    while not pause.wait(RENEW_SECONDS):
        renew()
