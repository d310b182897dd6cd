"""`python -m benchmarks [--only NAME] [--quick]`: measure, show a table, keep it as results/latest.json."""

import argparse
import signal
import sys
import time

from benchmarks.machine import machine
from benchmarks.report import RESULTS, Line, failed, save, table
from benchmarks.running import run
from benchmarks.table import BENCHMARKS, Benchmark
from gateway.embedded import EmbeddedServerError
from gateway.stack import StackError


def main() -> int:
    """Run the benchmarks that were asked for; return 1 if one of them gave no figure."""
    asked = _arguments()
    # Told to end, it stops its stack and removes its home before it goes.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    facts = machine(asked.quick)
    lines: list[Line] = []
    for benchmark in BENCHMARKS:
        if asked.only and benchmark.name not in asked.only:
            continue
        print(f"{benchmark.name} ...", file=sys.stderr, flush=True)
        started = time.monotonic()
        lines.append(_attempt(benchmark, asked.quick))
        lines[-1].detail["tookSeconds"] = round(time.monotonic() - started, 1)
        save(facts, lines)
    print(table(lines))
    print(f"written to {RESULTS.name}/latest.json", file=sys.stderr)
    return int(any(line.value is None for line in lines))


def _attempt(benchmark: Benchmark, quick: bool) -> Line:
    try:
        return run(benchmark, quick)
    except (StackError, EmbeddedServerError) as error:
        return failed(benchmark, str(error))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser.add_argument("--only", choices=names, action="append", metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument("--quick", action="store_true", help="smaller loads, the same names")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
