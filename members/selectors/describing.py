"""What members were last described to be on a day: their size, country and fiscal year."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from members.models import Fact, Member
from rulebooks.rules.facts import MemberDescribed

Described = dict[int, dict[str, str]]  # member → what is said of it, by the field of the fact


def described_on(
    member_ids: Collection[int], *, on: date, known_at: datetime | None = None
) -> Described:
    """Return what is said of each of these members on a day; of whom nothing is, it is left out.

    With ``known_at``, what had been recorded by that moment.
    """
    said = _said(on, known_at).filter(member__in=member_ids).order_by("about_on", "pk")
    found: Described = {}
    for member, data in said.values_list("member", "data"):
        given = {name: value for name, value in data.items() if value is not None}
        found.setdefault(member, {}).update(given)
    return found


def sizes_on(on: date, *, of: Collection[int] | None = None) -> dict[int, str]:
    """Return the size band of each member of whom one is known on a day, of all or of some."""
    said = _sized(on) if of is None else _sized(on).filter(member__in=of)
    newest = said.order_by("member", "-about_on", "-pk").distinct("member")
    return dict(newest.values_list("member", "data__size"))


def of_size(members: QuerySet[Member], size: str, *, on: date) -> QuerySet[Member]:
    """Return the members that were last described to be of a size on a day."""
    said = _sized(on).filter(member=OuterRef("pk")).order_by("-about_on", "-pk")
    return members.annotate(size=Subquery(said.values("data__size")[:1])).filter(size=size)


def _sized(on: date) -> QuerySet[Fact]:
    return _said(on).filter(data__has_key="size")


def _said(on: date, known_at: datetime | None = None) -> QuerySet[Fact]:
    said = Fact.objects.filter(kind=MemberDescribed.kind, about_on__lte=on)
    if known_at is None:
        return said.filter(corrected_by=None)
    corrected = Q(corrected_by__recorded_at__lte=known_at)
    return said.filter(~corrected, recorded_at__lte=known_at)
