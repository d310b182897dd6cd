"""Arrays for set statements, written as PostgreSQL reads them.

The driver writes an array element by element through its type system, which was a tenth of what a message cost; here a
column is known to be of one kind, and most often it holds one value.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WRITE: Final[Mapping[str, Callable[[Any], str]]] = {
    "boolean": str,
    "bigint": str,
    "int": str,
    "smallint": str,
    "numeric": str,
    "jsonb": _text,
    "text": _text,
    "timestamptz": datetime.isoformat,
}


def uuids(values: Collection[UUID]) -> str:
    """Return the parameter of `%s::uuid[]`."""
    return "{" + ",".join([value.hex for value in values]) + "}"


def array(kind: str, values: Sequence[Any]) -> str:
    """Return the parameter of `%s::KIND[]`: Nones become NULLs, numbers stand for themselves, jsonb is given as text,
    times are aware. Raises KeyError for a kind that has no writer."""
    if kind == "uuid":
        return uuids(values)
    write = _WRITE[kind]
    if values and values.count(values[0]) == len(values):
        one = "NULL" if values[0] is None else write(values[0])
        return "{" + ",".join([one] * len(values)) + "}"
    return "{" + ",".join(["NULL" if value is None else write(value) for value in values]) + "}"
