"""Files that are no table: one message each, with its place, in bounded time and memory."""

import json
import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.rules import tables
from kpis.rules.profiles import CsvFile, XlsxFile
from kpis.rules.tables import Row, Unreadable
from tests.kpis.imports.builders import csv_of, xlsx_of

CSV, XLSX = CsvFile(kind="csv"), XlsxFile(kind="xlsx")
COLUMNS = frozenset({"A", "B"})


def rows(file, kind=CSV, columns=COLUMNS):
    return [(r.number, dict(r.cells)) for r in tables.read(file, kind, columns=columns).rows]


def test_rows_have_the_number_that_a_person_sees():
    commented = CsvFile(kind="csv", comment="#")
    file = BytesIO(b"# from somewhere\n# line 2\nA,B,C\n1,2,3\n\n#x,5,6\n")

    assert rows(file, commented) == [(4, {"A": "1", "B": "2"}), (6, {"A": "#x", "B": "5"})]


def test_a_row_over_several_lines_is_numbered_by_its_first():
    file = csv_of(("A", "B"), ("1", "two\nlines"), ("3", "4"))

    assert [number for number, _ in rows(file)] == [2, 4]


def test_cells_of_a_workbook_are_as_exact_as_it_holds_them():
    values = (
        1,
        0.1,
        3.0,
        1e-7,
        True,
        date(2024, 2, 29),
        datetime.fromisoformat("2024-02-29"),
        None,
        " x ",
    )
    file = xlsx_of(("A", "B"), *((value, "b") for value in values))

    read = [cells["A"] for _, cells in rows(file, XLSX)]

    assert read == ["1", "0.1", "3", "0.0000001", "TRUE", "2024-02-29", "2024-02-29", "", "x"]


def bomb(size: int) -> BytesIO:
    """A workbook with a part of ``size`` bytes that is packed to nearly nothing."""
    file = BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(size // 1_000_000):
            part.write(b" " * 1_000_000)
    file.seek(0)
    return file


def with_entities() -> BytesIO:
    file = xlsx_of(("A", "B"), (1, 2))
    changed = BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content
            new.writestr(name, content)
    changed.seek(0)
    return changed


BAD = {
    "an empty file": (BytesIO(b""), CSV, "the file is empty"),
    "only comments": (BytesIO(b"# a\n"), CsvFile(kind="csv", comment="#"), "the file is empty"),
    "a missing column": (csv_of(("A", "C")), CSV, "row 1, column B: the column is missing"),
    "a header twice": (csv_of(("A", "B", "B")), CSV, "row 1, column B: 2 columns have this header"),
    "a row too long": (csv_of(("A", "B"), (1, 2, 3)), CSV, "row 2: 3 cells, the header has 2"),
    "a row too short": (csv_of(("A", "B"), (1,)), CSV, "row 2: 1 cells, the header has 2"),
    "another encoding": (
        csv_of(("A", "B"), (1, 2), ("Zürich", 3), encoding="latin-1"),
        CSV,
        "row 3: byte 0xfc is not utf-8",
    ),
    "an open quote": (BytesIO(b'A,B\n1,"2\n'), CSV, "not CSV"),
    "a NUL byte": (BytesIO(b"A,B\n1,\x00\n"), CSV, "row 2, column B: holds a NUL"),
    "a workbook as CSV": (xlsx_of(("A", "B")), CSV, "not utf-8"),
    "CSV as a workbook": (csv_of(("A", "B")), XLSX, "not a workbook"),
    "an empty workbook": (BytesIO(b""), XLSX, "not a workbook"),
    "a sheet without rows": (xlsx_of(), XLSX, "the file is empty"),
    "a zip that is no workbook": (bomb(0), XLSX, "not a workbook"),
    "several sheets": (
        xlsx_of(("A", "B"), sheets=("One", "Two")),
        XLSX,
        "must name one of the sheets: One, Two",
    ),
    "another sheet": (
        xlsx_of(("A", "B")),
        XlsxFile(kind="xlsx", sheet="Else"),
        "there is no sheet 'Else'; there are: Data",
    ),
    "a document type": (with_entities(), XLSX, "defines a document type"),
    "a part packed too well": (bomb(20_000_000), XLSX, "is packed"),
}


@pytest.mark.parametrize(("file", "kind", "message"), BAD.values(), ids=list(BAD))
def test_what_is_no_table_is_refused_with_its_place(file, kind, message):
    with pytest.raises(Unreadable) as refused:
        rows(file, kind)

    assert message in str(refused.value)


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(tables, "MAX_UNPACKED", 500)

    with pytest.raises(Unreadable, match="unpacks to more than 500 bytes"):
        rows(xlsx_of(("A", "B"), (1, 2)), XLSX)


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=5))
def test_a_row_is_hashed_as_its_json(cells):
    assert Row(1, cells).as_json() == json.dumps(cells, sort_keys=True, ensure_ascii=False)
