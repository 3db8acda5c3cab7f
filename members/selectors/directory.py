"""Members as they stand: the list, how it is searched and sorted, the counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce
from operator import and_

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from accounts.models import User
from members.models import UNSETTLED, EarlierName, Member, Span, SpanQuerySet
from members.models.search import Folded
from members.rules import Due, words_sought
from rulebooks.rules.timeline.changes import Kind

SOON_DAYS = 30
OPEN = ("open", "extended", "incomplete")
LATE = ("overdue", "missed")
GRAVEST_FIRST = ["suspended", "excluded", "warned", "probation", "good", "left"]
GRAVITY = Coalesce(
    Func(
        Value(GRAVEST_FIRST, ArrayField(models.TextField())),
        Cast("standing", models.TextField()),
        function="array_position",
        output_field=models.IntegerField(),
    ),
    len(GRAVEST_FIRST) + 1,
)
# By what the list is sorted; the name and the row number settle what is equal.
SORTS = {
    "name": (),
    "standing": ("gravity",),
    "since": ("admitted_on",),
}


def next_code(offset: int = 1) -> str:
    """Return the next free member code, ``offset`` places on: M0001, M0002, …"""
    last = Member.objects.filter(code__regex=r"^M[0-9]{4,}$").order_by("-pk").first()
    return f"M{(int(last.code[1:]) if last else 0) + offset:04d}"


def directory(user: User | AnonymousUser, *, on: date, sort: str = "name") -> QuerySet[Member]:
    """Return the members that ``user`` may read with their standing on a day, in order."""
    members = Member.objects.visible_to(user).with_standing(on).select_related("organisation")
    members = members.defer("organisation__sought")
    if sort == "standing":
        members = members.annotate(gravity=GRAVITY)
    return members.order_by(*_keys(sort))


def _keys(sort: str) -> tuple[str, ...]:
    return (*SORTS[sort], "organisation__name", "pk")


def following(members: QuerySet[Member], after: QuerySet[Member], *, sort: str) -> QuerySet[Member]:
    """Return what comes after one member in the order of the list: all, where there is none."""
    keys = _keys(sort)
    place = after.values_list(*keys).first()
    if place is None:
        return members
    ahead = Q()
    for count, key in enumerate(keys):
        same = dict(zip(keys[:count], place, strict=False))
        ahead |= Q(**same, **{f"{key}__gt": place[count]})
    return members.filter(ahead)


def called(text: str) -> Q:
    """Return what holds of members in whose name, number and country each word stands."""
    words = [_holds(word) for word in words_sought(text)]
    return reduce(and_, words, Q()) if words else Q(pk=None)


def _holds(word: str) -> Q:
    """Return that a word stands in what an organisation is called, or was called before."""
    sought = Folded(Value(word))
    names = EarlierName.objects.annotate(folded=Folded("name")).filter(folded__contains=sought)
    return Q(organisation__sought__contains=sought) | Q(
        organisation__in=names.values("organisation")
    )


def earlier_names(members: Iterable[Member]) -> dict[int, list[EarlierName]]:
    """Return what organisations were called before, by their number, the latest name first."""
    rows = EarlierName.objects.filter(organisation__in=[one.organisation_id for one in members])
    found: dict[int, list[EarlierName]] = defaultdict(list)
    for row in rows.order_by("-until_on", "pk"):
        found[row.organisation_id].append(row)
    return found


def that_owe(members: QuerySet[Member], due: str, *, on: date) -> QuerySet[Member]:
    """Return the members of whom something is overdue on a day, due soon, or nothing open."""
    duties = Span.objects.in_force(on).of(Kind.OBLIGATION)
    if due == Due.NOTHING:
        undone = duties.filter(member=OuterRef("pk"), state__in=UNSETTLED)
        return members.filter(~Exists(undone))
    return members.filter(pk__in=_owing(_owed(duties, due, on=on), on=on))


def _owing(duties: SpanQuerySet, *, on: date) -> QuerySet:
    """Return the members of whom these duties of a day are owed, each once."""
    endless, ending = (half.order_by().values("member") for half in duties.in_halves(on))
    return endless.union(ending)


def _owed(duties: SpanQuerySet, due: str, *, on: date) -> SpanQuerySet:
    if due == Due.OVERDUE:
        return duties.filter(state__in=LATE)
    until = on + timedelta(days=SOON_DAYS)
    return duties.filter(state__in=OPEN, due_on__gte=on, due_on__lte=until)


def counts_by_standing(user: User | AnonymousUser, *, on: date) -> dict[str, int]:
    """Return how many members that ``user`` may read stand how, on a day."""
    spans = Span.objects.visible_to(user).in_force(on).of(Kind.STANDING)
    return dict(spans.order_by("state").values_list("state").annotate(models.Count("pk")))


def counts_by_due(user: User | AnonymousUser, *, on: date) -> dict[Due, int]:
    """Return of how many members that ``user`` may read something is overdue, or due soon."""
    duties = Span.objects.visible_to(user).in_force(on).of(Kind.OBLIGATION)
    return {
        due: _owing(_owed(duties, due, on=on), on=on).count() for due in (Due.OVERDUE, Due.SOON)
    }


def counts_by_place(user: User | AnonymousUser) -> tuple[Counter[str], Counter[str]]:
    """Return how many members that ``user`` may read are in each class, and in each chamber."""
    members = Member.objects.visible_to(user).order_by()
    classes, chambers = Counter[str](), Counter[str]()
    pairs = members.values_list("member_class", "chamber").annotate(models.Count("pk"))
    for member_class, chamber, count in pairs:
        classes[member_class] += count
        chambers[chamber] += count
    return classes, chambers


def counts_by_country(user: User | AnonymousUser) -> dict[str, int]:
    """Return how many members that ``user`` may read are of each country, in order."""
    members = Member.objects.visible_to(user).exclude(organisation__country="")
    found = members.order_by("organisation__country").values_list("organisation__country")
    return dict(found.annotate(models.Count("pk")))
