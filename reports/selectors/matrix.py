"""What stands in the compliance matrix, in as many queries for all members as for one.

Each sort of knowledge is one query: its rows for the members of a page. ``totals`` counts them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Func,
    OuterRef,
    QuerySet,
    Value,
    When,
)

from accounts.models import User
from kpis.models import Evidence, Return, Verification
from members import selectors as members
from members.models import Member, Span
from reports.rules.matrix import Column, Held, columns, is_asked
from rulebooks.rules.timeline.changes import Kind
from suspensions.models import Breach
from targets.models import Period

GOOD = (
    Verification.Outcome.VERIFIED,
    Verification.Outcome.ADJUSTED,
    Verification.Outcome.APPROVED,
    Verification.Outcome.JUDGED,
)
MET = ("met", "met_late")
SPOILING = frozenset((Held.BREACHED, Held.EXEMPT))
NOTHING: frozenset[Held] = frozenset()
Pairs = set[tuple[int, str]]


@dataclass(frozen=True)
class Matrix:
    """A period, its requirements as columns, and who reads: what they may not see is not in it."""

    period: Period
    columns: tuple[Column, ...]
    reader: User | AnonymousUser
    on: date

    @property
    def placed_on(self) -> date:
        """The day whose class says what is asked: the period's last, or this one until then."""
        return min(self.on, self.period.about_until)

    def asked_of(self, of: Sequence[Member]) -> dict[int, list[Column]]:
        """Return the columns that are asked of each of these members, by its class of the period.

        In one query for any number of members.
        """
        places = members.places_on([member.pk for member in of], on=self.placed_on)
        classes = {place.member_class for place in places.values()}
        asked = {code: [c for c in self.columns if is_asked(c, code)] for code in classes}
        return {pk: asked[place.member_class] for pk, place in places.items()}


def matrix(
    period: Period, *, reader: User | AnonymousUser, on: date, requirement: str = ""
) -> Matrix:
    """Return the matrix of a period as it stands on a day, of one requirement if named.

    Its cells are read apart.
    """
    found = columns(period.edition.document, period.code)
    wanted = tuple(column for column in found if requirement in ("", column.code))
    return Matrix(period, wanted, reader, on)


def cells(found: Matrix, of: Sequence[Member]) -> dict[tuple[int, str], frozenset[Held]]:
    """Return what holds of each of these members and each requirement asked of it."""
    ids = [member.pk for member in of]
    known: dict[tuple[int, str], frozenset[Held]] = defaultdict(frozenset)
    for state in Held:
        if state is not Held.MET:
            for place in pairs(found, state, ids):
                known[place] = _with(known[place], state)
    filed = set(filed_in(found).filter(member__in=ids).values_list("member", flat=True))
    owing = set(owing_in(found).filter(member__in=ids).values_list("member", flat=True))
    asks = {column.code: _Asks.of(column) for column in found.columns}
    result = {}
    for member, asked in found.asked_of(of).items():
        is_filed, owes = member in filed, member in owing
        for column in asked:
            place = (member, column.code)
            held = known.get(place, NOTHING)
            met = asks[column.code].met(held, is_filed=is_filed, owes=owes)
            result[place] = _with(held, Held.MET) if met else held
    return result


@cache
def _with(held: frozenset[Held], state: Held) -> frozenset[Held]:
    """Return what holds when one thing more does: a few sets, shared by millions of cells."""
    return held | {state}


@dataclass(frozen=True, slots=True)
class _Asks:
    """What has to hold of a cell of a column before it is met."""

    signature: bool
    a_return: bool

    @classmethod
    def of(cls, column: Column) -> _Asks:
        return cls(bool(column.sign_keys), bool(column.return_keys))

    def met(self, held: frozenset[Held], *, is_filed: bool, owes: bool) -> bool:
        """Whether it is met by a member that filed the period's return, or ``owes`` none."""
        a_return = self.a_return and owes
        return (
            (self.signature or a_return)
            and (Held.SIGNED in held or not self.signature)
            and (is_filed or not a_return)
            and held.isdisjoint(SPOILING)
        )


def pairs(found: Matrix, state: Held, ids: QuerySet | Sequence[int]) -> Pairs:
    """Return the cells of which one sort of knowledge holds, as pairs of member and requirement."""
    if state in (Held.EVIDENCED, Held.VERIFIED):
        return set(rows_that_tell(found, state, ids).values_list("member", "code").distinct())
    of_key: dict[str, list[str]] = defaultdict(list)
    for column in found.columns:
        for key in _keys(column, state):
            of_key[key].append(column.code)
    rows = _signed(found) if state is Held.SIGNED else _keyed(found, state, of_key)
    rows = rows.filter(member__in=ids)
    if isinstance(ids, Sequence) and ids:  # a stretch of an index, where they follow one another
        rows = rows.filter(member__gte=min(ids), member__lte=max(ids))
    return {(pk, code) for pk, key in rows.values_list("member", "key") for code in of_key[key]}


def _keys(column: Column, state: Held) -> frozenset[str]:
    if state is Held.SIGNED:
        return column.sign_keys
    return column.breach_keys if state is Held.BREACHED else column.owed_keys


def _keyed(found: Matrix, state: Held, keys: Iterable[str]) -> QuerySet:
    if state is Held.BREACHED:
        visible = Breach.objects.visible_to(found.reader)
        return visible.filter(status=Breach.Status.CONFIRMED, key__in=keys)
    return Span.objects.of(Kind.OBLIGATION).filter(state="exempt", key__in=keys)


def rows_that_tell(found: Matrix, state: Held, ids: QuerySet | Sequence[int]) -> QuerySet:
    """Return the rows that tell one sort of knowledge, each with ``member`` and ``code``."""
    if state is Held.SIGNED:
        return _signed(found).filter(member__in=ids)
    if state is Held.EVIDENCED:
        rows, kpi = Evidence.objects.filter(of_return__in=_counting(found)), "kpi"
    else:
        rows, kpi = _good_words(found), "value__kpi"
    of_kpi = {code: column.code for column in found.columns for code in column.kpis}
    whens = [When(**{kpi: code}, then=Value(of)) for code, of in sorted(of_kpi.items())]
    code = Case(*whens, default=Value(""), output_field=CharField())
    return rows.filter(**{f"{kpi}__in": list(of_kpi), "member__in": ids}).annotate(code=code)


def _signed(found: Matrix) -> QuerySet[Span]:
    """Return the spans that say that a text is signed: what counts for it, the timeline says."""
    keys = {key for column in found.columns for key in column.sign_keys}
    about = Func(F("key"), Value(":"), Value(2), function="split_part", output_field=CharField())
    spans = Span.objects.of(Kind.OBLIGATION).in_force(found.on)
    return spans.filter(state__in=MET, key__in=keys).annotate(code=about)


def _counting(found: Matrix) -> QuerySet:
    return Return.objects.counting().filter(period=found.period).values("pk")


def _good_words(found: Matrix) -> QuerySet[Verification]:
    later = Verification.objects.filter(value=OuterRef("value"), pk__gt=OuterRef("pk"))
    words = Verification.objects.filter(outcome__in=GOOD, value__of_return__in=_counting(found))
    return words.filter(~Exists(later))


def filed_in(found: Matrix) -> QuerySet[Span]:
    """Return the spans that say that a return for the period was filed."""
    keys = {key for column in found.columns for key in column.return_keys}
    return Span.objects.of(Kind.OBLIGATION).filter(state__in=MET, key__in=keys)


def owing_in(found: Matrix) -> QuerySet[Span]:
    """Return the spans that say that a return for the period is owed, or was."""
    keys = {key for column in found.columns for key in column.return_keys}
    return Span.objects.of(Kind.OBLIGATION).filter(key__in=keys)


def those_asked_for(
    found: Matrix, of: QuerySet[Member], asked: Mapping[str, str]
) -> QuerySet[Member]:
    """Return those of these members that were of a class and chamber, and of whom a state holds.

    Class and chamber are those by which it is asked what the matrix asks.

    :raises NeedsRequirement: it is ``met``, and the matrix has several requirements.
    """
    for name, kind in (("member_class", Kind.CLASS), ("chamber", Kind.CHAMBER)):
        if asked.get(name):
            of = of.placed(kind, [asked[name]], on=found.placed_on)
    return holding(found, of, Held(asked["state"])) if asked.get("state") else of


class NeedsRequirement(ValueError):
    """Who met something is asked of one requirement at a time."""


def holding(found: Matrix, of: QuerySet[Member], state: Held) -> QuerySet[Member]:
    """Return the members of whom one sort of knowledge holds, of any requirement of the matrix.

    :raises NeedsRequirement: it is ``met``, and the matrix has several requirements.
    """
    if state in SPOILING:
        keys = {key for column in found.columns for key in _keys(column, state)}
        return of.filter(Exists(_keyed(found, state, keys).filter(member=OuterRef("pk"))))
    if state is not Held.MET:
        return of.filter(
            pk__in=rows_that_tell(found, state, of.order_by().values("pk")).values("member")
        )
    if len(found.columns) != 1:
        raise NeedsRequirement("choose one requirement to see who met it")
    column = found.columns[0]
    met = holding(found, of, Held.SIGNED) if column.sign_keys else of
    for spoilt in SPOILING:
        met = met.exclude(pk__in=holding(found, of, spoilt).order_by().values("pk"))
    if not column.return_keys:
        return met
    filed = Exists(filed_in(found).filter(member=OuterRef("pk")))
    if not column.sign_keys:
        return met.filter(filed)
    return met.filter(filed | ~Exists(owing_in(found).filter(member=OuterRef("pk"))))
