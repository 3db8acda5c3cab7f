"""What all members owe: the list that staff and auditors read, the first to fall due first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import groupby, islice

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.rules.addressing import row_number
from members.models import Member, Span, SpanQuerySet
from members.selectors import condition_texts
from rulebooks import selectors as rulebooks
from rulebooks.rules.timeline.changes import Kind
from targets.selectors.duties import Duty, duty_of
from targets.selectors.paging import SIZE

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


def owed_by_all(user: User | AnonymousUser, *, on: date) -> SpanQuerySet:
    """Return where each obligation stands on a day, of the members that ``user`` may read."""
    spans = Span.objects.visible_to(user).in_force(on).of(Kind.OBLIGATION)
    return spans.select_related("member__organisation")


def counts_by_state(rows: SpanQuerySet, *, on: date) -> dict[str, int]:
    """Return how many of these obligations of a day are in each state; in two queries."""
    found: Counter[str] = Counter()
    for half in rows.in_halves(on):
        found.update(dict(half.order_by().values_list("state").annotate(Count("pk"))))
    return dict(sorted(found.items()))


def by_due_day(rows: SpanQuerySet, *, on: date, after: str = "", size: int = SIZE) -> DueSlice:
    """Return the next of these rows of a day by due day, those without one last; in two queries.

    ``after`` is what an earlier slice gave as ``next``; anything else begins at the first row.
    """
    begun = _after(after)
    if begun is not None:
        rows = rows.filter(begun)
    endless, ending = rows.in_halves(on)
    # Few end after a day: they are found by that and sorted, not looked for day by day.
    halves = (
        endless.order_by(F("due_on").asc(nulls_last=True), "pk")[: size + 1],
        ending.order_by(Coalesce("due_on", Value(date.max)), "pk")[: size + 1],
    )
    found = list(islice(merge(*halves, key=_place), size + 1))
    last = found[size - 1] if len(found) > size else None
    token = f"{last.due_on or NO_DAY}.{last.pk}" if last else ""
    return DueSlice(found[:size], token, begun=begun is not None)


def _place(row: Span) -> tuple[date, int]:
    return row.due_on or date.max, row.pk


def _after(token: str) -> Q | None:
    day, _, place = token.partition(".")
    pk = row_number(place)
    if pk is None:
        return None
    if day == NO_DAY:
        return Q(due_on=None, pk__gt=pk)
    try:
        due = date.fromisoformat(day)
    except ValueError:
        return None
    return Q(due_on__gt=due) | Q(due_on=due, pk__gt=pk) | Q(due_on=None)


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
    texts = condition_texts(row.key for row in wanted)
    return [
        Owed(row.member, duty_of(courses[row.member_id, row.key], editions, texts, on=on))
        for row in wanted
    ]
