"""The job on a gateway that is up."""

import time
from collections.abc import Sequence
from typing import Any, Final, TextIO

from gateway.demo.case import Case
from gateway.demo.client import Client
from gateway.demo.deliveries import deliveries
from gateway.demo.ends import outcomes
from gateway.demo.failovers import failovers, remembered
from gateway.demo.faults import in_force
from gateway.demo.following import follow
from gateway.demo.progress import Progress
from gateway.demo.report import hold, summary, table, timelines
from gateway.demo.sending import Sent, send, send_all
from gateway.demo.watching import HEAD, Rows, Watched

FOLLOW_SECONDS: Final = 120.0


def carry_out(info: dict[str, Any], out: TextIO, progress: TextIO) -> dict[str, Any]:
    """Send, follow for at most two minutes each, show what came of it on `out`, and return the last line's object.

    `info` is what run.json holds. Raises DemoError.
    """
    client, sandbox = Client(info["api"], info["apiKey"]), Client(info["sandbox"])
    accounts = sandbox.get("/_/accounts")
    fates = outcomes(accounts)
    cases = [*deliveries(info, accounts), *failovers(info, fates)]
    started = time.monotonic()
    with in_force(sandbox, cases):
        # What an earlier run taught of these people would keep their messages from leaving at all.
        for number in sorted(remembered(cases, fates)):
            client.delete(f"/v1/recipients/{number}/memory")
        watched = [_send(client, case) for case in cases]
        sent = send_all(client, info["route"], info["templates"])
        accepted = len(watched) + len(sent)
        out.write(f"{accepted} messages accepted in {time.monotonic() - started:.2f} s\n\n{HEAD}\n")
        out.flush()
        _watch(client, watched, out)
    out.write(f"\nand {len(sent)} over {info['route']}, each valid for 30 s\n")
    out.flush()
    _follow(client, sent, progress)
    held = hold(sent, fates)
    out.write(f"\n{table(held)}\n\n{timelines(client, held)}\n\n")
    return summary(watched, held, time.monotonic() - started)


def _send(client: Client, case: Case) -> Watched:
    (sent,) = send(client, case.name, [case.message], case.route, case.seconds, case.sms)
    return Watched(case, sent)


def _watch(client: Client, watched: Sequence[Watched], out: TextIO) -> None:
    rows = Rows(client, watched, out)
    follow(client, [one.sent for one in watched], FOLLOW_SECONDS, rows)
    rows.end()


def _follow(client: Client, sent: Sequence[Sent], progress: TextIO) -> None:
    shown = Progress(progress)
    try:
        follow(client, sent, FOLLOW_SECONDS, shown)
    finally:
        shown.end()
