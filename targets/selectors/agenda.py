"""What falls due on which day, for the calendar: counted by day, obligation and state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import TruncMonth

from accounts.models import User
from members.models import Member, Span
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading import ONCE, about_words
from rulebooks.rules.timeline.changes import Kind
from targets.selectors.duties import untitled

AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Due:
    """What falls due on one day under one obligation, in one state: how many, of how many members.

    ``about`` says what a single one is about; ``member`` is set where it is one member's.
    """

    on: date
    obligation: str
    title: str
    about: str
    state: str
    count: int
    members: int
    member: str


def agenda(
    user: User | AnonymousUser, *, first: date, last: date, on: date, member: Member | None = None
) -> list[Due]:
    """Return what falls due from one day to another, both included, by day; in one query more.

    What has not begun on ``on`` stands as ahead.
    """
    counted = _rows(user, member, on=on).filter(due_on__range=(first, last))
    code = Func(F("key"), Value(":"), Value(1), function="split_part", output_field=CharField())
    groups = counted.annotate(obligation=code).values("due_on", "obligation", "state", "ahead")
    found = groups.annotate(
        count=Count("pk"),
        of_members=Count("member", distinct=True),
        key=Min("key"),
        edition=Min("edition"),
        code=Min("member__code"),
    )
    editions = {edition.code: edition for edition in rulebooks.adopted_documents()}
    return list(_due(found.order_by("due_on", "obligation", "ahead", "state"), editions))


def by_month(
    user: User | AnonymousUser, *, year: int, on: date, member: Member | None = None
) -> dict[int, dict[str, int]]:
    """Return how many things fall due in each month of a year, by state; in one query."""
    rows = _rows(user, member, on=on).filter(due_on__year=year)
    groups = rows.annotate(month=TruncMonth("due_on")).values("month", "state", "ahead")
    found: dict[int, dict[str, int]] = {month: {} for month in range(1, 13)}
    for row in groups.annotate(count=Count("pk")).order_by("month", "ahead", "state"):
        states = found[row["month"].month]
        state = AHEAD if row["ahead"] else row["state"]
        states[state] = states.get(state, 0) + row["count"]
    return found


def _rows(user: User | AnonymousUser, member: Member | None, *, on: date) -> QuerySet[Span]:
    """Return one row for each obligation that has a due day: as it stands, or still ahead."""
    spans = Span.objects.visible_to(user).of(Kind.OBLIGATION).filter(due_on__isnull=False)
    if member is not None:
        spans = spans.filter(member=member)
    begun = Span.objects.filter(
        member=OuterRef("member"), kind=Kind.OBLIGATION, key=OuterRef("key"), from_on__lte=on
    )
    standing = Q(from_on__lte=on) & (Q(until_on=None) | Q(until_on__gt=on))
    to_come = Q(from_on__gt=on, state="open") & ~Exists(begun)
    return spans.filter(standing | to_come).annotate(ahead=Q(from_on__gt=on))


def _due(rows: QuerySet, editions: dict[str, Edition]) -> Iterator[Due]:
    for row in rows:
        edition = editions.get(row["edition"])
        owed = edition.obligations if edition else ()
        title = next((o.title for o in owed if o.code == row["obligation"]), None)
        title = title or untitled(row["obligation"])
        about = row["key"].partition(":")[2]
        one = row["count"] == 1 and about != ONCE and edition is not None
        yield Due(
            on=row["due_on"],
            obligation=row["obligation"],
            title=title,
            about=about_words(about, edition) if one else "",
            state=AHEAD if row["ahead"] else row["state"],
            count=row["count"],
            members=row["of_members"],
            member=row["code"] if row["of_members"] == 1 else "",
        )
