"""`python -m benchmarks.scaling [--quick] [--sessions]`: one database and 1, 2, 3 and 4 worker hosts.

As root the hosts are network namespaces; else, or with --sessions, sessions of processes on one network.
"""

import argparse
import os
import sys

import msgspec

from benchmarks.machine import machine
from benchmarks.report import RESULTS, Line
from benchmarks.running import run
from benchmarks.scaling import network
from benchmarks.table import Benchmark

MARK = "SCALING_INSIDE"
MODULE = "benchmarks.scaling"


def main() -> int:
    """Measure, show and keep as results/scaling.json; return 1 where there is no figure."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of fewer messages")
    parser.add_argument("--sessions", action="store_true", help="no network namespaces")
    asked = parser.parse_args()
    inside = MARK in os.environ
    if not inside and not asked.sessions and network.possible():
        words = [sys.executable, "-m", MODULE, *sys.argv[1:]]
        network.become(words, os.environ | {MARK: "1", "BIND_HOST": "0.0.0.0"})  # noqa: S104  no way leads there
    measure = f"{MODULE}.measure.{'in_namespaces' if inside else 'in_sessions'}"
    line = run(Benchmark("scaling", measure, "times one host", workers=False), asked.quick)
    if line.value is None:
        print(line.detail["failed"], file=sys.stderr)
        return 1
    RESULTS.mkdir(parents=True, exist_ok=True)
    kept = {"machine": machine(asked.quick), "scaling": msgspec.to_builtins(line)}
    (RESULTS / "scaling.json").write_bytes(msgspec.json.format(msgspec.json.encode(kept)))
    print(table(line))
    return 0


def table(line: Line) -> str:
    """Return the steps as a person reads them."""
    steps = line.detail["steps"]
    parts = list(steps[0]["cpuUs"])
    head = ["hosts", "places", "messages/s", "times one", *(f"{part} us" for part in parts), "cores busy"]
    rows = [head]
    for step in steps:
        one = next(first for first in steps if first["places"] == step["places"])
        times = f"{step['perSecond'] / one['perSecond']:.2f}"
        cpu = [f"{step['cpuUs'][part]:.0f}" for part in parts]
        rows.append([str(step["hosts"]), str(step["places"]), f"{step['perSecond']:,.0f}", times, *cpu])
        rows[-1].append(f"{step['coresBusy']:.2f}")
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(word.rjust(width) for word, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([f"hosts apart as {line.detail['apart']}, median of {line.detail['rounds']}", *lines])


if __name__ == "__main__":
    sys.exit(main())
