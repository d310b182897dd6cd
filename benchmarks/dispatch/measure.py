"""Messages from claim to settled: our workers, an honest Celery task a message, and a bare loop, over one sandbox."""

import sys

from benchmarks.campaign import store
from benchmarks.dispatch.comparisons import Comparison, bare, naive
from benchmarks.field import Field
from benchmarks.processes import Meter
from benchmarks.rates import Rate, middle, rate, ratios
from benchmarks.report import Measured
from benchmarks.sandbox import Control

ROUNDS = 3


def measure(field: Field) -> Measured:
    """Return our messages a second, and the ratios to the comparisons."""
    control = Control(field.info["sandbox"])
    control.silence()
    grant = control.grant(field.info["templates"]["order"])
    others = (naive(field, grant), bare(field, grant))
    found: dict[str, list[Rate]] = {"ours": [], "naive": [], "bare": []}
    for _ in range(ROUNDS):
        for other in others:
            found[other.name].append(_theirs(field, other))
        control.forget_requests()
        found["ours"].append(_ours(field, field.size(20_000, 6_000)))
        control.forget_requests()
        print({name: rounds[-1] for name, rounds in found.items()}, file=sys.stderr, flush=True)
    speeds = {name: [each.per_second for each in rounds] for name, rounds in found.items()}
    summed = {name: middle(rounds) for name, rounds in found.items()}
    workers = {name: [each.cpu_us["workers"] for each in rounds] for name, rounds in found.items()}
    return Measured(
        value=summed["ours"].per_second,
        ratio=ratios(speeds["ours"], {name: speeds[name] for name in ("naive", "bare")}),
        detail={
            "perSecond": {name: each.per_second for name, each in summed.items()},
            "cpuMicrosecondsAMessage": {name: each.cpu_us for name, each in summed.items()},
            "workerCpuOfOthersToOurs": {
                name: round(1 / value, 2)
                for name, value in ratios(workers["ours"], {n: workers[n] for n in ("naive", "bare")}).items()
            },
            "rounds": speeds,
        },
    )


def _ours(field: Field, size: int) -> Rate:
    campaign = store(field, size)
    with Meter(_groups(field, field.of("worker"))) as meter:
        campaign.release()
        campaign.finish()
    return rate(campaign.settled(), meter)


def _theirs(field: Field, other: Comparison) -> Rate:
    other.load()
    with other.workers() as pid, Meter(_groups(field, [pid])) as meter:
        other.finish()
    return rate(other.settled(), meter)


def _groups(field: Field, workers: list[int]) -> dict[str, list[int]]:
    return {
        "workers": workers,
        "postgres": field.of("postgres"),
        "redis": field.of("redis"),
        "sandbox": field.of("sandbox"),
    }
