"""Imported sectors: what of a list is not on record yet.

A row is left out where the organisation works in that sector already, or did on the day of the row
or after it, whatever became of it since: an old list brings nothing back, and ends nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from accounts.models import User
from kpis.rules.profiles import Profile
from kpis.rules.tables import Fault
from ledger.models import Entry
from members import services as members

AT_MOST = 100

TWICE = """
select (array_agg(row order by row))[2], max(member), sector, min(row)
from import_sector
group by member, sector
having count(*) > 1
order by 1 limit %(limit)s
"""
NOT_COME = """
select row, from_on from import_sector where from_on > %(on)s order by row limit %(limit)s
"""
PLAN = """
drop table if exists pg_temp.import_sector_plan;
create temporary table import_sector_plan on commit drop as
    select i.row as n, m.organisation_id, i.sector, i.from_on, i.source
    from import_sector i
    join import_member using (member)
    join members_member m on m.id = member_id
    where not exists (
        select from members_insector s
        where s.organisation_id = m.organisation_id and s.sector = i.sector
        and (s.until_on is null or s.until_on > i.from_on));
"""


class SectorPlan:
    """The sectors that the staged rows lead to."""

    def __init__(self, profile: Profile, *, on: date) -> None:
        self.profile = profile
        self.on = on

    def faults(self) -> list[Fault]:
        """Return what is wrong between right rows; when nothing is, the plan is made."""
        into = self.profile.into
        found = [
            Fault(f"{member!r} works in {sector} twice, first in row {first}; keep one",
                  second, getattr(into.sector, "column", None))
            for second, member, sector, first in self._ask(TWICE, limit=AT_MOST)
        ]  # fmt: skip
        found += [
            Fault(f"{day} has not come yet; sectors are those of today or before",
                  row, getattr(into.from_on, "column", None))
            for row, day in self._ask(NOT_COME, on=self.on, limit=AT_MOST)
        ]  # fmt: skip
        if not found:
            with connection.cursor() as cursor:
                cursor.execute(PLAN)
        return sorted(found, key=lambda fault: fault.row)[:AT_MOST]

    def _ask(self, query: str, **values: object) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()

    def counts(self) -> dict[str, int]:
        """Return how many sectors are new."""
        [(added,)] = self._ask("select count(*) from import_sector_plan")
        return {"sectors_added": added, "facts_added": 0}

    def carry_out(self, entry: Entry, *, by: User, also: Sequence[int]) -> None:
        """Record the sectors; nothing about standing follows from them."""
        members.place_planned("import_sector_plan")
        members.derive(list(also))
