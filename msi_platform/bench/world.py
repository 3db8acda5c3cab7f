"""Members and what they reported, made in a scratch database by the row count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from django.db import connection

from accounts import services as accounts
from accounts.rules import Role
from accounts.selectors import system_user
from kpis.models import Return
from members.models import Member, Organisation, Site
from rulebooks import services as rulebooks
from targets import services as targets
from targets.models import Period

ON = date(2026, 5, 1)
AT = datetime(2026, 3, 1, tzinfo=UTC)
BATCH = 5_000
# Reproducible numbers: no seed is needed where they follow from the row.
VALUES = """
insert into kpis_value
    (member_id, of_return_id, kpi, state, number, numerator, denominator, labels, counts, note)
select r.member_id, r.id, k.code,
    case when h %% 33 = 0 then 'missing' else 'answered' end,
    case when h %% 33 <> 0 and k.kind = 'number' then (h %% 1001) / 10.0 end,
    case when h %% 33 <> 0 and k.kind = 'ratio' then h %% 500 end,
    case when h %% 33 <> 0 and k.kind = 'ratio' then 500 + h %% 700 end,
    case when h %% 33 = 0 then '{}'
         when k.kind = 'yes_no' then array[(array['yes', 'no'])[1 + h %% 2]]
         when k.kind = 'labels' then array[(array['none', 'some', 'all'])[1 + h %% 3]]
         else '{}' end,
    '{}', ''
from kpis_return r
cross join unnest(%(codes)s, %(kinds)s) with ordinality k(code, kind, place)
cross join lateral (select abs(hashint8(r.id * 64 + k.place)::bigint) as h) dice
where r.id > %(after)s order by r.id, k.place
"""
SITE_VALUES = """
insert into kpis_sitevalue
    (member_id, of_return_id, site_id, kpi, state, numerator, denominator, labels, counts)
select r.member_id, r.id, s.id, k.code, 'answered', h %% 500, 500 + h %% 700, '{}', '{}'
from kpis_return r join members_site s on s.member_id = r.member_id
cross join unnest(%(codes)s) with ordinality k(code, place)
cross join lateral (select abs(hashint8(s.id * 64 + k.place)::bigint) as h) dice
where r.id > %(after)s order by r.id, s.id, k.place
"""


def enact(text: str) -> Period:
    """Put an edition into force and return its newest period."""
    by = system_user()
    office = accounts.create_user(
        email="office@bench.invalid", name="Benchmark", password=None, by=by, on=ON
    )
    accounts.grant_role(user=office, role=Role.SECRETARIAT, by=by, on=ON)
    draft = rulebooks.draft_edition(text=text, by=office, on=ON)
    edition = rulebooks.enact_on_trial(edition_id=draft.pk, by=by, on=ON)
    targets.open_periods(edition=edition, by=by, on=ON)
    return Period.objects.select_related("edition").order_by("-about_from").first()


class World:
    """Members who all filed a return for a period; rows go in behind the checks of references."""

    def __init__(self, period: Period) -> None:
        self.period = period
        self.size = 0

    def grow_to(self, members: int, kinds: Mapping[str, str]) -> None:
        """Have so many members, each with an answer to every KPI."""
        last = self._returns(members)
        given = {"codes": list(kinds), "kinds": list(kinds.values()), "after": last}
        self._fill(VALUES, given)

    def join(self, members: int) -> None:
        """Have so many members, of whom nothing is filed."""
        self._members(range(self.size, members))
        self.size = members
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")

    def grow_sites(self, members: int, sites: int, kpis: list[str]) -> None:
        """Have so many members, each with sites that answer every KPI."""
        last = self._returns(members)
        places = (
            Site(member_id=pk, code=f"site-{number:04}")
            for pk in Return.objects.filter(pk__gt=last).values_list("member", flat=True)
            for number in range(sites)
        )
        Site.objects.bulk_create(places, batch_size=BATCH)
        self._fill(SITE_VALUES, {"codes": kpis, "after": last})

    def change(self, of_return: int, number: int) -> None:
        """Change the first number of a return, as a verification would."""
        self._fill(
            "update kpis_value set number = %(number)s, state = 'answered'"
            " where of_return_id = %(of_return)s and kpi = 'kpi-00'",
            {"of_return": of_return, "number": number},
            analyze=False,
        )

    def file(self, answers: Mapping[str, Mapping[str, int]]) -> None:
        """Have a member for each code, with these numbers by KPI."""
        self._returns(len(answers))
        filed = Return.objects.order_by("pk").values_list("pk", "member")
        rows = [
            (member, pk, kpi, number)
            for (pk, member), given in zip(filed, answers.values(), strict=True)
            for kpi, number in given.items()
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into kpis_value (member_id, of_return_id, kpi, state, number, labels,"
                " counts, note) select m, r, k, 'answered', n, '{}', '{}', ''"
                " from unnest(%s::bigint[], %s::bigint[], %s, %s::numeric[]) t(m, r, k, n)",
                [list(column) for column in zip(*rows, strict=True)],
            )

    def _returns(self, members: int) -> int:
        """Add members and their filed returns, and return the number of the last one before."""
        last = Return.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        made = self._members(range(self.size, members))
        by = system_user()
        acts = {
            f"{act}_{k}": v for act in ("submitted", "filed") for k, v in (("at", AT), ("by", by))
        }
        Return.objects.bulk_create(
            (
                Return(
                    member=one,
                    period=self.period,
                    edition=self.period.edition,
                    status="filed",
                    saved_at=AT,
                    saved_by=by,
                    **acts,
                )
                for one in made
            ),
            batch_size=BATCH,
        )
        self.size = members
        return last

    def _members(self, more: range) -> list[Member]:
        owners = Organisation.objects.bulk_create(
            (Organisation(name=f"Company {n}", sort="company") for n in more), batch_size=BATCH
        )
        return Member.objects.bulk_create(
            (
                Member(
                    code=f"M{n:06}",
                    organisation=owner,
                    member_class="member",
                    chamber="all",
                    admitted_on=date(2024, 1, 1),
                )
                for n, owner in zip(more, owners, strict=True)
            ),
            batch_size=BATCH,
        )

    def _fill(self, sql: str, given: Mapping[str, object], *, analyze: bool = True) -> None:
        with connection.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")
            cursor.execute(sql, given)
            cursor.execute("set session_replication_role = default")
            if analyze:
                cursor.execute("vacuum analyze")
