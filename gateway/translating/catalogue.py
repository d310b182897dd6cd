"""Reads a `.po` file and writes the `.mo` file that Django loads."""

import ast
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

MAGIC: Final = 0x950412DE


class Entry(NamedTuple):
    """A text, its plural (empty where it has none) and the translations of each form."""

    text: str
    plural: str
    translations: tuple[str, ...]


def read_po(po: str) -> list[Entry]:
    """Return the entries of a `.po` file, its head first, as the entry of the empty text.

    Knows `msgid`, `msgid_plural`, `msgstr`, `msgstr[n]` and strings over several lines. Raises ValueError for a line
    that is something else.
    """
    return [entry for block in po.split("\n\n") if (entry := _entry(block)) is not None]


def _entry(block: str) -> Entry | None:
    fields: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith('"'):
            name, _, line = line.partition(" ")
            fields[name] = ""
        if not line.startswith('"'):
            raise ValueError(f"no string in {line!r}")
        fields[name] += ast.literal_eval(line)
    if not fields:
        return None
    plural = fields.pop("msgid_plural", "")
    text = fields.pop("msgid")
    if any(name != "msgstr" and not name.startswith("msgstr[") for name in fields):
        raise ValueError(f"{text!r} has fields that are not known: {', '.join(fields)}")
    return Entry(text, plural, tuple(fields[name] for name in sorted(fields)))


def compile_mo(entries: list[Entry]) -> bytes:
    """Return the `.mo` file of the entries that are translated: two sorted tables of (length, offset), then texts."""
    pairs = sorted(_pairs(entries))
    ids = b"".join(text + b"\0" for text, _ in pairs)
    count = len(pairs)
    head = struct.pack("<7I", MAGIC, 0, count, 28, 28 + 8 * count, 0, 28 + 16 * count)
    start = len(head) + 16 * count
    originals = _table([text for text, _ in pairs], start)
    translations = _table([translation for _, translation in pairs], start + len(ids))
    return head + originals + translations + ids + b"".join(translation + b"\0" for _, translation in pairs)


def _pairs(entries: list[Entry]) -> Iterator[tuple[bytes, bytes]]:
    for entry in entries:
        if all(entry.translations):
            text = f"{entry.text}\0{entry.plural}" if entry.plural else entry.text
            yield text.encode(), "\0".join(entry.translations).encode()


def _table(texts: list[bytes], start: int) -> bytes:
    table = b""
    for text in texts:
        table += struct.pack("<2I", len(text), start)
        start += len(text) + 1
    return table
