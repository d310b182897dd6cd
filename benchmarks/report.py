"""What a run says: one line a benchmark, and the same as JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.table import Benchmark, Bound

RESULTS = Path(__file__).resolve().parent / "results"


class Measured(msgspec.Struct, kw_only=True):
    """What a measuring function returns: `value` in the benchmark's unit; `ratio` of ours to each comparison; `short`
    says why the figures cannot meet a target whatever they are, "" where they can."""

    value: float
    ratio: dict[str, float] = {}
    detail: dict[str, Any] = {}
    short: str = ""


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
    """Return the line of a benchmark that ran; a target that was not measured is not met. What is not met stands in
    the detail `unmet`."""
    found = {"value": measured.value, **measured.detail, **measured.ratio}
    unmet = [
        f"{name} {_figure(found.get(name))}, {bounds(bound)}"
        for name, bound in benchmark.target.items()
        if not within(found.get(name), bound)
    ]
    unmet += [measured.short] if measured.short else []
    return Line(
        name=benchmark.name,
        value=measured.value,
        unit=benchmark.unit,
        ratio=measured.ratio,
        target=benchmark.target,
        met=not unmet,
        detail=measured.detail | ({"unmet": unmet} if unmet else {}),
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
    """Return the lines as a person reads them: the value, then a row for each ratio and each bounded figure."""
    rows = [("benchmark", "value", "unit", "compared", "figure", "target", "met")]
    for line in lines:
        first = (line.name, _figure(line.value), line.unit)
        rows += [
            (*(first if n == 0 else ("", "", "")), *part, ("yes" if line.met else "NO") if n == 0 else "")
            for n, part in enumerate(_parts(line))
        ]
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    shown = ("  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    reasons = [f"{line.name}: {reason}" for line in lines for reason in _reasons(line)]
    return "\n".join([*shown, *([""] if reasons else []), *reasons])


def _parts(line: Line) -> list[tuple[str, str, str]]:
    """Return (name, figure, bound) of what was compared or is bounded; at least one row."""
    found = {"value": line.value, **line.detail, **line.ratio}
    names = list(dict.fromkeys([*line.ratio, *line.target]))
    parts = [(name, _figure(found.get(name)), bounds(line.target.get(name, {}))) for name in names]
    return parts or [("", "", "")]


def _reasons(line: Line) -> list[str]:
    return [line.detail["failed"]] if "failed" in line.detail else line.detail.get("unmet", [])


def _figure(value: Any) -> str:
    """Return a number with three digits or more, "-" for none."""
    if not isinstance(value, int | float):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 100 else f"{value:.1f}"


def bounds(bound: Bound) -> str:
    """Return a bound as a person reads it: ">= 0.5"."""
    signs = {"at_least": ">=", "at_most": "<="}
    return ", ".join(f"{signs[kind]} {number:g}" for kind, number in bound.items())


def save(machine: Mapping[str, Any], lines: Sequence[Line], folder: Path = RESULTS) -> Path:
    """Write `latest.json` whole and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "latest.json"
    draft = path.with_suffix(".draft")
    report = {"machine": machine, "benchmarks": msgspec.to_builtins(lines)}
    draft.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    draft.replace(path)
    return path
