"""Imported answers become filed returns: a new version where something in one is new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.utils import timezone

from accounts.models import User
from kpis.rules.profiles import Profile, Wide
from kpis.rules.tables import Fault
from ledger.models import Entry
from members import services as members
from members.rules import Source
from rulebooks.rules.facts import ReturnFiled

AT_MOST = 100

# Of answers that stand twice, the first counts; ``FAULTS`` has refused those that differ.
ANSWERS = """
drop table if exists pg_temp.import_answer;
create temporary table import_answer on commit drop as
    select distinct on (m.member_id, p.id, v.kpi, v.site)
        m.member_id, p.id as period_id, p.edition_id, p.due_on, v.*
    from import_value v
    join import_member m using (member)
    join targets_period p on p.code = v.period
    order by m.member_id, p.id, v.kpi, v.site, v.row;
create index on import_answer (member_id, period_id, kpi, site);
analyze import_answer;

drop table if exists pg_temp.import_latest;
create temporary table import_latest on commit drop as
    select distinct on (r.member_id, r.period_id)
        r.member_id, r.period_id, r.id, r.version, r.status
    from kpis_return r
    join (select distinct member_id, period_id from import_answer) a using (member_id, period_id)
    order by r.member_id, r.period_id, r.version desc;
create index on import_latest (member_id, period_id);

drop table if exists pg_temp.import_return;
create temporary table import_return on commit drop as
    select a.member_id, a.period_id, a.edition_id, a.period, min(a.row) as row,
        coalesce(min(a.filed_on), least(min(a.due_on), %(on)s)) as filed_on,
        coalesce(max(l.version), 0) + 1 as version, max(l.id) as latest_id,
        max(l.status) as status
    from import_answer a
    left join import_latest l using (member_id, period_id)
    left join kpis_value v on v.of_return_id = l.id and v.kpi = a.kpi and a.site = ''
    left join members_site s on s.member_id = a.member_id and s.code = a.site
    left join kpis_sitevalue o on o.of_return_id = l.id and o.kpi = a.kpi and o.site_id = s.id
    group by a.member_id, a.period_id, a.edition_id, a.period
    having bool_or(
        l.id is null or (a.site <> '' and o.id is null)
        or coalesce(v.state, o.state, 'missing') <> a.state
        or coalesce(v.number, o.number) is distinct from a.number
        or coalesce(v.numerator, o.numerator) is distinct from a.numerator
        or coalesce(v.denominator, o.denominator) is distinct from a.denominator
        or coalesce(v.labels::text[], o.labels::text[], '{}') <> a.labels
        or coalesce(v.counts, o.counts, '{}') <> a.counts
    );
"""
CONTRADICTIONS = """
select min(row), max(member), period, kpi || case site when '' then '' else ' at site ' || site end,
    (array_agg(row order by row))[2]
from import_value
group by member, period, kpi, site
having count(*) > 1 and (%(once)s or count(distinct
    (state, number, numerator, denominator, labels, counts)) > 1)
order by 1 limit %(limit)s
"""
# Sites that the file does not name keep their answers, so they count as well.
TOO_MANY = """
select min(a.row), max(a.member), a.period, a.kpi, count(distinct a.code), max(a.most_sites)
from (
    select member_id, row, member, period, kpi, site as code, most_sites
    from import_answer where site <> ''
    union all
    select i.member_id, i.row, null, i.period, o.kpi, s.code, null
    from import_return i
    join kpis_sitevalue o on o.of_return_id = i.latest_id
    join members_site s on s.id = o.site_id
) a
group by a.member_id, a.period, a.kpi
having count(distinct a.code) > max(a.most_sites)
order by 1 limit %(limit)s
"""
# A member that signs off its return seals it; an import does not.
NOT_OURS = """
select r.row, m.code, r.period, r.status
from import_return r
join members_member m on m.id = r.member_id
join kpis_return l on l.id = r.latest_id
where l.status <> 'filed' or l.seal <> '' or not exists (
    select from members_fact f
    where f.member_id = r.member_id and f.key = r.period
        and f.kind = %(kind)s and f.source = %(imported)s)
order by 1 limit %(limit)s
"""
COUNTS = """
select count(*), (
    select count(*) from import_answer a
    join import_return using (member_id, period_id) where a.state <> 'missing')
from import_return
"""
RETURNS = """
insert into kpis_return (member_id, period_id, edition_id, version, reason, status, saved_at,
    saved_by_id, unread, submitted_at, submitted_by_id, filed_at, filed_by_id, seal)
select member_id, period_id, edition_id, version,
    case when version > 1 then 'Corrected by an import' else '' end,
    'filed', %(now)s, %(by)s, '{}', %(now)s, %(by)s, %(now)s, %(by)s, ''
from import_return
order by member_id, period_id
"""
# What the file does not ask about stays as the version before had it.
VALUES = """
insert into kpis_value (member_id, of_return_id, kpi, state, number, numerator, denominator,
    labels, counts, note)
select r.member_id, r.id, given.kpi, given.state, given.number, given.numerator,
    given.denominator, given.labels, given.counts, given.note
from import_return i
join kpis_return r using (member_id, period_id, version)
cross join lateral (
    select a.kpi, a.state, a.number, a.numerator, a.denominator, a.labels, a.counts,
        '' as note
    from import_answer a
    where a.member_id = i.member_id and a.period_id = i.period_id and a.state <> 'missing'
        and a.site = ''
    union all
    select v.kpi, v.state, v.number, v.numerator, v.denominator, v.labels, v.counts,
        v.note
    from kpis_value v
    where v.of_return_id = i.latest_id and not exists (
        select from import_answer a
        where a.member_id = i.member_id and a.period_id = i.period_id and a.kpi = v.kpi)
) given
order by r.id, given.kpi
"""
SITES = """
insert into members_site (member_id, code, name, country)
select distinct on (member_id, site) member_id, site, site_name, site_country
from import_answer
where site <> ''
order by member_id, site, row
on conflict (member_id, code) do nothing
"""
# A site that is silent is kept: that it stands in the return says that it was asked.
SITE_VALUES = """
insert into kpis_sitevalue (member_id, of_return_id, site_id, kpi, state, number, numerator,
    denominator, labels, counts)
select r.member_id, r.id, given.site_id, given.kpi, given.state, given.number, given.numerator,
    given.denominator, given.labels, given.counts
from import_return i
join kpis_return r using (member_id, period_id, version)
cross join lateral (
    select s.id as site_id, a.kpi, a.state, a.number, a.numerator, a.denominator, a.labels,
        a.counts
    from import_answer a
    join members_site s on s.member_id = a.member_id and s.code = a.site
    where a.member_id = i.member_id and a.period_id = i.period_id
    union all
    select o.site_id, o.kpi, o.state, o.number, o.numerator, o.denominator, o.labels, o.counts
    from kpis_sitevalue o
    join members_site s on s.id = o.site_id
    where o.of_return_id = i.latest_id and not exists (
        select from import_answer a
        where a.member_id = i.member_id and a.period_id = i.period_id and a.kpi = o.kpi
            and a.site = s.code)
) given
order by r.id, given.kpi, given.site_id
"""
FILED = """
drop table if exists pg_temp.import_filed;
create temporary table import_filed on commit drop as
    select row_number() over (order by r.member_id, r.id) as n, i.member_id, %(kind)s as kind,
        i.period as key, i.filed_on as about_on, '{}'::jsonb as data, null::bigint as corrects,
        'return:' || r.id as ref
    from import_return i
    join kpis_return r using (member_id, period_id, version)
    where i.version = 1;
create index on import_filed (n);
"""


class ReturnPlan:
    """The returns that the staged answers lead to."""

    def __init__(self, profile: Profile, *, on: date) -> None:
        self.profile = profile
        with connection.cursor() as cursor:
            cursor.execute(ANSWERS, {"on": on})

    def faults(self) -> list[Fault]:
        """Return why the answers cannot be imported: contradictions, or returns of members."""
        once = isinstance(self.profile.into.layout, Wide)
        found = [
            Fault(
                f"{member!r} answers {kpi} for {period} twice, first in row {row}; keep one",
                second,
                self.profile.member.column,
            )
            for row, member, period, kpi, second in self._ask(CONTRADICTIONS, once=once)
        ]
        if found:
            return found
        found = [
            Fault(f"{kpi} of {member!r} for {period} has {sites} sites; at most {most}", row)
            for row, member, period, kpi, sites, most in self._ask(TOO_MANY)
        ]
        if found:
            return found
        who = {"kind": ReturnFiled.kind, "imported": Source.IMPORTED.value}
        return [
            Fault(f"{code} {_whose(status)} for {period}; an import does not replace it", row)
            for row, code, period, status in self._ask(NOT_OURS, **who)
        ]

    def _ask(self, query: str, **values: object) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(query, {"limit": AT_MOST, **values})
            return cursor.fetchall()

    def counts(self) -> dict[str, int]:
        """Return how many returns and answers are new."""
        [(returns, values)] = self._ask(COUNTS)
        return {"returns_filed": returns, "values_added": values, "facts_added": returns}

    def carry_out(self, entry: Entry, *, by: User, also: Sequence[int]) -> None:
        """File the returns, state that they were filed, and derive all whom they are of."""
        with connection.cursor() as cursor:
            cursor.execute(RETURNS, {"now": timezone.now(), "by": by.pk})
            for statement in (VALUES, SITES, SITE_VALUES):
                cursor.execute(statement)
            cursor.execute(FILED, {"kind": ReturnFiled.kind})
        members.state_planned("import_filed", entry=entry, also=also)


def _whose(status: str) -> str:
    return "filed a return itself" if status == "filed" else "has a return in the making"
