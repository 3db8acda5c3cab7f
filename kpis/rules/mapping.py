"""Rows to meaning: what each row of a table states under a profile. No database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from kpis.rules import cells as reading
from kpis.rules.cells import BadCell, SkipRow
from kpis.rules.naming import Named, Naming
from kpis.rules.profiles import (
    Contacts,
    Created,
    Facts,
    GivenPeriod,
    Long,
    Profile,
    Sectors,
    Wide,
    Written,
)
from kpis.rules.stating import Setting, Stated, Statements, Texts
from kpis.rules.tables import Fault, Row
from kpis.rules.working import Working, Works
from rulebooks.rules.answers import Answer, State
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi

MAX_FAULTS = 100
MAX_NAME = 200
MAX_SITE = 40


class Refused(ValueError):
    """The file is not imported; ``faults`` says why, the first hundred of them."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


@dataclass(frozen=True, slots=True)
class Place:
    """A site as a row names it; without a code it is none."""

    code: str = ""
    name: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """One answer in a row. ``filed_on`` None: the day on which the return was due.

    ``site`` is empty where the member itself answers; else at most ``most_sites`` may.
    """

    row: int
    member: str
    period: str
    kpi: str
    answer: Answer
    filed_on: date | None
    site: Place = Place()
    most_sites: int | None = None


States = Reported | Stated | Named | Works


@dataclass(frozen=True, slots=True)
class Mapped:
    """A row, whom it is about, and what it states."""

    row: Row
    member: str
    states: tuple[States, ...]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What a row says of a member that is not known yet."""

    country: str
    admitted_on: date
    member_class: str
    chamber: str
    identifier: str = ""


@dataclass
class Mapper:
    """Maps the rows of one file; faults are collected, up to a hundred, and raised at the end.

    ``editions`` finds the edition that governs a period, None when there is no such period;
    ``texts`` are those that can have been signed, ``roles`` those in which contacts are named,
    ``sectors`` those in which organisations work.
    """

    profile: Profile
    setting: Setting
    editions: Callable[[str], Edition | None] = lambda period: None
    sheet: str | None = None
    faults: list[Fault] = field(default_factory=list)
    skipped: int = 0
    texts: Texts = field(default_factory=Texts)
    roles: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()

    @cached_property
    def _facts(self) -> Statements:
        return Statements(self.profile, self.setting, self.texts)

    def complain(self, message: str, row: int | None = None, column: str | None = None) -> None:
        """Note a fault.

        :raises Refused: when there are a hundred.
        """
        self.faults.append(Fault(message, row, column, self.sheet))
        if len(self.faults) >= MAX_FAULTS:
            self.finish()

    def finish(self) -> None:
        """:raises Refused: when a fault was found."""
        if self.faults:
            raise Refused(self.faults)

    def map(self, row: Row) -> Mapped | None:
        """Return what a row states, None when the profile leaves it out or it is faulty."""
        wanted = self.profile.rows
        if wanted and not all(rows.holds(row.cells[rows.column]) for rows in wanted):
            self.skipped += 1
            return None
        try:
            member = self._member(row)
            return Mapped(row, member, tuple(self._states(row, member)))
        except SkipRow:
            self.skipped += 1
        except BadCell as bad:
            self.complain(str(bad), row.number, bad.column)
        return None

    def _states(self, row: Row, member: str) -> Iterable[States]:
        into = self.profile.into
        if isinstance(into, Facts):
            return self._facts.stated(row, member)
        listed = isinstance(into, Contacts | Sectors)
        return self._listed(row, member) if listed else self._answers(row, member)

    def _listed(self, row: Row, member: str) -> Iterator[Named | Works]:
        faults = list(self._reader.faults(row))
        for bad in faults:
            self.complain(str(bad), row.number, bad.column)
        if not faults:
            yield self._reader.read(row, member)

    @cached_property
    def _reader(self) -> Naming | Working:
        """Return what reads a list of contacts or sectors."""
        profile, as_of = self.profile, self.setting.as_of
        if isinstance(profile.into, Contacts):
            return Naming(profile.into, self.roles, as_of)
        return Working(profile.into, self.sectors, profile.source or profile.title, as_of)

    def _member(self, row: Row) -> str:
        spec = self.profile.member
        name = " ".join(row.cells[spec.column].split())
        if not name:
            raise BadCell(f"the {spec.by} of the member is missing", spec.column)
        if len(name) > MAX_NAME:
            raise BadCell(f"longer than {MAX_NAME} characters", spec.column)
        return name

    def newcomer(self, row: Row) -> Newcomer | None:
        """Return what a row says of its member, for a profile that creates unknown ones."""
        spec = self.profile.member.unknown
        if not isinstance(spec, Created):
            return None
        try:
            return self._newcomer(spec, row)
        except SkipRow:
            self.complain("the class or chamber is one that the profile leaves out", row.number)
        except BadCell as bad:
            self.complain(str(bad), row.number, bad.column)
        return None

    def _newcomer(self, spec: Created, row: Row) -> Newcomer:
        on = reading.day(spec.admitted_on, row.cells, as_of=self.setting.as_of)
        if on is None:
            column = getattr(spec.admitted_on, "column", None)
            raise BadCell("the day of admission is missing", column)
        held = [row.cells[c][:60] if c else "" for c in (spec.country, spec.identifier)]
        return Newcomer(
            country=held[0],
            admitted_on=on,
            member_class=self._place(spec.member_class, row, "class"),
            chamber=self._place(spec.chamber, row, "chamber"),
            identifier=held[1],
        )

    def _place(self, spec: Written | str, row: Row, what: str) -> str:
        code = spec if isinstance(spec, str) else reading.code(spec, row.cells)
        if not code:
            raise BadCell(f"the {what} is missing", spec.column)
        return code

    def _answers(self, row: Row, member: str) -> Iterator[Reported]:
        into = self.profile.into
        period = self._period(row)
        kpis = self._kpis(period)
        if kpis is None:
            raise BadCell(f"there is no period {period!r}", getattr(into.period, "column", None))
        due = into.filed_on == "due"
        filed = None if due else reading.day(into.filed_on, row.cells, as_of=self.setting.as_of)
        site = self._site(row)
        for code, column, whole in self._asked(row):
            if code not in kpis:
                known = reading.listed(kpis)
                raise BadCell(f"{code!r} is no KPI of period {period}; there are: {known}", column)
            kpi, part_of = kpis[code], row.cells[whole] if whole else None
            try:
                given = reading.answer(kpi.of_one_site, row.cells[column], part_of, into.answers)
            except BadCell as bad:
                self.complain(str(bad), row.number, column)
                continue
            most = kpi.per_site and kpi.per_site.most_sites
            if bool(most) is bool(site.code):
                yield Reported(row.number, member, period, code, given, filed, site, most)
            elif given.state is not State.MISSING:
                self._complain_of_site(row, code, site)

    def _site(self, row: Row) -> Place:
        """Return for which site a row answers."""
        spec = self.profile.into.site
        if spec is None:
            return Place()
        code = " ".join(row.cells[spec.column].split())
        if len(code) > MAX_SITE:
            raise BadCell(f"the code of a site is longer than {MAX_SITE} characters", spec.column)
        name = row.cells[spec.name].strip()[:MAX_NAME] if spec.name else ""
        return Place(code, name, row.cells[spec.country].strip()[:60] if spec.country else "")

    def _complain_of_site(self, row: Row, kpi: str, site: Place) -> None:
        spec = self.profile.into.site
        if site.code:
            message = f"{kpi} asks for one answer of the member; leave the site empty"
        elif spec is None:
            message = f"{kpi} is answered per site; the profile has to say which column names it"
        else:
            message = f"{kpi} is answered per site; name the site"
        self.complain(message, row.number, spec and spec.column)

    def _asked(self, row: Row) -> Iterator[tuple[str, str, str | None]]:
        """Yield KPI, column of its answer and column of its denominator."""
        layout = self.profile.into.layout
        if isinstance(layout, Wide):
            wholes = layout.denominators or {}
            yield from ((code, column, wholes.get(code)) for code, column in layout.columns.items())
        elif isinstance(layout, Long):
            code = reading.code(layout.kpi, row.cells)
            if code is None:
                raise BadCell("the KPI is missing", getattr(layout.kpi, "column", None))
            yield code, layout.value, layout.denominator

    def _period(self, row: Row) -> str:
        spec = self.profile.into.period
        if isinstance(spec, GivenPeriod):
            return self.setting.period
        return reading.code(spec, row.cells) or ""

    def _kpis(self, period: str) -> Mapping[str, Kpi] | None:
        if period not in self._known_kpis:
            edition = self.editions(period)
            kpis = None if edition is None else {kpi.code: kpi for kpi in edition.kpis}
            self._known_kpis[period] = kpis
        return self._known_kpis[period]

    @cached_property
    def _known_kpis(self) -> dict[str, Mapping[str, Kpi] | None]:
        return {}
