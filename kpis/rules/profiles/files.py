"""The kinds of file that can be read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from kpis.rules.profiles.cells import Column
from rulebooks.rules.schema import Part


class CsvFile(Part):
    """A text table. Lines that begin with ``comment`` before the header are skipped."""

    kind: Literal["csv"]
    encoding: Literal["utf-8", "latin-1", "windows-1252"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    comment: Annotated[str, StringConstraints(min_length=1, max_length=3)] | None = None


class XlsxFile(Part):
    """A workbook. Without ``sheet`` it must have exactly one."""

    kind: Literal["xlsx"]
    sheet: Column | None = None
