"""A world with years behind it: members who signed, filed and were verified, period by period.

A hundred members are derived by the rules; all others repeat one of them, row for row, by SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from accounts.selectors import system_user
from ledger.models import Entry
from members import services as members
from members.models import Member, Organisation
from msi_platform.bench.world import AT, enact
from targets.models import Period

MEMBERS, REQUIREMENTS, YEARS, KPIS = 20_000, 100, 10, 20
FIRST_YEAR = 2016
DERIVED = 100
BATCH = 5_000
HEAD = """
format: 1
code: bench-2016
title: Benchmark
initiative: Benchmark
language: en
time_zone: UTC
in_force_from: 2016-01-01
replaces: null
chambers: [{code: all, name: All, clause: "1"}]
classes:
  - {code: member, name: Member, chambers: [all], rights: [], clause: "1"}
  - {code: associate, name: Associate, chambers: [all], rights: [], clause: "1"}
publicity: {membership: public, standing: public, scorecard: public, clause: "1"}
obligations:
  - what: signature
    code: sign
    title: Sign
    within: {days: 60}
    enforced_from: 2016-01-01
    clause: "4"
  - {what: return, code: report, title: Report, enforced_from: 2016-01-01, clause: "5"}
"""
ROWS = """
with numbered as (
    select id, admitted_on, row_number() over (order by id) as n from members_member)
insert into members_fact
    (member_id, kind, key, about_on, recorded_at, data, entry_id, source, ref)
select m.id, f.kind, f.key, f.about_on, %(at)s, f.data, %(entry)s, 'imported', ''
from numbered m cross join lateral (
    select 0 as place, 'member.admitted' as kind, '' as key, m.admitted_on as about_on,
        jsonb_build_object('member_class', case when m.n %% 5 = 0 then 'associate' else 'member'
            end, 'chamber', 'all') as data
    union all
    select r, 'requirement.signed', code, m.admitted_on + ((m.n * 7 + r) %% 60)::int,
        jsonb_build_object('edition', %(edition)s, 'text_sha256', hash)
    from unnest(%(codes)s, %(hashes)s) with ordinality q(code, hash, r)
    where (m.n * 13 + r * 7) %% 29 > 0
    union all
    select 1000 + p.id, 'submission.filed', p.code, p.opens_on + ((m.n * 3 + p.id) %% 55)::int, '{}'
    from targets_period p where p.opens_on > m.admitted_on and (m.n * 11 + p.id) %% 17 > 0
) f where m.n <= %(derived)s order by m.n, f.place;
"""
PLACES = """
create temporary table alike as
select other.id, first.id as as_id from
    (select id, row_number() over (order by id) - 1 as n from members_member) other
    join (select id, row_number() over (order by id) - 1 as n from members_member) first
        on first.n = other.n %% %(derived)s
where other.n >= %(derived)s;
"""
REPEATED = """
insert into {table} (member_id, {columns})
select a.id, {columns} from {table} t join alike a on a.as_id = t.member_id order by a.id, t.id;
"""
FACT = "kind, key, about_on, recorded_at, data, entry_id, source, ref"
SPAN = "kind, key, state, from_on, until_on, ground, because, clause, edition, facts, due_on"
RETURNS = """
insert into kpis_return (member_id, period_id, edition_id, version, reason, status, saved_at,
    saved_by_id, unread, submitted_at, submitted_by_id, filed_at, filed_by_id, seal)
select f.member_id, p.id, p.edition_id, 1, '', 'filed', f.about_on, %(by)s, '{}', f.about_on,
    %(by)s, f.about_on, %(by)s, ''
from members_fact f join targets_period p on p.code = f.key
where f.kind = 'submission.filed' order by f.member_id, p.id;

insert into kpis_value (member_id, of_return_id, kpi, state, number, labels, counts, note)
select r.member_id, r.id, kpi, 'answered', (r.id + k) %% 100, '{}', '{}', ''
from kpis_return r join targets_period p on p.id = r.period_id
cross join unnest(%(kpis)s) with ordinality q(kpi, k)
where p.code = %(newest)s order by r.id, k;

insert into kpis_evidence (member_id, of_return_id, kpi, sha256, size, media_type, name, file,
    received_at, received_from_id)
select member_id, of_return_id, kpi, repeat('ab', 32), 1000, 'application/pdf', 'proof.pdf',
    'proof.pdf', %(at)s, %(by)s
from kpis_value where id %% 3 = 0 order by id;

insert into kpis_verification
    (member_id, value_id, outcome, labels, counts, reason, marked_at, marked_by_id)
select member_id, id, case when id %% 8 = 0 then 'unsupported' else 'verified' end, '{}', '{}',
    case when id %% 8 = 0 then 'No proof' else '' end, %(at)s, %(by)s
from kpis_value where id %% 4 = 0 order by id;
"""


def edition(today: date) -> str:
    """Return an edition of a hundred requirements, a fifth of which KPIs show, and ten periods.

    The window of the last is open today, that something may still be owed.
    """
    lines = [HEAD, "requirements:"]
    lines += [
        f"  - {{code: r-{place:03}, title: Promise {place}, text: The text of promise {place}., "
        f'clause: "3.{place}"}}'
        for place in range(REQUIREMENTS)
    ]
    lines.append("kpis:")
    lines += [
        f"  - {{code: k-{place:03}, title: Number {place}, requirement: r-{place:03}, "
        "unit: points, scale: {kind: number, min: 0, max: 100, decimals: 1}, direction: higher, "
        'missing: leave_out, confidentiality: public, clause: "6"}'
        for place in range(KPIS)
    ]
    years = range(FIRST_YEAR, FIRST_YEAR + YEARS - 1)
    past = (_window(year, date(year + 1, 1, 1), due=date(year + 1, 3, 31)) for year in years)
    now = _window(years.stop, today - timedelta(days=60), due=today + timedelta(days=30))
    return "\n".join([*lines, "periods:", *past, now])


def _window(year: int, opens: date, *, due: date) -> str:
    return (
        f'  - {{kind: fixed_window, code: "{year}", name: Year {year}, about_from: {year}-01-01, '
        f"about_until: {year}-12-31, opens_on: {opens}, due_on: {due}, "
        f'late_until: {due + timedelta(days=30)}, clause: "7"}}'
    )


def build(count: int) -> Period:
    """Have so many members with ten years of facts, spans and returns; return the newest period.

    Values, evidence and words stand in the newest period. Rows go in behind the checks of
    references, as the database has to be thrown away afterwards anyway.
    """
    newest = enact(edition(timezone.localdate()))
    made = _members(count)
    _run(ROWS, {"at": AT, "entry": Entry.objects.order_by("-pk").first().pk, **_texts(newest)})
    members.derive([member.pk for member in made[:DERIVED]])
    _run(PLACES, {"derived": DERIVED})
    _run(REPEATED.format(table="members_fact", columns=FACT), None)
    _run(REPEATED.format(table="members_span", columns=SPAN), None)
    kpis = [kpi.code for kpi in newest.edition.document.kpis]
    _run(RETURNS, {"at": AT, "by": system_user().pk, "kpis": kpis, "newest": newest.code})
    with connection.cursor() as cursor:
        cursor.execute("drop table alike")
        cursor.execute("vacuum analyze")
    return newest


def _texts(period: Period) -> dict[str, object]:
    texts = period.edition.document.requirements
    return {
        "edition": period.edition.code,
        "codes": [text.code for text in texts],
        "hashes": [text.text_sha256 for text in texts],
        "derived": DERIVED,
    }


def _members(count: int) -> list[Member]:
    owners = Organisation.objects.bulk_create(
        (
            Organisation(name=f"Company {n}", sort="company", country=f"Country {n % 40}")
            for n in range(count)
        ),
        batch_size=BATCH,
    )
    return Member.objects.bulk_create(
        (
            Member(
                code=f"M{n:06}",
                organisation=owner,
                member_class="associate" if n % 5 == 4 else "member",
                chamber="all",
                admitted_on=date(FIRST_YEAR, 1 + n % 12, 1 + n % 28),
            )
            for n, owner in enumerate(owners)
        ),
        batch_size=BATCH,
    )


def _run(sql: str, given: Mapping[str, object] | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(sql, given)
        cursor.execute("set session_replication_role = default")
