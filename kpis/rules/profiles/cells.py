"""How the text of a cell becomes a code, a label or a day, and which rows count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from rulebooks.rules.document import Fault
from rulebooks.rules.schema import Day, Part, Table

Column = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Cell = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
SomeCells = Annotated[tuple[Cell, ...], Field(min_length=1)]

# What a day may look like, and the same for datetime.strptime.
DAYS = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "YYYY/MM/DD": "%Y/%m/%d",
    "DD/MM/YYYY": "%d/%m/%Y",
    "DD.MM.YYYY": "%d.%m.%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
}


class Rows(Part):
    """Rows count only where the cell of ``column`` is, or is not, one of these."""

    column: Column
    is_: SomeCells | None = Field(default=None, alias="is")
    is_not: SomeCells | None = None

    def holds(self, cell: str) -> bool:
        """Return whether a cell passes."""
        return (self.is_ is None or cell in self.is_) and (
            self.is_not is None or cell not in self.is_not
        )


class Written(Part):
    """How the text of a cell becomes a code or a label.

    ``replace`` changes parts of the text, then ``codes`` translates the whole. A text that
    ``codes`` does not list is refused, skipped with its row, left empty, or kept as it is.
    """

    column: Column
    replace: Table[str, str] | None = None
    codes: Table[Cell, Cell | None] | None = None
    unlisted: Literal["refuse", "skip", "empty", "keep"] = "refuse"


class Fixed(Part):
    """The same for every row."""

    fixed: Cell


class DayIn(Part):
    """A day in a column, written as ``day`` says; a true date of a workbook needs no form."""

    column: Column
    day: Literal[tuple(DAYS)] = "YYYY-MM-DD"
    empty: tuple[Cell, ...] = ("",)


class FixedDay(Part):
    """The same day for every row."""

    fixed: Day


class EarliestOf(Part):
    """The earliest of several days; those that a row leaves empty do not count."""

    earliest_of: Annotated[tuple[DayIn | FixedDay | Literal["as_of"], ...], Field(min_length=1)]


SomeDay = DayIn | FixedDay | EarliestOf | Literal["as_of"]


def one_of_two(path: tuple, rows: Rows) -> Iterator[Fault]:
    """Yield that rows are told apart by both of two words, or by neither."""
    if (rows.is_ is None) == (rows.is_not is None):
        yield Fault(path, "say which cells count: either is or is_not")
