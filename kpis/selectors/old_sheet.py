"""What stands here of a period, to be laid beside an old spreadsheet."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from kpis.rules.old_sheet import Here
from kpis.rules.stating import normal
from members.models import Fact, Member
from rulebooks.rules.facts import ReturnFiled
from targets import selectors as targets
from targets.models import Period

FIELDS = {"name": "organisation__name", "identifier": "organisation__identifier", "code": "code"}
CHUNK = 2_000


def standing_for(period: Period, *, by: str, reader: User, on: date) -> dict[str, Here]:
    """Return what is known of each member for a period, by what the sheet names members by.

    Of the members that ``reader`` may see; in three queries.
    """
    rows = targets.filing_rows(period, user=reader, on=on)
    states = {row.member_id: row.state for row in rows.iterator(CHUNK)}
    told = Fact.objects.visible_to(reader).filter(
        kind=ReturnFiled.kind, key=period.code, corrected_by=None
    )
    filed: dict[int, date] = {}
    for member, day in told.order_by("-about_on", "-pk").values_list("member", "about_on"):
        filed[member] = day
    members = Member.objects.visible_to(reader).order_by("pk")
    named = members.values_list("pk", "code", "organisation__name", FIELDS[by])
    return {
        normal(called): Here(code, name, states.get(pk, ""), filed.get(pk))
        for pk, code, name, called in named.iterator(CHUNK)
        if called
    }
