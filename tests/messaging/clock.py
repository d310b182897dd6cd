"""Moves the one clock for the processes of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection

from tenants.clock import CREATE_CLOCK


@contextmanager
def moved(by: timedelta) -> Iterator[None]:
    """Let every process see a clock moved by `by` within the block."""
    with connection.cursor() as cursor:
        cursor.execute(CREATE_CLOCK.replace("clock_timestamp()", f"clock_timestamp() + interval ''{by}''"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(CREATE_CLOCK)


@contextmanager
def at(moment: str) -> Iterator[None]:
    """Let every process see a clock that ran on from `moment` (PostgreSQL's form) since the block began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::timestamptz - clock_timestamp())::text", (moment,))
        (by,) = cursor.fetchone()
        cursor.execute(CREATE_CLOCK.replace("clock_timestamp()", f"clock_timestamp() + interval ''{by}''"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(CREATE_CLOCK)
