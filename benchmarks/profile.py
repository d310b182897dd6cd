"""`python -m benchmarks.profile dispatch|accept|receipts|all [--quick]`: writes docs/profiles/NAME.txt and shows it."""

import argparse
import sys
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.running import run
from benchmarks.table import Benchmark

PATHS = ("dispatch", "accept", "receipts")
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "profiles"
SHOWN = ("at", "commit", "cpu", "cores", "load", "python")


def main() -> int:
    """Profile one path or all; return 1 where one failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("path", choices=(*PATHS, "all"))
    parser.add_argument("--quick", action="store_true", help="fewer messages")
    asked = parser.parse_args()
    return max(_profile(path, asked.quick) for path in (PATHS if asked.path == "all" else (asked.path,)))


def _profile(path: str, quick: bool) -> int:
    facts = machine(quick)
    line = run(Benchmark(path, f"benchmarks.profiles.paths.{path}", "messages", workers=False), quick)
    if "text" not in line.detail:
        print(line.detail, file=sys.stderr)
        return 1
    text = f"{', '.join(f'{name} {facts[name]}' for name in SHOWN)}\n\n{line.detail['text']}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{path}.txt").write_text(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
