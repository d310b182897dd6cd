"""Resident memory of each process while a million messages go through, and its slope once it has warmed up."""

import time
from collections.abc import Sequence
from statistics import linear_regression

from benchmarks.campaign import store
from benchmarks.field import Field
from benchmarks.processes import family, rss_bytes
from benchmarks.report import Measured
from benchmarks.sandbox import Control

ROLES = ("web", "worker", "beat", "sandbox", "redis")
WARM_SHARE = 0.3
MIB = 1 << 20


def measure(field: Field) -> Measured:
    """Return the steepest slope of a worker in MiB per 100,000 messages; it stops early at its time."""
    control = Control(field.info["sandbox"])
    control.silence()
    whole, chunk = field.size(1_000_000, 200_000), field.size(50_000, 20_000)
    until = time.monotonic() + field.size(600, 150)
    idle = _now(field)
    sent, seen = 0, dict[str, list[tuple[int, float]]]()
    while sent < whole and time.monotonic() < until:
        campaign = store(field, chunk)
        campaign.release()
        campaign.finish()
        control.forget_requests()
        sent += chunk
        for name, size in _now(field).items():
            seen.setdefault(name, []).append((sent, size))
    slopes = {name: _slope(points) for name, points in seen.items()}
    workers = {name: slope for name, slope in slopes.items() if name.startswith("worker")}
    return Measured(
        value=max(workers.values()),
        detail={
            "messages": sent,
            "shareOfLoad": round(sent / whole, 3),
            "idleMiB": idle,
            "afterMiB": {name: points[-1][1] for name, points in seen.items()},
            "slopeMiBPer100000": slopes,
        },
        short="" if sent >= whole else f"{sent:,} of {whole:,} messages went through in its time",
    )


def _now(field: Field) -> dict[str, float]:
    """Return the MiB of each process by its name; a process with children is the sum of its family."""
    named = {name: pid for role in ROLES for name, pid in field.pids.get(role, {}).items()}
    return {name: round(sum(map(rss_bytes, family(pid))) / MIB, 1) for name, pid in named.items()}


def _slope(points: Sequence[tuple[int, float]]) -> float:
    warm = points[int(len(points) * WARM_SHARE) :]
    if len(warm) < 2:
        return 0.0
    return round(linear_regression([n for n, _ in warm], [size for _, size in warm]).slope * 100_000, 3)
