"""Tables that leave the platform part by part: CSV, and workbooks in which every cell is text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from io import StringIO
from itertools import islice
from tempfile import TemporaryFile

import openpyxl
from openpyxl.cell import WriteOnlyCell

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
AT_ONCE = 200  # lines of a part
PART = 65_536  # bytes of a part of a workbook
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def guarded(text: str) -> str:
    """Return text as a cell that no spreadsheet takes for a formula.

    Source: OWASP, CSV injection.
    """
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_line(cells: Sequence[str]) -> str:
    """Return cells as one line of CSV, its end included."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def csv_parts(lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield lines as CSV with a byte order mark, by which spreadsheets know the encoding."""
    yield "\ufeff".encode()
    for some in _parts(lines):
        yield "".join(map(csv_line, some)).encode()


def _parts(lines: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    rest = iter(lines)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def xlsx_parts(lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield lines as a workbook of one sheet in which every cell is text.

    A workbook can be sent only when it is whole: until then it lies on disk, not in memory.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Matrix")
    for line in lines:
        sheet.append([_text(sheet, cell) for cell in line])
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        yield from iter(partial(file.read, PART), b"")


def _text(sheet: object, cell: str) -> WriteOnlyCell:
    """Return a cell; what no workbook can hold is replaced by the sign for that."""
    written = WriteOnlyCell(sheet, value=NOT_XML.sub("\ufffd", cell))
    written.data_type = "s"
    return written
