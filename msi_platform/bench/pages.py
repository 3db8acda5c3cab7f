"""Pages in a world with ten years behind it, each against a select of the rows that it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.rules import Role
from dashboard.views.matrix import MEMBERS
from members import selectors as members
from members.models import Member
from members.views.directory import PAGE
from msi_platform.bench import years
from msi_platform.bench.timing import Result, best, statement
from suspensions.services.scratch import Scratch
from targets import selectors as targets

TIMES_OF_FLOOR = 20
SPANS = "select member_id, key, state, from_on, until_on, due_on from members_span where "
STANDING = """
select m.code, o.name, o.country, m.member_class, s.state from members_member m
join members_organisation o on o.id = m.organisation_id
join members_span s on s.member_id = m.id and s.kind = 'standing' and s.key = ''
where m.id = any(%s) and (s.until_on is null or s.until_on > current_date)
"""
SIGNED = SPANS + "member_id = any(%s) and kind = 'obligation' and until_on is null"
OF_ONE = SPANS + "member_id = %s"
OWED = SPANS + "id = any(%s)"
TOTALS = (
    "select key, count(*) from members_span"
    " where kind = 'obligation' and until_on is null group by key"
)


@dataclass(frozen=True)
class Page:
    """A page, and the least that it could read: a select of the rows that it shows."""

    name: str
    address: str
    floor: str
    given: list


def shown(wanted: int) -> Iterator[Result]:
    """Pages as the secretariat reads them, of which the best of five counts."""
    wanted = min(years.MEMBERS, wanted)
    with Scratch():
        period = years.build(wanted)
        office = User.objects.filter(roles_held__role=Role.SECRETARIAT).get()
        client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
        client.force_login(office)
        for page in _pages(period.code, office):
            yield _measured(client, page, wanted)


def _pages(period: str, office: User) -> list[Page]:
    everybody = Member.objects.order_by("pk")
    one = everybody[everybody.count() // 2]
    matrix = f"/matrix/?period={period}"
    today = timezone.localdate()
    rows = targets.owed_by_all(office, on=today).filter(state__in=targets.PRESSING)
    owed = [row.pk for row in targets.by_due_day(rows, on=today).rows]
    directory = list(members.directory(office, on=today).values_list("pk", flat=True)[:PAGE])
    first = list(everybody.values_list("pk", flat=True)[:MEMBERS])
    return [
        Page("page_matrix", matrix, SIGNED, [first]),
        Page("page_matrix_totals", f"{matrix}&totals=all", TOTALS, []),
        Page("page_directory", "/members/", STANDING, [directory]),
        Page("page_profile", f"/members/{one.code}/", OF_ONE, [one.pk]),
        Page("page_obligations", "/obligations/", OWED, [owed]),
    ]


def _measured(client: Client, page: Page, size: int) -> Result:
    """Return how long a page takes, how many queries, and the select of the same rows."""
    queries = count()
    with connection.execute_wrapper(_counting(queries)):
        first = client.get(page.address)
    if first.status_code != 200:
        raise RuntimeError(f"{page.address} answers {first.status_code}")
    took = best(lambda: client.get(page.address))
    work = {"members": size, "queries": next(queries), "bytes": len(first.content)}
    return Result(
        page.name, work, took, best(statement(page.floor, page.given), times=TIMES_OF_FLOOR)
    )


def _counting(queries: Iterator[int]) -> Callable:
    def run(execute, sql, params, many, context):
        next(queries)
        return execute(sql, params, many, context)

    return run
