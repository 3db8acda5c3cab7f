"""Rows of a list that say what stands beside a membership: held against each other, then planned.

Nothing about standing follows from them, and what is on record already is left out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import ClassVar

from django.db import connection

from accounts.models import User
from kpis.rules.profiles import Profile
from kpis.rules.tables import Fault
from ledger.models import Entry
from members import services as members

AT_MOST = 100
NOT_COME = """
select row, from_on from {rows} where from_on > %(on)s order by row limit %(limit)s
"""


class ListPlan(ABC):
    """What the staged rows of a list lead to.

    ``rows`` is the table in which they lie, ``plan`` the statement that makes ``planned`` of them,
    and ``carry`` the service that writes what is planned.
    """

    what: ClassVar[str]
    rows: ClassVar[str]
    planned: ClassVar[str]
    plan: ClassVar[str]
    carry: ClassVar[Callable[[str], object]]

    def __init__(self, profile: Profile, *, on: date) -> None:
        self.profile = profile
        self.on = on

    @abstractmethod
    def own_faults(self) -> Iterable[Fault]:
        """Yield what is wrong with rows of this kind alone."""

    def faults(self) -> list[Fault]:
        """Return what is wrong between right rows; when nothing is, the plan is made."""
        found = [*self.own_faults(), *self._not_come()]
        if not found:
            with connection.cursor() as cursor:
                cursor.execute(self.plan, {"on": self.on})
        return sorted(found, key=lambda fault: fault.row)[:AT_MOST]

    def _not_come(self) -> list[Fault]:
        column = getattr(self.profile.into.from_on, "column", None)
        said = f"has not come yet; {self.what} are those of today or before"
        rows = self.ask(NOT_COME.format(rows=self.rows), on=self.on, limit=AT_MOST)
        return [Fault(f"{day} {said}", row, column) for row, day in rows]

    def ask(self, query: str, **values: object) -> list[tuple]:
        """Return the rows of a query."""
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()

    def counts(self) -> dict[str, int]:
        """Return how many are new."""
        [(added,)] = self.ask(f"select count(*) from {self.planned}")
        return {f"{self.what}_added": added, "facts_added": 0}

    def carry_out(self, entry: Entry, *, by: User, also: Sequence[int]) -> None:
        """Write what is planned."""
        type(self).carry(self.planned)
        members.derive(list(also))
