"""A profile as text: the share of each part, then of the functions, with the work of C code given to its callers."""

import pstats
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
BUILTIN = "~"
Function = tuple[str, int, str]


def text(stats: pstats.Stats, title: str, count: int) -> str:
    """Return shares by part and by function; `count` is how many messages or requests the profile saw."""
    table: dict[Function, Any] = stats.stats  # type: ignore[attr-defined]
    parts, functions = Counter[str](), Counter[str]()
    for function, (_, _, own, _, callers) in table.items():
        if function[0] == BUILTIN and callers:
            for caller, (_, _, theirs, _) in callers.items():
                parts[part(caller)] += theirs
        else:
            parts[part(function)] += own
        functions[_named(function)] += own
    whole = sum(parts.values())
    lines = [f"{title}: {whole / count * 1e6:.0f} us of profiled processor time each, {count} of them", ""]
    lines += [f"{seconds / whole:6.1%}  {name}" for name, seconds in parts.most_common(24)]
    lines += ["", "own time by function"]
    lines += [f"{seconds / whole:6.1%}  {name}" for name, seconds in functions.most_common(40)]
    lines += ["", "time within, own functions"]
    within = Counter(
        {_named(found): row[3] for found, row in table.items() if found[0].startswith(str(ROOT)) and _ours(found)}
    )
    lines += [f"{seconds / whole:6.1%}  {name}" for name, seconds in within.most_common(40)]
    return "\n".join(lines) + "\n"


def part(function: Function) -> str:
    """Return our file, or the package of somebody else's code."""
    path = Path(function[0])
    if function[0] == BUILTIN:
        return "interpreter"
    if _ours(function):
        return str(path.relative_to(ROOT))
    words = path.parts
    if "site-packages" in words:
        return words[words.index("site-packages") + 1].removesuffix(".py")
    return f"python: {words[-2] if words[-2] != 'python3.11' else path.stem}" if len(words) > 1 else str(path)


def _ours(function: Function) -> bool:
    path = Path(function[0])
    return path.is_relative_to(ROOT) and ".venv" not in path.parts


def _named(function: Function) -> str:
    if function[0] == BUILTIN:
        return function[2]
    where = part(function)
    return (
        f"{where}:{function[1]} {function[2]}" if _ours(function) else f"{where} {Path(function[0]).stem}.{function[2]}"
    )
