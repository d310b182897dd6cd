"""Files of recipients in the database, so that any machine can load them: sealed pieces of rows, never one whole."""

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import IO, NamedTuple

import msgspec
from django.db import transaction

from messaging.campaigns.errors import Unreadable
from messaging.campaigns.tables import read_table
from messaging.models import RecipientChunk, RecipientFile
from tenants import data_keys
from tenants.clock import now

ROWS_A_CHUNK = 2_000
FIRST_ROW = 2
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[list[str]]).decode


class Chunk(NamedTuple):
    """Consecutive rows of a file; the first has the number `first_row`."""

    first_row: int
    rows: list[list[str]]


@transaction.atomic
def store_file(tenant_id: int, name: str, content: IO[bytes]) -> RecipientFile:
    """Return the file with its rows stored. Raises Unreadable; then nothing is stored."""
    table = read_table(content)
    key = data_keys.content_key(tenant_id, datetime.now(UTC).date())
    file = RecipientFile.objects.create(
        tenant_id=tenant_id, name=_printable(name), columns=table.columns, data_key_id=key.id, created_at=now()
    )
    first_row = FIRST_ROW
    for n, rows in enumerate(_pieces(table.rows)):
        body = key.seal(zlib.compress(_encode(rows), 1), _bound_to(file.pk, n))
        RecipientChunk.objects.create(file=file, n=n, first_row=first_row, body=body)
        file.rows += sum(1 for row in rows if any(row))
        file.chunks += 1
        first_row += len(rows)
    if not file.rows:
        raise Unreadable("The file holds no row below the names of its columns.")
    file.save(update_fields=["rows", "chunks"])
    return file


def read_chunk(file: RecipientFile, n: int) -> Chunk | None:
    """Return piece `n` (from 0), None after the last one. Raises KeyGone where the tenant's keys were dropped."""
    piece = RecipientChunk.objects.filter(file_id=file.pk, n=n).first()
    if piece is None:
        return None
    key = data_keys.content_key_by_id(file.data_key_id)
    rows = _decode(zlib.decompress(key.open(bytes(piece.body), _bound_to(file.pk, n))))
    return Chunk(piece.first_row, rows)


def read_row(file: RecipientFile, row: int) -> list[str] | None:
    """Return one row by its number (the first below the heads is 2), None where there is none."""
    piece = RecipientChunk.objects.filter(file_id=file.pk, first_row__lte=row).order_by("-first_row").first()
    chunk = read_chunk(file, piece.n) if piece else None
    if chunk is None or row - chunk.first_row >= len(chunk.rows):
        return None
    return chunk.rows[row - chunk.first_row]


def _pieces(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while piece := list(islice(rows, ROWS_A_CHUNK)):
        yield piece


def _bound_to(file_id: int, n: int) -> bytes:
    return f"file|{file_id}|{n}".encode()


def _printable(name: str) -> str:
    return "".join(c for c in name if c.isprintable())[:200] or "recipients"
