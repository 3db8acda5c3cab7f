"""In which sector a row of a list says that an organisation works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kpis.rules import cells as reading
from kpis.rules.cells import BadCell
from kpis.rules.profiles import Sectors
from kpis.rules.tables import Row

LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class Works:
    """A sector in which the organisation of a member works, as a row has it."""

    row: int
    member: str
    sector: str
    from_on: date
    source: str


@dataclass(frozen=True, slots=True)
class Working:
    """Reads sectors from rows; ``sectors`` are those of the edition, ``source`` the list's own."""

    spec: Sectors
    sectors: frozenset[str]
    source: str
    as_of: date | None = None

    def faults(self, row: Row) -> Iterator[BadCell]:
        """Yield everything that is wrong with a row."""
        for read in (self._sector, self._from_on, self._source):
            try:
                read(row)
            except BadCell as bad:
                yield bad

    def read(self, row: Row, member: str) -> Works:
        """Return the sector of a row without faults."""
        return Works(
            row=row.number,
            member=member,
            sector=self._sector(row),
            from_on=self._from_on(row),
            source=self._source(row),
        )

    def _sector(self, row: Row) -> str:
        sector = reading.code(self.spec.sector, row.cells)
        if sector not in self.sectors:
            allowed = reading.listed(sorted(self.sectors)) or "none is defined"
            message = f"{sector or ''!r} is no sector of the edition in force; allowed: {allowed}"
            raise BadCell(message, getattr(self.spec.sector, "column", None))
        return sector

    def _from_on(self, row: Row) -> date:
        return reading.first_day(self.spec.from_on, row.cells, as_of=self.as_of)

    def _source(self, row: Row) -> str:
        if self.spec.known_by is None:
            return self.source
        return reading.text(row.cells, self.spec.known_by, LONGEST_SOURCE) or self.source
