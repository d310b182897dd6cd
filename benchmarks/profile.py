"""`python -m benchmarks.profile dispatch|accept|receipts [--quick]`: writes results/profile-NAME.txt and shows it."""

import argparse
import sys

from benchmarks.report import RESULTS
from benchmarks.running import run
from benchmarks.table import Benchmark

PATHS = ("dispatch", "accept", "receipts")


def main() -> int:
    """Profile one path; return 1 where that failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("path", choices=PATHS)
    parser.add_argument("--quick", action="store_true", help="fewer messages")
    asked = parser.parse_args()
    profile = Benchmark(asked.path, f"benchmarks.profiles.paths.{asked.path}", "messages", workers=False)
    line = run(profile, asked.quick)
    if "text" not in line.detail:
        print(line.detail, file=sys.stderr)
        return 1
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"profile-{asked.path}.txt").write_text(line.detail["text"])
    print(line.detail["text"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
