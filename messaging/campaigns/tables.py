"""CSV and XLSX as rows of text, read row by row. A spreadsheet's numbers and dates become what a person sees there."""

import csv
import io
import itertools
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from typing import IO, Any, NamedTuple

import openpyxl

from messaging.campaigns.errors import Unreadable

MOST_COLUMNS = 100
MOST_ROWS = 2_000_000
LONGEST_CELL = 10_000
# A workbook is a ZIP archive: what it unpacks to is bounded before it is opened.
MOST_UNPACKED = 1 << 30
_BLOCK = 1 << 16
_DELIMITERS = ",;\t|"
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Table(NamedTuple):
    """The heads of a table and its rows, each as long as it was written; read `rows` once."""

    columns: list[str]
    rows: Iterator[list[str]]


def read_table(file: IO[bytes]) -> Table:
    """Return the table in a seekable file: XLSX (its first sheet) where it is a ZIP archive, else CSV.

    CSV is UTF-8 or UTF-16 with comma, semicolon, tab or bar. Raises Unreadable, also while rows are read.
    """
    start = file.read(4)
    file.seek(0)
    rows = _workbook(file) if start == b"PK\x03\x04" else _csv(file, _MARKS.get(start[:2], "utf-8-sig"))
    heads = [cell.strip() for cell in next(rows, [])]
    while heads and not heads[-1]:
        heads.pop()
    _check(heads)
    return Table(heads, _bounded(rows))


def _check(heads: list[str]) -> None:
    if not heads:
        raise Unreadable("The file is empty; its first row must name the columns.")
    if len(heads) > MOST_COLUMNS:
        raise Unreadable(f"The file has {len(heads)} columns, at most {MOST_COLUMNS} are allowed.")
    if any(len(head) > 100 or "\x00" in head for head in heads):
        raise Unreadable("The name of a column has more than 100 characters, or one that is not allowed.")
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    if twice:
        raise Unreadable(f"Two columns have the name {twice[0]}.")


def _bounded(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    for n, row in enumerate(rows, 2):
        if n > MOST_ROWS:
            raise Unreadable(f"The file has more than {MOST_ROWS:,} rows.")
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise Unreadable(f"A cell in row {n} has more than {LONGEST_CELL:,} characters.")
        yield row


def _csv(file: IO[bytes], encoding: str) -> Iterator[list[str]]:
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        first = text.readline(_BLOCK)
        delimiter = max(_DELIMITERS, key=first.count)
        yield from csv.reader(itertools.chain([first], text), delimiter=delimiter)
    except UnicodeDecodeError as error:
        raise Unreadable("The file is not UTF-8. Save it as «CSV UTF-8», or give the XLSX file.") from error
    except csv.Error as error:
        raise Unreadable(f"The file is no CSV: {error}.") from error
    finally:
        with suppress(ValueError):  # its owner has closed the file
            text.detach()


def _workbook(file: IO[bytes]) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise Unreadable("The workbook unpacks to more than 1 GiB.")
        file.seek(0)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            for row in book.worksheets[0].iter_rows(values_only=True):
                yield [_shown(cell) for cell in row]
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part of the archive leads to
        raise Unreadable(f"The workbook cannot be read ({type(error).__name__}).") from error


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}" if cell.time() == time() else f"{cell:%H:%M:%S %d/%m/%Y}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)
