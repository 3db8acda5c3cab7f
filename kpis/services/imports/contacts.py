"""Imported contacts: who of a list is not named yet.

A row is left out where its address is in that role for the member already, or was since the day of
the row, whatever became of it: handed over, corrected under the same name, or erased.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpis.rules.tables import Fault
from kpis.services.imports.listed import AT_MOST, ListPlan
from members import services as members
from rulebooks import selectors as rulebooks
from rulebooks.rules.schema import selects

TWICE = """
select (array_agg(row order by row))[2], max(member), role, min(row)
from import_contact
group by member, role, lower(email)
having count(*) > 1
order by 1 limit %(limit)s
"""
PLACES = """
select min(i.row), m.member_class, i.role
from import_contact i
join import_member using (member)
join members_member m on m.id = member_id
group by m.member_class, i.role
order by 1
"""
PLAN = """
drop table if exists pg_temp.import_contact_plan;
create temporary table import_contact_plan on commit drop as
    select i.row as n, m.member_id, i.role, i.name, i.email, i.phone, i.from_on
    from import_contact i
    join import_member m using (member)
    where not exists (
        select from members_contact c
        where c.member_id = m.member_id and c.role = i.role and (
            lower(c.email) = lower(i.email) and (c.until_on is null or c.until_on > %(on)s)
            or c.from_on = i.from_on and (
                lower(c.email) = lower(i.email) or c.name = i.name or c.erased_at is not null)));
"""


class ContactPlan(ListPlan):
    """The contacts that the staged rows lead to."""

    what = "contacts"
    rows = "import_contact"
    planned = "import_contact_plan"
    plan = PLAN
    carry = members.name_planned

    def own_faults(self) -> Iterator[Fault]:
        for second, member, role, first in self.ask(TWICE, limit=AT_MOST):
            said = f"{member!r} names this address as {role} twice, first in row {first}; keep one"
            yield Fault(said, second, self.profile.into.email)
        edition = rulebooks.current_document(self.on)
        roles = {role.code: role for role in edition.belonging.contacts} if edition else {}
        column = getattr(self.profile.into.role, "column", None)
        for row, of_class, role in self.ask(PLACES):
            if not selects(roles[role].applies_to, of_class):
                yield Fault(f"members of class {of_class} name no contact as {role}", row, column)
