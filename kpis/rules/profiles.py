"""Import profiles: which column of a table means what. Data, not code; ``docs/imports.md``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from rulebooks.rules import document
from rulebooks.rules.document import Fault
from rulebooks.rules.facts import KINDS
from rulebooks.rules.schema import Code, Day, Part, Table, Title

Column = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Cell = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
SomeCells = Annotated[tuple[Cell, ...], Field(min_length=1)]
ProfileCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,39}$")]

# What a day may look like, and the same for datetime.strptime.
DAYS = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "YYYY/MM/DD": "%Y/%m/%d",
    "DD/MM/YYYY": "%d/%m/%Y",
    "DD.MM.YYYY": "%d.%m.%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
}


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


class Created(Part):
    """What an unknown member becomes: an organisation and a member, as imported.

    With ``admitted: true`` its admission is stated as a fact, and the edition in force must have
    the class and chamber; with false it is listed, and stands under no obligation.
    """

    sort: Literal["company", "ngo", "union", "other"] = "company"
    country: Column | None = None
    member_class: Code
    chamber: Code
    admitted_on: SomeDay
    admitted: bool


class MemberIn(Part):
    """Whom a row is about: found by ``by``; who is not found is created, or the row refused."""

    by: Literal["name", "identifier", "code"]
    column: Column
    unknown: Literal["refuse"] | Created


class GivenPeriod(Part):
    """The period is said when the import is run, the same for the whole file."""

    given: Literal[True]


class Long(Part):
    """One row for each member, KPI and period."""

    kind: Literal["long"]
    kpi: Written | Fixed
    value: Column
    denominator: Column | None = None


class Wide(Part):
    """One row for each member and period, a column for each KPI (code → column)."""

    kind: Literal["wide"]
    columns: Table[Code, Column]
    denominators: Table[Code, Column] | None = None


class Answers(Part):
    """How answers are written. Labels of a KPI are translated by ``labels`` where it is listed."""

    missing: tuple[Cell, ...] = ("",)
    unknown: tuple[Cell, ...] = ()
    not_applicable: tuple[Cell, ...] = ()
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    separator: Annotated[str, StringConstraints(min_length=1, max_length=3)] = ","
    labels: Table[Code, Table[Cell, Cell]] | None = None


class SiteIn(Part):
    """For which site a row answers (empty: for the member itself); an unknown one is added."""

    column: Column
    name: Column | None = None
    country: Column | None = None


class Values(Part):
    """Answers, which become filed returns."""

    kind: Literal["values"]
    period: Written | Fixed | GivenPeriod
    site: SiteIn | None = None
    filed_on: SomeDay | Literal["due"] = "due"
    layout: Annotated[Long | Wide, Field(discriminator="kind")]
    answers: Answers = Answers()


class Digest(Part):
    """A key made of several columns: ``prefix`` and a short hash of what they hold."""

    prefix: Code
    digest: Annotated[tuple[Column, ...], Field(min_length=1)]


class FactIn(Part):
    """One fact that a row states when each of ``when`` holds.

    ``once``: what an earlier import stated under the same key stays as it is, whatever the row
    says now.
    """

    kind: Literal[tuple(KINDS)]
    when: tuple[Rows, ...] = ()
    key: Written | Fixed | Digest = Fixed(fixed="")
    about_on: SomeDay
    data: Table[Code, Written | DayIn | Fixed | FixedDay] | None = None
    once: bool = False


class Facts(Part):
    """Facts. ``repeated`` rows of one key are numbered, or refused where they contradict.

    ``gone``: what an earlier snapshot stated and a later one leaves out is retracted, or kept.
    """

    kind: Literal["facts"]
    facts: tuple[FactIn, ...] = ()
    repeated: Literal["number", "refuse"] = "refuse"
    gone: Literal["retract", "keep"] = "keep"


class Profile(Part):
    """How one kind of file is read, and what its rows become."""

    format: Literal[1]
    code: ProfileCode
    title: Title
    file: Annotated[CsvFile | XlsxFile, Field(discriminator="kind")]
    rows: tuple[Rows, ...] = ()
    as_of: Literal["file_name", "given"] | None = None
    member: MemberIn
    into: Annotated[Values | Facts, Field(discriminator="kind")]

    @classmethod
    def load(cls, text: str | bytes) -> Profile:
        """Return the profile that ``text`` holds.

        :raises document.Invalid: with the line and column of every fault.
        """
        return document.load(text, cls)

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong between parts that are right."""
        if self.as_of is None and _says_as_of(self):
            message = "a day is as_of, so the profile must say where it comes from"
            yield Fault(("as_of",), f"{message}: file_name or given")
        for index, rows in enumerate(self.rows):
            yield from _one_of_two(("rows", index), rows)
        if isinstance(self.into, Facts):
            for index, stated in enumerate(self.into.facts):
                yield from _fact_faults(("into", "facts", index), stated)

    def columns(self) -> frozenset[str]:
        """Return every column that is read, by its header."""
        return frozenset(_columns(self))


def _one_of_two(path: tuple, rows: Rows) -> Iterator[Fault]:
    if (rows.is_ is None) == (rows.is_not is None):
        yield Fault(path, "say which cells count: either is or is_not")


def _fact_faults(path: tuple, stated: FactIn) -> Iterator[Fault]:
    for place, rows in enumerate(stated.when):
        yield from _one_of_two((*path, "when", place), rows)
    allowed = KINDS[stated.kind].__annotations__
    fields = [name for name in allowed if name != "kind"]
    for name in stated.data or ():
        if name not in fields:
            known = ", ".join(fields) or "none"
            yield Fault((*path, "data", name), f"{stated.kind} has no such field; it has: {known}")
    for name in fields:
        if name not in (stated.data or ()) and "None" not in allowed[name]:
            yield Fault((*path, "data"), f"{stated.kind} needs {name}")


def _says_as_of(part: object) -> bool:
    if isinstance(part, Part):
        fields = (
            name
            for name in type(part).model_fields
            if not isinstance(part, Profile) or name != "as_of"
        )
        return any(_says_as_of(getattr(part, name)) for name in fields)
    return any(map(_says_as_of, part)) if isinstance(part, tuple) else part == "as_of"


def _columns(part: object) -> Iterator[str]:
    """Yield each column that a part names, in itself or in what it holds."""
    if isinstance(part, Wide):
        yield from (*part.columns.values(), *(part.denominators or {}).values())
    elif isinstance(part, Part):
        for name in type(part).model_fields:
            yield from _columns_of(name, getattr(part, name))
    elif isinstance(part, tuple | Mapping):
        for held in part.values() if isinstance(part, Mapping) else part:
            yield from _columns(held)


def _columns_of(name: str, held: object) -> Iterator[str]:
    if name not in COLUMN_FIELDS:
        yield from _columns(held)
    elif held is not None:
        yield from (held,) if isinstance(held, str) else held


COLUMN_FIELDS = {"column", "name", "country", "value", "denominator", "digest"}
