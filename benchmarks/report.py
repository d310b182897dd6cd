"""What a run says: one line a benchmark, and the same as JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.table import Benchmark, Bound

RESULTS = Path(__file__).resolve().parent / "results"


class Measured(msgspec.Struct, kw_only=True):
    """What a measuring function returns: `value` in the benchmark's unit; `ratio` of ours to each comparison."""

    value: float
    ratio: dict[str, float] = {}
    detail: dict[str, Any] = {}


class Line(msgspec.Struct, kw_only=True):
    """One benchmark of the report."""

    name: str
    value: float | None
    unit: str
    ratio: dict[str, float]
    target: dict[str, Bound]
    met: bool
    detail: dict[str, Any]


def judged(benchmark: Benchmark, measured: Measured) -> Line:
    """Return the line of a benchmark that ran; a target that was not measured is not met."""
    found = {"value": measured.value, **measured.detail, **measured.ratio}
    return Line(
        name=benchmark.name,
        value=measured.value,
        unit=benchmark.unit,
        ratio=measured.ratio,
        target=benchmark.target,
        met=all(within(found.get(name), bound) for name, bound in benchmark.target.items()),
        detail=measured.detail,
    )


def failed(benchmark: Benchmark, why: str) -> Line:
    """Return the line of a benchmark that gave no figure."""
    detail = {"failed": why}
    return Line(
        name=benchmark.name,
        value=None,
        unit=benchmark.unit,
        ratio={},
        target=benchmark.target,
        met=False,
        detail=detail,
    )


def within(value: Any, bound: Bound) -> bool:
    """Return whether a measured number keeps its bound."""
    if not isinstance(value, int | float):
        return False
    return bound.get("at_least", value) <= value <= bound.get("at_most", value)


def table(lines: Sequence[Line]) -> str:
    """Return the lines as a person reads them."""
    rows = [("benchmark", "value", "unit", "ratio", "target", "met")]
    for line in lines:
        ratios = ", ".join(f"{name} {value:.2f}" for name, value in line.ratio.items())
        bounds = ", ".join(_bound(name, bound) for name, bound in line.target.items())
        value = "-" if line.value is None else f"{line.value:,.2f}"
        rows.append((line.name, value, line.unit, ratios, bounds, "yes" if line.met else "NO"))
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join("  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) for row in rows)


def _bound(name: str, bound: Bound) -> str:
    signs = {"at_least": ">=", "at_most": "<="}
    return ", ".join(f"{name} {signs[kind]} {number:g}" for kind, number in bound.items())


def save(machine: Mapping[str, Any], lines: Sequence[Line], folder: Path = RESULTS) -> Path:
    """Write `latest.json` whole and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "latest.json"
    draft = path.with_suffix(".draft")
    report = {"machine": machine, "benchmarks": msgspec.to_builtins(lines)}
    draft.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    draft.replace(path)
    return path
