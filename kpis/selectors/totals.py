"""What the published numbers of many members come to, and whether that gives a member away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DecimalField,
    F,
    Func,
    JSONField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Abs, Cast, Coalesce
from django.db.models.lookups import Exact

from kpis.models import Scorecard
from members.models import GroupMembership, Member
from rulebooks import selectors as rulebooks
from rulebooks.rules.continuity import Place, continuity
from rulebooks.rules.disclosure import Rule
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.scales.numbers import RatioScale
from rulebooks.rules.schema import EVERYONE
from rulebooks.rules.sums_told import withheld_share, withheld_total
from rulebooks.rules.targets import Aggregate, Mean, OfParts, ShareReaching, Target, Totals
from rulebooks.rules.timeline.changes import Kind
from targets.models import Period

CHUNK = 5_000
IN_TOTALS = frozenset({"public", "aggregate"})
EXACT = DecimalField(max_digits=1000, decimal_places=12)  # as wide as a total
ONE = Value(1, output_field=EXACT)
LINES, PUBLISHED = "2", "3"  # where they stand in a compact card
ALONE = "each member reaches it by itself"


@dataclass(frozen=True, slots=True)
class Found:
    """Totals, the corporate groups behind them, and what the largest of these adds."""

    totals: Totals
    groups: int
    reaching: int
    short: int
    largest: tuple[tuple[Fraction, Fraction], ...]
    most: tuple[tuple[int, int], ...]  # members who reached it, and who missed it: all, of a group

    def withheld(self, aggregate: Aggregate, rule: Rule) -> str:
        """Return why the total gives a member away, empty where it does not."""
        if isinstance(aggregate, ShareReaching):
            return withheld_share(self.reaching, self.short, largest=self.most, rule=rule)
        return withheld_total(self.groups, self.largest, rule=rule)


@dataclass(frozen=True, slots=True)
class Source:
    """The published numbers that a target is measured by in a period."""

    edition: Edition
    kpis: tuple[Kpi, ...]
    node: str | None
    aggregate: Aggregate
    cards: QuerySet[Scorecard]
    higher: bool
    on: date  # the last day that the period is about: groups are as they were then

    @property
    def question(self) -> str:
        """Return whose numbers it takes together: a node, or a KPI."""
        return f"node {self.node}" if self.node else self.kpis[0].code

    def closed(self, *, sees_all: bool) -> str:
        """Return why nobody like this reader is told a total, empty where they may be."""
        classes = {kpi.confidentiality for kpi in self.kpis}
        if self.node and self.edition.publicity.scorecard == "public":
            return ""
        may = "counsel" not in classes if sees_all else classes <= IN_TOTALS
        return "" if may else "its answers are not published, nor totals"

    def totals(self) -> Found:
        """Return what the numbers come to, in one query, by corporate group.

        Exact, but for a mean of ratios, of which each is taken with twelve decimals.
        """
        rows, times = self._rows()
        reaches = self._reaches()
        grouped = rows.values("group")
        grouped = grouped.annotate(
            members=Count("pk"),
            total=Sum("value"),
            size=Sum(Abs("value")),
            numerator=Sum("above"),
            denominator=Sum("below"),
            reaching=Count("pk", filter=reaches),
            short=Count("pk", filter=~reaches),
        )
        added = ("members", "total", "size", "numerator", "denominator", "reaching", "short")
        largest = ("size", "numerator", "denominator", "reaching", "short")
        found = grouped.aggregate(
            **{f"all_{name}": Sum(name) for name in added},
            **{f"top_{name}": Max(name) for name in largest},
            groups=Count("group"),
            reached=Count("group", filter=Q(reaching__gt=0)),
            missed=Count("group", filter=Q(short__gt=0)),
        )
        return self._read(found, Fraction(times.value))

    def of_each(self) -> Iterator[tuple[int, tuple[Fraction, ...]]]:
        """Yield what each member with a number adds to the sums that are told.

        To a share of members it adds itself: its number alone is given.
        """
        rows, times = self._rows()
        found = rows.order_by("member").values_list("member", "above", "below")
        for member, above, below in found.iterator(CHUNK):
            value = Fraction(above) * Fraction(times.value) / Fraction(below)
            match self.aggregate:
                case ShareReaching():
                    yield member, (value,)
                case OfParts():
                    yield member, (Fraction(above), Fraction(below))
                case _:
                    yield member, (value, Fraction(1))

    def _rows(self) -> tuple[QuerySet[Scorecard], Value]:
        """Return the cards with a number, its parts and its group, and what it is times."""
        above, below, times = self._parts()
        bar = getattr(self.aggregate, "reach", 0)
        rows = self.cards.annotate(above=above, below=below).filter(
            above__isnull=False, below__gt=0
        )
        rows = rows.annotate(
            value=Cast(F("above") * times / F("below"), EXACT),
            over=F("above") * times - Value(bar, output_field=EXACT) * F("below"),
            group=_group(self.on),
        )
        return rows.order_by(), times

    def _reaches(self) -> Q:
        return Q(over__gte=0) if self.higher else Q(over__lte=0)

    def _parts(self) -> tuple[Combinable, Combinable, Value]:
        """Return numerator and denominator of each card's number, and what it is times."""
        if self.node is not None:
            return self._of_node(self.node), ONE, ONE
        kpi = self.kpis[0]
        answer = _at(Cast("inputs", JSONField()), "answers", kpi.code, text=False)
        if not isinstance(kpi.scale, RatioScale):
            return _number(answer), ONE, ONE
        parts = (_part(answer, n, place) for place, n in enumerate(("numerator", "denominator")))
        return (*parts, Value(kpi.scale.times, output_field=EXACT))

    def _of_node(self, node: str) -> Combinable:
        """Return the published number of a node: of compact cards, and of those with names."""
        if node == self.edition.scoring.total:
            return F("total")
        place = str([one.code for one in self.edition.scoring.nodes].index(node))
        card = Cast("card", JSONField())
        said = (_at(card, LINES, place, PUBLISHED), _at(card, "lines", place, "published"))
        return Cast(Coalesce(*said), EXACT)

    def _read(self, found: dict, times: Fraction) -> Found:
        def exact(name: str) -> Fraction:
            return Fraction(found[name] or 0)

        of = ("numerator", "denominator") if isinstance(self.aggregate, OfParts) else ("size",)
        return Found(
            totals=Totals(
                members=found["all_members"] or 0,
                total=exact("all_total"),
                numerator=exact("all_numerator"),
                denominator=exact("all_denominator"),
                times=times,
                reaching=found["all_reaching"] or 0,
            ),
            groups=found["groups"],
            reaching=found["reached"],
            short=found["missed"],
            largest=tuple((exact(f"all_{name}"), exact(f"top_{name}")) for name in of),
            most=tuple(
                (found[f"all_{name}"] or 0, found[f"top_{name}"] or 0)
                for name in ("reaching", "short")
            ),
        )


def _group(on: date) -> Combinable:
    """Return the number of a member's corporate group, else that of its organisation, below 0."""
    rows = GroupMembership.objects.in_force(on)
    own = rows.filter(organisation=OuterRef("member__organisation")).order_by("pk")
    number = BigIntegerField()
    group = Subquery(own.values("group")[:1], output_field=number)
    return Coalesce(group, Cast("member__organisation", number) * Value(-1), output_field=number)


def _at(of: Combinable, *path: str, text: bool = True) -> Func:
    """Return what stands at a place of JSON."""
    name = "jsonb_extract_path_text" if text else "jsonb_extract_path"
    kind = TextField() if text else JSONField()
    return Func(of, *map(Value, path), function=name, output_field=kind)


def _number(answer: Combinable) -> Combinable:
    """Return the number of an answer, which stands for itself or has a name."""
    named = When(_is(answer, "object"), then=Cast(_at(answer, "number"), EXACT))
    alone = When(_is(answer, "number"), then=Cast(Cast(answer, TextField()), EXACT))
    return Case(named, alone)


def _part(answer: Combinable, name: str, place: int) -> Combinable:
    """Return one of the two numbers of an answer, which stand in a list or have names."""
    return Cast(Coalesce(_at(answer, name), _at(answer, str(place))), EXACT)


def _is(answer: Combinable, kind: str) -> Exact:
    """Return whether a place of JSON holds this kind of value."""
    return Exact(Func(answer, function="jsonb_typeof", output_field=TextField()), Value(kind))


def source_of(
    edition: Edition, target: Target, period: Period, *, until: int | None = None
) -> Source | str:
    """Return what measures a target in a period, or why nothing does.

    With ``until``, the number of a run: by the scores that stood once it was published.
    """
    if target.reached_by == "each_member":
        return ALONE
    then = period.edition.document
    if target.kpi is None and target.node is None:
        return "no KPI measures it"
    if target.node is not None:
        if then.code != edition.code:
            return "it was computed by another edition then"
        kpis = tuple(edition.kpi(code) for code in edition.tree.kpis_under(target.node))
        of_node = (target.node, target.aggregate or MEAN)
        cards = _cards(target, period, until)
        return Source(then, kpis, *of_node, cards, target.rises, period.about_until)
    code = _called(edition, then, target.kpi)
    if code is None:
        return "it was another KPI then"
    kpi = then.kpi(code)
    aggregate = target.aggregate or (PARTS if isinstance(kpi.scale, RatioScale) else MEAN)
    cards = _cards(target, period, until)
    better = target.rises if target.aggregate is None else kpi.direction == "higher"
    read = (kpi, edition.kpi(target.kpi))  # closed then or now, it stays closed
    return Source(then, read, None, aggregate, cards, better, period.about_until)


MEAN, PARTS = Mean(kind="mean"), OfParts(kind="of_parts")


def _called(edition: Edition, then: Edition, kpi: str) -> str | None:
    """Return what a KPI was called in an edition, None where it was not the same thing."""
    if then.code == edition.code:
        return kpi
    followed = continuity(rulebooks.adopted_documents())
    return followed.code_in(then.code, Place(edition.code, "kpi", kpi))


def _cards(target: Target, period: Period, until: int | None) -> QuerySet[Scorecard]:
    """Return the standing cards of the members that a target applies to.

    It applies by class and chamber on the last day that the period is about.
    """
    cards = Scorecard.objects.standing(until=until).filter(period=period)
    for kind, codes in ((Kind.CLASS, target.applies_to), (Kind.CHAMBER, target.chambers)):
        if codes != EVERYONE:
            placed = Member.objects.placed(kind, codes, on=period.about_until)
            cards = cards.filter(member__in=placed)
    return cards
