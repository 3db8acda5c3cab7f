"""Imported contacts: who of a list is not named yet.

A row is left out where its address is in that role for the member already, or was since the day of
the row, whatever became of it: handed over, corrected under the same name, or erased.
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
from rulebooks import selectors as rulebooks
from rulebooks.rules.schema import selects

AT_MOST = 100

TWICE = """
select (array_agg(row order by row))[2], max(member), role, min(row)
from import_contact
group by member, role, lower(email)
having count(*) > 1
order by 1 limit %(limit)s
"""
NOT_COME = """
select row, from_on from import_contact where from_on > %(on)s order by row limit %(limit)s
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


class ContactPlan:
    """The contacts that the staged rows lead to."""

    def __init__(self, profile: Profile, *, on: date) -> None:
        self.profile = profile
        self.on = on

    def faults(self) -> list[Fault]:
        """Return what is wrong between right rows; when nothing is, the plan is made."""
        into = self.profile.into
        found = [
            Fault(f"{member!r} names this address as {role} twice, first in row {first}; keep one",
                  second, into.email)
            for second, member, role, first in self._ask(TWICE, limit=AT_MOST)
        ]  # fmt: skip
        found += [
            Fault(f"{day} has not come yet; contacts are those of today or before",
                  row, getattr(into.from_on, "column", None))
            for row, day in self._ask(NOT_COME, on=self.on, limit=AT_MOST)
        ]  # fmt: skip
        found += self._not_of_their_class()
        if not found:
            with connection.cursor() as cursor:
                cursor.execute(PLAN, {"on": self.on})
        return sorted(found, key=lambda fault: fault.row)[:AT_MOST]

    def _not_of_their_class(self) -> list[Fault]:
        edition = rulebooks.current_document(self.on)
        roles = {role.code: role for role in edition.belonging.contacts} if edition else {}
        column = getattr(self.profile.into.role, "column", None)
        return [
            Fault(f"members of class {of_class} name no contact as {role}", row, column)
            for row, of_class, role in self._ask(PLACES)
            if not selects(roles[role].applies_to, of_class)
        ]

    def _ask(self, query: str, **values: object) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()

    def counts(self) -> dict[str, int]:
        """Return how many contacts are new."""
        [(added,)] = self._ask("select count(*) from import_contact_plan")
        return {"contacts_added": added, "facts_added": 0}

    def carry_out(self, entry: Entry, *, by: User, also: Sequence[int]) -> None:
        """Name the contacts; nothing about standing follows from them."""
        members.name_planned("import_contact_plan")
        members.derive(list(also))
