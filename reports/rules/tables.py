"""Tables that leave the platform: CSV, and workbooks in which every cell is text."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

import openpyxl
from openpyxl.cell import WriteOnlyCell

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


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


def as_csv(lines: Sequence[Sequence[str]]) -> bytes:
    """Return lines as CSV with a byte order mark, by which spreadsheets know the encoding."""
    return ("\ufeff" + "".join(map(csv_line, lines))).encode()


def as_xlsx(lines: Sequence[Sequence[str]]) -> bytes:
    """Return lines as a workbook in which every cell is text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Matrix")
    for line in lines:
        sheet.append([_text(sheet, cell) for cell in line])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _text(sheet: object, cell: str) -> WriteOnlyCell:
    written = WriteOnlyCell(sheet, value=cell)
    written.data_type = "s"
    return written
