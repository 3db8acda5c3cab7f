"""Whom a row of a list of contacts names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kpis.rules import cells as reading
from kpis.rules.cells import BadCell
from kpis.rules.profiles import Contacts
from kpis.rules.tables import Row

ADDRESS = re.compile(r"[^\s@<>,;:\"()]{1,64}@([\w-]{1,63}\.)+[\w-]{2,63}")
LONGEST_NAME, LONGEST_EMAIL, LONGEST_PHONE = 150, 254, 40


@dataclass(frozen=True, slots=True)
class Named:
    """A contact as a row names it."""

    row: int
    member: str
    role: str
    name: str
    email: str
    phone: str
    from_on: date


@dataclass(frozen=True, slots=True)
class Naming:
    """Reads contacts from rows; ``roles`` are those of the edition, ``as_of`` the list's day."""

    spec: Contacts
    roles: frozenset[str]
    as_of: date | None = None

    def faults(self, row: Row) -> Iterator[BadCell]:
        """Yield everything that is wrong with a row."""
        for read in (self._role, self._name, self._email, self._phone, self._from_on):
            try:
                read(row)
            except BadCell as bad:
                yield bad

    def read(self, row: Row, member: str) -> Named:
        """Return the contact of a row without faults."""
        return Named(
            row=row.number,
            member=member,
            role=self._role(row),
            name=self._name(row),
            email=self._email(row),
            phone=self._phone(row),
            from_on=self._from_on(row),
        )

    def _role(self, row: Row) -> str:
        role = reading.code(self.spec.role, row.cells)
        if role not in self.roles:
            allowed = reading.listed(sorted(self.roles)) or "none is defined"
            message = f"{role or ''!r} is no role of the edition in force; allowed: {allowed}"
            raise BadCell(message, getattr(self.spec.role, "column", None))
        return role

    def _name(self, row: Row) -> str:
        name = reading.text(row.cells, self.spec.name, LONGEST_NAME)
        if not name:
            raise BadCell("the name of the contact is missing", self.spec.name)
        return name

    def _email(self, row: Row) -> str:
        email = reading.text(row.cells, self.spec.email, LONGEST_EMAIL)
        if not ADDRESS.fullmatch(email):
            message = f"{email!r} is no e-mail address; write one such as name@company.example"
            raise BadCell(message, self.spec.email)
        return email

    def _phone(self, row: Row) -> str:
        phone = self.spec.phone
        return reading.text(row.cells, phone, LONGEST_PHONE) if phone else ""

    def _from_on(self, row: Row) -> date:
        return reading.first_day(self.spec.from_on, row.cells, as_of=self.as_of)
