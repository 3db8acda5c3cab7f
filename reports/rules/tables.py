"""Tables that leave the platform part by part: CSV, and workbooks in which every cell is text."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from io import StringIO
from itertools import islice
from xml.sax.saxutils import escape

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
AT_ONCE = 200  # lines of a part
LONGEST = 32_767  # characters of a cell of a workbook
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
FRAME = {
    "[Content_Types].xml": f'''{HEAD}<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>''',
    "_rels/.rels": f'''{HEAD}<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>''',
    "xl/_rels/workbook.xml.rels": f'''{HEAD}<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>''',
    "xl/workbook.xml": f'''{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>
<sheet name="Matrix" sheetId="1" r:id="r1"/></sheets></workbook>''',
}


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


def xlsx_parts(lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield lines as a workbook of one sheet in which every cell is text.

    Source: ECMA-376, part 1, 18.3.1 (worksheets); inline strings need no table of strings.
    """
    sent = _Sent()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in FRAME.items():
            book.writestr(_entry(name), text)
        with book.open(_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            sheet.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for some in _parts(lines):
                sheet.write("".join(map(_row, some)).encode())
                yield sent.taken()
            sheet.write(b"</sheetData></worksheet>")
    yield sent.taken()


def _parts(lines: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    rest = iter(lines)
    while some := list(islice(rest, AT_ONCE)):
        yield some


class _Sent:
    """A file that cannot be read or sought: what was written to it is taken once."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, data: bytes) -> int:
        self.held += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: what was written is there."""

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        taken, self.held = bytes(self.held), bytearray()
        return taken


def _entry(name: str) -> zipfile.ZipInfo:
    """Return a part of a workbook of no particular day, so that equal tables are equal files."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _row(cells: Sequence[str]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


@lru_cache(maxsize=10_000)
def _cell(text: str) -> str:
    """Return a cell; what no workbook can hold is replaced by the sign for that."""
    plain = escape(NOT_XML.sub("\ufffd", text[:LONGEST]), {"\r": "&#13;"})
    return f'<c t="inlineStr"><is><t xml:space="preserve">{plain}</t></is></c>'
