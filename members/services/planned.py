"""Facts stated from a table: what an import has planned is written set by set, whatever its size.

Like ``facts`` this joins the transaction and the permission of the service that calls it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from ledger.models import Entry
from members import selectors
from members.models import Member, Organisation, Provenance
from members.rules import Source
from members.services.facts import derive

AT_ONCE = 200_000  # rows of one statement
STATE = """
insert into members_fact (member_id, kind, key, about_on, recorded_at, data, corrects_id,
    entry_id, source, ref)
select member_id, kind, key, about_on, %(at)s, data, corrects, %(entry)s, %(source)s, ref
from {plan}
where n > %(after)s and n <= %(last)s
order by n
on conflict (ref) where ref <> '' do nothing
"""

NAME = """
insert into members_contact (member_id, role, name, email, phone, from_on)
select member_id, role, name, email, phone, from_on from {plan} order by n
"""
PLACE = """
insert into members_insector (organisation_id, sector, from_on, source)
select organisation_id, sector, from_on, source from {plan} order by n
"""


@transaction.atomic
def state_planned(plan: str, *, entry: Entry, also: Iterable[int] = ()) -> int:
    """State, as imported, the facts of a temporary table, and derive every member concerned once.

    Its rows have ``n`` (1, 2, …), ``member_id``, ``kind``, ``key``, ``about_on``, ``data``,
    ``corrects`` and ``ref``; one whose ``ref`` was stated before is left out. ``also`` are members
    of whom something was stated already in this import. Return how many facts were new.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"select distinct member_id from {plan}")
        about = {member_id for (member_id,) in cursor} | set(also)
        concerned = selectors.with_successors(sorted(about))
        list(Member.objects.select_for_update().filter(pk__in=concerned).order_by("pk"))
        cursor.execute(f"select coalesce(max(n), 0) from {plan}")
        [last] = cursor.fetchone()
        values = {"at": entry.recorded_at, "entry": entry.pk, "source": Source.IMPORTED.value}
        count = 0
        for after in range(0, last, AT_ONCE):
            bounds = {"after": after, "last": after + AT_ONCE}
            cursor.execute(STATE.format(plan=plan), values | bounds)
            count += cursor.rowcount
    derive(concerned)
    return count


@transaction.atomic
def name_planned(plan: str) -> int:
    """Name the contacts of a temporary table, and return how many they are.

    Its rows have ``n``, ``member_id``, ``role``, ``name``, ``email``, ``phone`` and ``from_on``.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"select distinct member_id from {plan}")
        about = [member_id for (member_id,) in cursor]
        list(Member.objects.select_for_update().filter(pk__in=about).order_by("pk"))
        cursor.execute(NAME.format(plan=plan))
        return cursor.rowcount


@transaction.atomic
def place_planned(plan: str) -> int:
    """Record the sectors of a temporary table, and return how many they are.

    Its rows have ``n``, ``organisation_id``, ``sector``, ``from_on`` and ``source``.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"select distinct organisation_id from {plan}")
        about = [organisation_id for (organisation_id,) in cursor]
        list(Organisation.objects.select_for_update().filter(pk__in=about).order_by("pk"))
        cursor.execute(PLACE.format(plan=plan))
        return cursor.rowcount


@transaction.atomic
def name_source(entry: Entry, *, label: str) -> Provenance:
    """Say in words where the facts of an import come from."""
    return Provenance.objects.create(entry=entry, label=label)
