"""The job on a gateway that is up."""

import time
from typing import Any, Final, TextIO

from gateway.demo.client import Client
from gateway.demo.ends import outcomes
from gateway.demo.following import follow
from gateway.demo.progress import Progress
from gateway.demo.report import hold, summary, table, timelines
from gateway.demo.sending import send_all

FOLLOW_SECONDS: Final = 120.0


def carry_out(info: dict[str, Any], out: TextIO, progress: TextIO) -> dict[str, object]:
    """Send, follow for at most two minutes, show what came of it on `out`, and return the last line's object.

    `info` is what run.json holds. Raises DemoError.
    """
    client = Client(info["api"], info["apiKey"])
    fates = outcomes(info["sandbox"])
    started = time.monotonic()
    sent = send_all(client, info["route"], info["templates"])
    out.write(f"{len(sent)} messages accepted in {time.monotonic() - started:.2f} s, each valid for 30 s\n")
    out.flush()
    shown = Progress(progress)
    try:
        follow(client, sent, FOLLOW_SECONDS, shown)
    finally:
        shown.end()
    seconds = time.monotonic() - started
    held = hold(sent, fates)
    out.write(f"\n{table(held)}\n\n{timelines(client, held)}\n\n")
    return summary(held, seconds)
