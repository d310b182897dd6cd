"""CSV and XLSX as people save them."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from messaging.campaigns.errors import Unreadable
from messaging.campaigns.files import FIRST_ROW, read_chunk, read_row, store_file
from messaging.campaigns.tables import read_table
from messaging.models import RecipientChunk, RecipientFile
from tests.messaging.campaigns.conftest import stored, table


def read(content: bytes) -> tuple[list[str], list[list[str]]]:
    found = read_table(io.BytesIO(content))
    return found.columns, list(found.rows)


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_however_a_spreadsheet_saves_it(delimiter, encoding):
    text = f"phone{delimiter}name\r\n0987654321{delimiter}Nguyễn Ánh\r\n"
    assert read(text.encode(encoding)) == (["phone", "name"], [["0987654321", "Nguyễn Ánh"]])


def test_quoted_cells_may_hold_delimiters_and_line_breaks():
    assert read(b'phone,note\n098,"a, b\nc"\n')[1] == [["098", "a, b\nc"]]


def test_a_workbooks_cells_are_text_as_people_see_them():
    content = workbook(
        ["phone", "amount", "on", "at", "empty"],
        [84987654321, 1500.5, date(2026, 12, 24), datetime(2026, 12, 24, 9, 30), None],
        ["0987654322", 200.0, datetime(2026, 1, 2), True, ""],
    )
    assert read(content)[1] == [
        ["84987654321", "1500.5", "24/12/2026", "09:30:00 24/12/2026", ""],
        ["0987654322", "200", "02/01/2026", "True", ""],
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty; its first row must name the columns."),
        (b"a,b,a\n1,2,3\n", "Two columns have the name a."),
        (",".join(f"c{n}" for n in range(101)).encode(), "The file has 101 columns, at most 100 are allowed."),
        ("tên\nÁnh\n".encode("cp1258", "replace"), "The file is not UTF-8."),
        (b"a\n" + b"x" * 10_001 + b"\n", "A cell in row 2 has more than 10,000 characters."),
        (b"PK\x03\x04broken", "The workbook cannot be read (BadZipFile)."),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(content, why):
    with pytest.raises(Unreadable) as told:
        read(content)
    assert str(told.value).startswith(why)


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr("messaging.campaigns.tables.MOST_UNPACKED", 1_000_000)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 2_000_000)
    with pytest.raises(Unreadable, match="unpacks"):
        read(content.getvalue())


def test_a_stored_file_gives_back_its_rows_piece_by_piece(tenant, monkeypatch):
    monkeypatch.setattr("messaging.campaigns.files.ROWS_A_CHUNK", 10)
    file = stored(tenant, table(25))
    assert (file.rows, file.chunks, file.columns) == (25, 3, ["phone", "customer"])
    second = read_chunk(file, 1)
    assert second is not None
    assert (second.first_row, len(second.rows)) == (FIRST_ROW + 10, 10)
    assert read_row(file, 26) == ["0980000024", "Khách 24"]
    assert read_row(file, 27) is None
    assert read_chunk(file, 3) is None


def test_no_piece_holds_a_number_or_a_name_in_clear(tenant):
    file = stored(tenant, table(3))
    body = bytes(RecipientChunk.objects.get(file=file).body)
    assert b"098" not in body
    assert "Khách".encode() not in body


def test_a_file_that_breaks_half_way_leaves_nothing_behind(tenant):
    with pytest.raises(Unreadable):
        store_file(tenant.pk, "x.csv", io.BytesIO(b"phone\n0987654321\n" + b"\xff\xfe\xfa\n"))
    assert not RecipientFile.objects.exists()
