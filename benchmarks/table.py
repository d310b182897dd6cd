"""The benchmarks: one literal table of names, what measures them and what they must reach."""

from dataclasses import dataclass, field
from typing import Literal

Bound = dict[Literal["at_least", "at_most"], float]


@dataclass(frozen=True)
class Benchmark:
    """`measure` is the dotted name of a function Field -> Measured; `target` bounds names of its value ("value"),
    ratio or detail."""

    name: str
    measure: str
    unit: str
    target: dict[str, Bound] = field(default_factory=dict)


BENCHMARKS: tuple[Benchmark, ...] = (
    Benchmark(
        "dispatch",
        "benchmarks.dispatch.measure.measure",
        "messages/s",
        {"naive": {"at_least": 10.0}, "bare": {"at_least": 0.5}},
    ),
    Benchmark("accept_single", "benchmarks.accept.single.measure", "requests/s", {"bareView": {"at_least": 0.5}}),
    Benchmark("accept_bulk", "benchmarks.accept.bulk.measure", "messages/s", {"required": {"at_least": 1.0}}),
)
