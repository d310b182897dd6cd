"""A thousand tenants with a hundred messages each: when is the last of them served, alone and beside a giant?

The giant need not be drained for that: once the last of the small ones is served, what is left of it waits again.
"""

import time
from statistics import median

from benchmarks.campaign import Campaign, store
from benchmarks.fairness.small_tenants import make, store_all
from benchmarks.field import Field
from benchmarks.report import Measured
from benchmarks.rounds import rounds, too_few
from benchmarks.sandbox import Control

REST_SECONDS = 1.0


def measure(field: Field) -> Measured:
    """Return how many times as long the small ones took beside the giant as alone, the median of the rounds."""
    control = Control(field.info["sandbox"])
    control.silence()
    count, each = field.size(1000, 100), field.size(100, 40)
    tenants, size = make(field, count), field.size(500_000, 30_000)
    began = time.monotonic()
    giant = store(field, size)
    alone, beside, left_over = list[float](), list[float](), list[bool]()
    for _ in rounds(field.size(620, 80) - (time.monotonic() - began)):
        alone.append(_served(store_all(field, tenants, each)))
        again = store_all(field, tenants, each)
        giant.release()
        beside.append(_served(again))
        left_over.append(not giant.left())
        giant.hold()
        control.forget_requests()
        time.sleep(REST_SECONDS)
    times = [slow / quick for slow, quick in zip(beside, alone, strict=True)]
    ended = "" if all(left_over) else "the giant ended before the small ones"
    return Measured(
        value=round(median(times), 2),
        detail={
            "tenants": count,
            "messagesEach": each,
            "giant": size,
            "aloneSeconds": round(median(alone), 1),
            "besideSeconds": round(median(beside), 1),
            "rounds": {"alone": [round(t, 1) for t in alone], "beside": [round(t, 1) for t in beside]},
        },
        short=too_few(len(times)) or ended,
    )


def _served(campaign: Campaign) -> float:
    """Return the seconds from the release to the last settling."""
    released = time.time()
    campaign.release(ring=False)
    campaign.finish()
    return campaign.settled()[-1][0] - released
