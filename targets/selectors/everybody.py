"""What all members owe: the list that staff and auditors read, the first to fall due first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Q, QuerySet

from accounts.models import User
from members.models import Member, Span
from rulebooks import selectors as rulebooks
from rulebooks.rules.timeline.changes import Kind
from targets.selectors.duties import Duty, duty_of
from targets.selectors.paging import SIZE
from targets.selectors.things import PRESSING

NO_DAY = "none"


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation of one member, as it stands."""

    member: Member
    duty: Duty


@dataclass(frozen=True, slots=True)
class DueSlice:
    """Some rows of a long list by due day; ``next`` says after which row the rest begins."""

    rows: list[Span]
    next: str
    begun: bool


def owed_by_all(user: User | AnonymousUser, *, on: date) -> QuerySet[Span]:
    """Return where each obligation stands on a day, of the members that ``user`` may read."""
    spans = Span.objects.visible_to(user).in_force(on).of(Kind.OBLIGATION)
    return spans.select_related("member__organisation")


def pressing_counts(rows: QuerySet[Span]) -> dict[str, int]:
    """Return how many of these obligations are to be done, by state; in one query."""
    counted = rows.filter(state__in=PRESSING).order_by("state").values_list("state")
    return dict(counted.annotate(Count("pk")))


def by_due_day(rows: QuerySet[Span], *, after: str = "", size: int = SIZE) -> DueSlice:
    """Return the next rows by due day, those without one last.

    ``after`` is what an earlier slice gave as ``next``; anything else begins at the first row.
    """
    begun = _after(after)
    if begun is not None:
        rows = rows.filter(begun)
    found = list(rows.order_by(F("due_on").asc(nulls_last=True), "pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    token = f"{last.due_on or NO_DAY}.{last.pk}" if last else ""
    return DueSlice(found[:size], token, begun=begun is not None)


def _after(token: str) -> Q | None:
    day, _, pk = token.partition(".")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    if day == NO_DAY:
        return Q(due_on=None, pk__gt=int(pk))
    try:
        due = date.fromisoformat(day)
    except ValueError:
        return None
    return Q(due_on__gt=due) | Q(due_on=due, pk__gt=int(pk)) | Q(due_on=None)


def as_owed(rows: Iterable[Span], *, on: date) -> list[Owed]:
    """Return each of these rows with its duty; in two queries, whatever their number."""
    wanted = list(rows)
    of = {(row.member_id, row.key): row for row in wanted}
    spans = Span.objects.of(Kind.OBLIGATION).filter(
        member__in={row.member_id for row in wanted}, key__in={row.key for row in wanted}
    )
    editions = {edition.code: edition for edition in rulebooks.adopted_documents()}
    courses = {
        place: list(course)
        for place, course in groupby(
            spans.order_by("member", "key", "from_on"), key=lambda s: (s.member_id, s.key)
        )
        if place in of
    }
    return [
        Owed(row.member, duty_of(courses[row.member_id, row.key], editions, on=on))
        for row in wanted
    ]
