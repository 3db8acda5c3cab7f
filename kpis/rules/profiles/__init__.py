"""Import profiles: which column of a table means what. Data, not code; ``docs/imports.md``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kpis.rules.profiles.answers import Answers, GivenPeriod, Long, SiteIn, Values, Wide
from kpis.rules.profiles.cells import (
    DAYS,
    Cell,
    Column,
    DayIn,
    EarliestOf,
    Fixed,
    FixedDay,
    Rows,
    SomeDay,
    Written,
    one_of_two,
)
from kpis.rules.profiles.contacts import Contacts
from kpis.rules.profiles.facts import Digest, FactIn, Facts, fact_faults
from kpis.rules.profiles.files import CsvFile, XlsxFile
from kpis.rules.profiles.people import Created, MemberIn
from kpis.rules.profiles.sectors import Sectors
from rulebooks.rules import document
from rulebooks.rules.document import Fault
from rulebooks.rules.schema import Part, Title

__all__ = [
    "DAYS",
    "Answers",
    "Cell",
    "Column",
    "Contacts",
    "Created",
    "CsvFile",
    "DayIn",
    "Digest",
    "EarliestOf",
    "FactIn",
    "Facts",
    "Fixed",
    "FixedDay",
    "GivenPeriod",
    "Long",
    "MemberIn",
    "Profile",
    "Rows",
    "Sectors",
    "SiteIn",
    "SomeDay",
    "Values",
    "Wide",
    "Written",
    "XlsxFile",
]

ProfileCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,39}$")]


class Profile(Part):
    """How one kind of file is read, and what its rows become.

    ``source`` says where the list comes from, as pages show it beside what was imported; without
    one, the title does.
    """

    format: Literal[1]
    code: ProfileCode
    title: Title
    source: Title | None = None
    file: Annotated[CsvFile | XlsxFile, Field(discriminator="kind")]
    rows: tuple[Rows, ...] = ()
    as_of: Literal["file_name", "given"] | None = None
    member: MemberIn
    into: Annotated[Values | Facts | Contacts | Sectors, Field(discriminator="kind")]

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
            yield from one_of_two(("rows", index), rows)
        if isinstance(self.into, Facts):
            for index, stated in enumerate(self.into.facts):
                yield from fact_faults(("into", "facts", index), stated)

    def columns(self) -> frozenset[str]:
        """Return every column that is read, by its header."""
        return columns_of(self)


def columns_of(part: object) -> frozenset[str]:
    """Return every column that a part of a profile reads, by its header."""
    return frozenset(_columns(part))


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


COLUMN_FIELDS = {"column", "name", "country", "identifier", "value", "denominator", "digest"}
COLUMN_FIELDS |= {"email", "phone", "known_by"}
