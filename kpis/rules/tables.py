"""Reading tables row by row: CSV and XLSX, bounded in time and memory, every fault with its place.

Every cell becomes text, as exact as the file holds it; a true date becomes YYYY-MM-DD.
"""

from __future__ import annotations

import codecs
import csv
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from kpis.rules.profiles import CsvFile, XlsxFile

MAX_COLUMNS = 500
MAX_UNPACKED = 512 * 1024 * 1024  # bytes of all parts of a workbook together
MAX_PACKING = 200  # times that a large part may be larger than it is packed
SMALL = 1024 * 1024
_quoted = json.encoder.encode_basestring


class Fault(NamedTuple):
    """Something wrong in a table, and its place. ``row`` counts from 1, header and comments too."""

    message: str
    row: int | None = None
    column: str | None = None
    sheet: str | None = None

    def __str__(self) -> str:
        named = (("sheet", self.sheet), ("row", self.row), ("column", self.column))
        place = ", ".join(f"{name} {at}" for name, at in named if at is not None)
        return f"{place}: {self.message}" if place else self.message


class Unreadable(ValueError):
    """The file is no table that can be read; ``fault`` says where and why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, by header."""

    number: int
    cells: Mapping[str, str]

    def as_json(self) -> str:
        """Return the cells by header in order, as ``json.dumps`` would, sooner."""
        cells = self.cells
        said = ", ".join([f"{_quoted(name)}: {_quoted(cells[name])}" for name in sorted(cells)])
        return f"{{{said}}}"


@dataclass(frozen=True)
class Reading:
    """A table that is being read; ``sheet`` is None for CSV."""

    sheet: str | None
    rows: Iterator[Row]


def read(stream: BinaryIO, file: CsvFile | XlsxFile, *, columns: frozenset[str]) -> Reading:
    """Return the rows of a table, of which only ``columns`` are kept. Empty rows are left out.

    :raises Unreadable: here, or while the rows are read.
    """
    if isinstance(file, CsvFile):
        return Reading(None, _rows(_csv_lines(stream, file), columns, None, even=True))
    sheet, lines = _xlsx_lines(stream, file)
    return Reading(sheet, _rows(lines, columns, sheet, even=False))


def _rows(
    lines: Iterator[tuple[int, list[str]]],
    columns: frozenset[str],
    sheet: str | None,
    *,
    even: bool,
) -> Iterator[Row]:
    number, header = next(lines, (0, []))
    if not header:
        raise Unreadable(Fault("the file is empty: its first row must name the columns"))
    places = _places(header, columns, number, sheet)
    for number, cells in lines:
        if not any(cells):
            continue
        if len(cells) > len(header) or (even and len(cells) < len(header)):
            what = f"{len(cells)} cells, the header has {len(header)}"
            raise Unreadable(
                Fault(f"{what}; text with a separator in it needs quotes", number, None, sheet)
            )
        if len(cells) < len(header):
            cells += [""] * (len(header) - len(cells))
        kept = {name: cells[at].strip() for name, at in places.items()}
        if "\0" in "".join(kept.values()):
            column = next(name for name, cell in kept.items() if "\0" in cell)
            raise Unreadable(Fault("holds a NUL character", number, column, sheet))
        yield Row(number, kept)


def _places(
    header: list[str], columns: frozenset[str], number: int, sheet: str | None
) -> dict[str, int]:
    """Return where each column stands.

    :raises Unreadable: one is missing, or stands twice.
    """
    names = [name.strip() for name in header]
    for column in sorted(columns):
        found = names.count(column)
        if found == 0:
            known = ", ".join(name for name in names if name)
            message = f"the column is missing; the header has: {known[:500]}"
            raise Unreadable(Fault(message, number, column, sheet))
        if found > 1:
            message = f"{found} columns have this header; give each its own"
            raise Unreadable(Fault(message, number, column, sheet))
    return {column: names.index(column) for column in columns}


def _csv_lines(stream: BinaryIO, file: CsvFile) -> Iterator[tuple[int, list[str]]]:
    """Yield number and cells of each row, comments before the header left out."""
    encoding = "utf-8-sig" if file.encoding == "utf-8" else file.encoding
    text = _Lines(TextIOWrapper(stream, encoding=encoding, newline=""), file.comment)
    reader = csv.reader(text, delimiter=file.delimiter, strict=True)
    try:
        while True:
            begins = reader.line_num + text.skipped + 1
            cells = next(reader, None)
            if cells is None:
                return
            begins = max(begins, text.skipped + 1)
            if len(cells) > MAX_COLUMNS:
                raise Unreadable(Fault(f"more than {MAX_COLUMNS} columns", begins))
            yield begins, cells
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        message = f"byte 0x{byte:02x} is not {file.encoding}; save the file as {file.encoding}"
        raise Unreadable(Fault(message, _line_of(stream, encoding, file))) from None
    except csv.Error as error:
        raise Unreadable(Fault(f"not CSV: {error}", reader.line_num + text.skipped)) from None


def _line_of(stream: BinaryIO, encoding: str, file: CsvFile) -> int | None:
    """Return the line of the first byte that cannot be decoded, by a second, slower reading."""
    with suppress(OSError, ValueError):
        stream.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        for number, line in enumerate(stream, start=1):
            try:
                decoder.decode(line)
            except UnicodeDecodeError:
                return number
    return None


class _Lines:
    """The lines of a text, those that begin with the comment mark before the header left out."""

    def __init__(self, text: Iterable[str], comment: str | None) -> None:
        self.text, self.comment, self.skipped = iter(text), comment, 0

    def __iter__(self) -> Iterator[str]:
        for line in self.text:
            if self.comment is None or not line.startswith(self.comment):
                yield line
                break
            self.skipped += 1
        yield from self.text


def _xlsx_lines(stream: BinaryIO, file: XlsxFile) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    _refuse_bombs(stream)
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, TypeError, OSError, ParseError) as error:
        raise Unreadable(Fault(f"not a workbook: {_first_line(error)}")) from None
    names = [sheet.title for sheet in book.worksheets]
    if file.sheet is None and len(names) != 1:
        raise Unreadable(Fault(f"the profile must name one of the sheets: {', '.join(names)}"))
    name = file.sheet or names[0]
    if name not in names:
        raise Unreadable(Fault(f"there is no sheet {name!r}; there are: {', '.join(names)}"))
    return name, _sheet_lines(book[name], name)


def _sheet_lines(sheet: object, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        first = sheet.iter_rows(values_only=True, max_row=1, max_col=MAX_COLUMNS)
        header = _texts(next(first, ()))
        yield 1, header
        # One column more than the header has, so that a row which is too long is seen.
        lines = sheet.iter_rows(values_only=True, min_row=2, max_col=len(header) + 1)
        for number, cells in enumerate(lines, start=2):
            yield number, _texts(cells)
    except (ParseError, KeyError, ValueError, IndexError, zipfile.BadZipFile, EOFError) as error:
        raise Unreadable(Fault(f"not a workbook: {_first_line(error)}", sheet=name)) from None


def _texts(cells: Iterable[object]) -> list[str]:
    """Return cells as text, without the empty ones at the end."""
    texts = list(map(_text, cells))
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _refuse_bombs(stream: BinaryIO) -> None:
    """Raise when the workbook would unpack to more than it could hold, or defines entities.

    The sizes are those that the archive declares; reading stops where they end.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Unreadable(Fault(f"unpacks to more than {MAX_UNPACKED:,} bytes"))
            for part in parts:
                packing = part.file_size / max(part.compress_size, 1)
                if part.file_size > SMALL and packing > MAX_PACKING:
                    raise Unreadable(Fault(f"{part.filename} is packed {packing:.0f} times"))
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as xml:
                        if b"<!DOCTYPE" in xml.read(4096):
                            raise Unreadable(Fault(f"{part.filename} defines a document type"))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError) as error:
        raise Unreadable(Fault(f"not a workbook: {_first_line(error)}")) from None
    stream.seek(0)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}".removesuffix(".0")
    if isinstance(cell, datetime):
        midnight = cell.time() == datetime.min.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
