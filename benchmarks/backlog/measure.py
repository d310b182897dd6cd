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
from benchmarks.rounds import rounds, too_few
from benchmarks.sandbox import Control
from messaging.dispatch.claiming import claim
from messaging.sql import cursor

CLAIMS = 30
LIMIT = 250
LEASE = timedelta(seconds=15)
FEW = 10_000
ROUNDS = 5


def measure(field: Field) -> Measured:
    """Return milliseconds of a claim of 250 out of the many; ratios are many to few, the medians of their rounds."""
    control = Control(field.info["sandbox"])
    control.silence()
    many, size = field.size(10_000_000, 300_000), field.size(20_000, 4_000)
    began = time.monotonic()
    waiting = Waiting(field)
    for count in (FEW, many):
        waiting.fill(count)
    filled = time.monotonic() - began
    claims: dict[int, list[float]] = {FEW: [], many: []}
    rates: dict[int, list[float]] = {FEW: [], many: []}
    # Whoever comes first would pay for cold caches and unprepared statements: what is cold is not measured.
    for count in (FEW, many):
        _round(field, waiting, count, size // 2)
    for number in rounds(field.size(610, 60) - (time.monotonic() - began), field.size(ROUNDS, 3)):
        for count in (FEW, many) if number % 2 else (many, FEW):
            took, per_second = _round(field, waiting, count, size)
            claims[count].append(took)
            rates[count].append(per_second)
            control.forget_requests()
    return Measured(
        value=round(median(claims[many]), 2),
        ratio={
            "claimTime": round(median(a / b for a, b in zip(claims[many], claims[FEW], strict=True)), 3),
            "dispatchRate": round(median(a / b for a, b in zip(rates[many], rates[FEW], strict=True)), 3),
        },
        detail={
            "waiting": many,
            "claimMilliseconds": {str(count): [round(value, 2) for value in found] for count, found in claims.items()},
            "perSecond": {str(count): [round(value, 1) for value in found] for count, found in rates.items()},
            "filledAfterSeconds": round(filled, 1),
        },
        short=too_few(len(rates[many])),
    )


def _round(field: Field, waiting: Waiting, count: int, size: int) -> tuple[float, float]:
    """Return milliseconds of a claim and messages a second with so many waiting."""
    waiting.put(count)
    took = median(_claim(waiting.lane) for _ in range(CLAIMS))
    return took, _rate(field, size)


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
