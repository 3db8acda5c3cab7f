"""Who has filed for a period, and who is late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, QuerySet

from accounts.models import User
from members.models import Span
from rulebooks.rules.timeline.changes import Kind
from targets.models import Period
from targets.rules import return_obligations


@dataclass(frozen=True, slots=True)
class Filing:
    """How many members owe a return for a period, by where it stands on a day."""

    by_state: dict[str, int] = field(default_factory=dict)

    @property
    def listed(self) -> int:
        return sum(self.by_state.values())

    @property
    def owed(self) -> int:
        return self.listed - self.by_state.get("exempt", 0)

    @property
    def filed(self) -> int:
        return self.by_state.get("met", 0) + self.by_state.get("met_late", 0)

    @property
    def late(self) -> int:
        return self.by_state.get("overdue", 0) + self.by_state.get("missed", 0)


def filing(period: Period, *, user: User, on: date) -> Filing:
    """Return how many of the members that ``user`` may see have filed, in one query."""
    return filing_by_period([period], user=user, on=on)[period.code]


def filing_by_period(periods: Iterable[Period], *, user: User, on: date) -> dict[str, Filing]:
    """Return the same for several periods by code, in one query."""
    of_key = {key: period.code for period in periods for key in _keys(period)}
    found = {code: Filing() for code in of_key.values()} | {p.code: Filing() for p in periods}
    rows = _spans(list(of_key), user=user, on=on).values("key", "state")
    for row in rows.annotate(members=Count("member", distinct=True)).order_by("key", "state"):
        counts = found[of_key[row["key"]]].by_state
        counts[row["state"]] = counts.get(row["state"], 0) + row["members"]
    return found


def filing_rows(
    period: Period, *, user: User, on: date, states: Iterable[str] = ()
) -> QuerySet[Span]:
    """Return the obligation of each member for a period, by member, to be read in slices."""
    rows = _spans(_keys(period), user=user, on=on)
    if states:
        rows = rows.filter(state__in=list(states))
    return (
        rows.select_related("member__organisation")
        .order_by("member_id", "key")
        .distinct("member_id")
    )


def _spans(keys: list[str], *, user: User, on: date) -> QuerySet[Span]:
    spans = Span.objects.visible_to(user).of(Kind.OBLIGATION)
    return spans.in_force(on).filter(key__in=keys)


def _keys(period: Period) -> list[str]:
    edition = period.edition.document
    return [f"{o.code}:{period.code}" for o in return_obligations(edition, period.code)]
