"""Does what waits make slower what goes? Claims and dispatch with ten thousand and with ten million waiting."""

import time
from datetime import timedelta
from statistics import median

from django.db import transaction

from benchmarks.backlog.waiting_rows import Waiting
from benchmarks.campaign import store
from benchmarks.field import Field
from benchmarks.processes import Meter
from benchmarks.rates import rate
from benchmarks.report import Measured
from benchmarks.sandbox import Control
from messaging.dispatch.claiming import claim
from messaging.sql import cursor

ROUNDS = 3
CLAIMS = 30
LIMIT = 250
LEASE = timedelta(seconds=15)
FEW = 10_000


def measure(field: Field) -> Measured:
    """Return milliseconds of a claim of 250 out of the many; ratios are many to few."""
    Control(field.info["sandbox"]).silence()
    many, size = field.size(10_000_000, 500_000), field.size(10_000, 4_000)
    waiting = Waiting(field)
    claims, rates = dict[int, float](), dict[int, float]()
    waiting.grow(FEW)
    # The few come first and would pay for cold caches and unprepared statements: what is cold is not measured.
    _rate(field, size)
    for _ in range(CLAIMS):
        _claim(waiting.lane)
    began = time.monotonic()
    for count in (FEW, many):
        waiting.grow(count)
        filled = time.monotonic() - began
        claims[count] = median(_claim(waiting.lane) for _ in range(CLAIMS))
        rates[count] = median(_rate(field, size) for _ in range(ROUNDS))
    return Measured(
        value=round(claims[many], 2),
        ratio={
            "claimTime": round(claims[many] / claims[FEW], 3),
            "dispatchRate": round(rates[many] / rates[FEW], 3),
        },
        detail={
            "claimMilliseconds": {str(count): round(value, 2) for count, value in claims.items()},
            "perSecond": {str(count): round(value, 1) for count, value in rates.items()},
            "filledAfterSeconds": round(filled, 1),
        },
    )


def _claim(lane: int) -> float:
    """Return the milliseconds of one claim, which is taken back."""
    with transaction.atomic():
        with cursor() as sql:
            sql.execute("UPDATE lane SET next_at = '2000-01-01Z' WHERE id = %s", (lane,))
        began = time.perf_counter()
        taken = claim(lane, LIMIT, LEASE)
        took = (time.perf_counter() - began) * 1000
        if taken is None or len(taken.messages) != LIMIT:
            raise RuntimeError("the lane did not give what it holds")
        transaction.set_rollback(True)
    return took


def _rate(field: Field, size: int) -> float:
    campaign = store(field, size)
    with Meter({"worker": field.of("worker")}) as meter:
        campaign.release()
        campaign.finish()
    return rate(campaign.settled(), meter).per_second
