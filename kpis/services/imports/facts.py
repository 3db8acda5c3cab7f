"""Imported facts: what a file states anew, states otherwise, or no longer states.

Each fact of a profile has a place: member, kind and key. The last fact of a place says what the
file said before. A correction made by a person stays: the import leaves that place alone.
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
from rulebooks.rules.facts import FactRetracted

CHUNK = 5_000
AT_MOST = 100

CONTRADICTIONS = """
select min(row), max(member), kind, key, (array_agg(row order by row))[2]
from import_fact
group by member, kind, key, case when each_day then about_on end
having count(*) > 1 and count(distinct (data, case when dated then about_on end)) > 1
order by 1 limit %(limit)s
"""
PLAN = """
drop table if exists pg_temp.import_place;
create temporary table import_place on commit drop as
    select distinct on (m.member_id, f.kind, f.key, f.apart_on) m.member_id, f.*,
        left(encode(sha256(convert_to(
            concat_ws(chr(31), m.member_id, f.kind, f.key, f.apart_on), 'UTF8')), 'hex'), 32)
            as place
    from (select *, case when each_day then about_on end as apart_on from import_fact) f
    join import_member m using (member)
    order by m.member_id, f.kind, f.key, f.apart_on, f.row;
analyze import_place;

drop table if exists pg_temp.import_last;
create temporary table import_last on commit drop as
    select distinct on (place) *
    from (
        select f.id, f.member_id, f.kind, f.key, f.about_on, f.data,
            split_part(f.ref, ':', 2) as place, split_part(f.ref, ':', 3)::integer as nth,
            exists (select from members_fact c where c.corrects_id = f.id
                and c.ref not like %(ours)s) as by_hand
        from members_fact f
        where f.ref like %(ours)s
    ) stated
    order by place, nth desc;
analyze import_last;

drop table if exists pg_temp.import_plan;
create temporary table import_plan on commit drop as
    select row_number() over (order by member_id, row nulls last, key, kind) as n, *,
        %(namespace)s || ':' || place || ':' || nth as ref
    from (
        select p.member_id, p.row, p.kind, p.key, p.about_on, p.data, p.place,
            coalesce(l.nth + 1, 0) as nth, l.id as corrects
        from import_place p
        left join import_last l using (place)
        where l.id is null or not l.by_hand and (
            l.kind = %(retracted)s
            or not p.once and (p.data <> l.data or p.dated and p.about_on <> l.about_on))
        union all
        select l.member_id, null, %(retracted)s, l.key, l.about_on, '{}', l.place, l.nth + 1, l.id
        from import_last l
        left join import_place p using (place)
        left join (select distinct member_id, key from import_place) same
            on same.member_id = l.member_id and same.key = l.key
        where p.place is null and l.kind <> %(retracted)s and not l.by_hand
            and (%(gone)s or same.member_id is not null)
    ) changes;
create index on import_plan (n);
"""
COUNTS = """
select count(*), count(corrects), count(*) filter (where kind = %(retracted)s) from import_plan
"""


class FactPlan:
    """The facts that the staged rows lead to."""

    def __init__(self, profile: Profile, *, on: date) -> None:
        self.profile = profile
        self.namespace = f"import.{profile.code}"

    def faults(self) -> list[Fault]:
        """Return which rows contradict each other; when none do, the plan is made."""
        with connection.cursor() as cursor:
            cursor.execute(CONTRADICTIONS, {"limit": AT_MOST})
            found = [
                Fault(
                    f"{member!r} states {kind} {key} twice, otherwise in row {row}; keep one",
                    second,
                    self.profile.member.column,
                )
                for row, member, kind, key, second in cursor.fetchall()
            ]
            if not found:
                gone = self.profile.into.gone == "retract" and bool(self.profile.into.facts)
                values = {"namespace": self.namespace, "ours": f"{self.namespace}:%", "gone": gone}
                cursor.execute(PLAN, {**values, "retracted": FactRetracted.kind})
        return found

    def counts(self) -> dict[str, int]:
        """Return how many facts are new, how many of them correct, and how many retract."""
        with connection.cursor() as cursor:
            cursor.execute(COUNTS, {"retracted": FactRetracted.kind})
            added, corrected, retracted = cursor.fetchone()
        return {
            "facts_added": added,
            "facts_corrected": corrected - retracted,
            "facts_retracted": retracted,
        }

    def carry_out(self, entry: Entry, *, by: User, also: Sequence[int]) -> None:
        """State the facts, and derive all whom they are about."""
        members.state_planned("import_plan", entry=entry, also=also)
