"""Imported sectors: what of a list is not on record yet.

A row is left out where the organisation works in that sector already, or did on the day of the row
or after it, whatever became of it since: an old list brings nothing back, and ends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpis.rules.tables import Fault
from kpis.services.imports.listed import AT_MOST, ListPlan
from members import services as members

TWICE = """
select (array_agg(row order by row))[2], max(member), sector, min(row)
from import_sector
group by member, sector
having count(*) > 1
order by 1 limit %(limit)s
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


class SectorPlan(ListPlan):
    """The sectors that the staged rows lead to."""

    what = "sectors"
    rows = "import_sector"
    planned = "import_sector_plan"
    plan = PLAN
    carry = members.place_planned

    def own_faults(self) -> Iterator[Fault]:
        column = getattr(self.profile.into.sector, "column", None)
        for second, member, sector, first in self.ask(TWICE, limit=AT_MOST):
            said = f"{member!r} works in {sector} twice, first in row {first}; keep one"
            yield Fault(said, second, column)
