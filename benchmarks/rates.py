"""Figures of one round, and the middle of several."""

from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from benchmarks.processes import Meter


class Rate(msgspec.Struct, frozen=True):
    """`per_second` messages, and microseconds of processor time a message by group of processes."""

    per_second: float
    cpu_us: dict[str, float]


def rate(settled: Sequence[tuple[float, int]], meter: Meter) -> Rate:
    """Return the rate between the first settling and the last; what the first one settled began before."""
    start, end = settled[0][0], settled[-1][0]
    count = sum(number for _, number in settled[1:])
    used = meter.between(start, end)
    return Rate(count / (end - start), {name: seconds / count * 1e6 for name, seconds in used.items()})


def middle(rounds: Sequence[Rate]) -> Rate:
    """Return the medians of several rounds."""
    groups = rounds[0].cpu_us
    cpu = {name: round(median(found.cpu_us[name] for found in rounds), 1) for name in groups}
    return Rate(round(median(found.per_second for found in rounds), 1), cpu)


def ratios(ours: Sequence[float], others: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return the median over the rounds of ours divided by the other's figure of the same round."""
    return {name: round(median(a / b for a, b in zip(ours, theirs, strict=True)), 3) for name, theirs in others.items()}
