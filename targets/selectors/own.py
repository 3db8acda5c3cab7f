"""Periods that fall due on days of members' own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from accounts.models import User
from members.models import Span
from rulebooks.models import Edition
from rulebooks.rules.obligations import ReturnObligation
from rulebooks.rules.periods import DataAge, Period, Rolling
from rulebooks.rules.schema import selects
from rulebooks.rules.timeline.changes import Kind
from targets import models


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A period of members' own days, and how many of them owe a return for it, by state."""

    rule: Period
    edition: Edition
    open: int
    late: int
    filed: int


def own_rules(editions: Iterable[Edition]) -> list[tuple[Edition, Period]]:
    """Return the rules of periods on days of members' own, of the newest edition that has each."""
    found = {
        rule.code: (row, rule)
        for row in sorted(editions, key=lambda row: row.in_force_from)
        for rule in row.document.periods
        if isinstance(rule, Rolling | DataAge)
    }
    return list(found.values())


def own_counts(editions: Iterable[Edition], *, user: User, on: date) -> list[OwnRule]:
    """Return for each such rule how many of the members that ``user`` may see owe, and filed."""
    return [_counted(row, rule, user=user, on=on) for row, rule in own_rules(editions)]


def _counted(row: Edition, rule: Period, *, user: User, on: date) -> OwnRule:
    spans = Span.objects.visible_to(user).in_force(on).filter(_about(row, rule))

    def of(*states: str) -> Count:
        return Count("member", distinct=True, filter=Q(state__in=states))

    counts = spans.aggregate(
        open=of("open", "extended"), late=of("overdue", "missed"), filed=of("met", "met_late")
    )
    return OwnRule(rule, row, **counts)


def own_periods_without_row(editions: Iterable[Edition], *, on: date) -> list[tuple[str, str]]:
    """Return code and edition of each such period that somebody may file for and has no row."""
    found: set[tuple[str, str]] = set()
    for row, rule in own_rules(editions):
        spans = Span.objects.in_force(on).filter(_about(row, rule)).exclude(state="met")
        keys = spans.values_list("key", "edition").distinct()
        found |= {(key.partition(":")[2], edition) for key, edition in keys}
    rows = set(models.Period.objects.filter(is_own=True).values_list("code", flat=True))
    return sorted(pair for pair in found if pair[0] not in rows)


def _about(row: Edition, rule: Period) -> Q:
    """Match the obligations to file a return for periods of a rule."""
    owed = [
        o.code
        for o in row.document.obligations
        if isinstance(o, ReturnObligation) and selects(o.periods, rule.code)
    ]
    about = Q(pk__in=[])
    for code in owed:
        about |= Q(kind=Kind.OBLIGATION, key__startswith=f"{code}:{rule.code}.")
    return about
