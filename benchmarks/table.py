"""The benchmarks: one literal table of names, what measures them and what they must reach."""

from dataclasses import dataclass, field
from typing import Literal

Bound = dict[Literal["at_least", "at_most"], float]


@dataclass(frozen=True)
class Benchmark:
    """`measure` is the dotted name of a function Field -> Measured; `target` bounds names of its value ("value"),
    ratio or detail; without `workers` the stack's own are stopped first, `more_workers` join the one for transactional
    messages."""

    name: str
    measure: str
    unit: str
    target: dict[str, Bound] = field(default_factory=dict)
    workers: bool = True
    more_workers: int = 0


BENCHMARKS: tuple[Benchmark, ...] = (
    Benchmark(
        "dispatch",
        "benchmarks.dispatch.measure.measure",
        "messages/s",
        {"naive": {"at_least": 10.0}, "bare": {"at_least": 0.5}},
    ),
    Benchmark("accept_single", "benchmarks.accept.single.measure", "requests/s", {"bareView": {"at_least": 0.5}}),
    Benchmark("accept_bulk", "benchmarks.accept.bulk.measure", "messages/s", {"required": {"at_least": 1.0}}),
    Benchmark(
        "otp_under_campaign",
        "benchmarks.otp.measure.measure",
        "ms (p99)",
        {"p50": {"at_most": 50.0}, "p99": {"at_most": 250.0}},
    ),
    Benchmark(
        "latency", "benchmarks.latency.measure.measure", "messages/s", {"bound": {"at_least": 0.8}}, workers=False
    ),
    Benchmark(
        "backlog",
        "benchmarks.backlog.measure.measure",
        "ms a claim",
        {"claimTime": {"at_most": 1.1}, "dispatchRate": {"at_least": 0.9}},
    ),
    Benchmark(
        "pace",
        "benchmarks.pace.measure.measure",
        "share used",
        {"value": {"at_least": 0.98}, "excess": {"at_most": 0.0}},
        more_workers=3,
    ),
    Benchmark(
        "receipts",
        "benchmarks.receipts.measure.measure",
        "receipts/s",
        {"value": {"at_least": 2000.0}, "appliedPerSecond": {"at_least": 2000.0}},
    ),
    Benchmark(
        "end_to_end",
        "benchmarks.whole.end_to_end.measure",
        "messages/s",
        {"value": {"at_least": 1500.0}, "cpuMilliseconds": {"at_most": 1.0}},
    ),
    Benchmark(
        "memory",
        "benchmarks.memory.measure.measure",
        "MiB per 100,000",
        {"value": {"at_most": 1.0}},
    ),
    Benchmark("tenants", "benchmarks.fairness.measure.measure", "times as long", {"value": {"at_most": 1.5}}),
)
