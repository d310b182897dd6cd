"""The bare view under the very server that the gateway's web process is."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from benchmarks.bare_view.views import TABLE
from benchmarks.waiting import until
from gateway.embedded.ports import choose
from gateway.stack.steps import answers
from gateway.stack.table import WEB

STOP_SECONDS = START_SECONDS = 20.0
MODULE = "benchmarks.bare_view"


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """Yield (URL to post to, process number)."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    port = choose()
    env = os.environ | {"PORT": str(port), "DJANGO_SETTINGS_MODULE": f"{MODULE}.settings"}
    words = [word.format_map(env).replace("gateway.wsgi", f"{MODULE}.wsgi") for word in WEB.split()]
    process = subprocess.Popen(
        [sys.executable, *words],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: answers(port, "/ready"), START_SECONDS, "starting the bare view")
        yield f"http://127.0.0.1:{port}/messages", process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)
