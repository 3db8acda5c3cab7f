"""How far the initiative's targets are: from published answers only, giving no member away."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, DecimalField, JSONField, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from kpis.models import Scorecard, ScoreRun
from kpis.rules.stored import read
from members.models import Member
from rulebooks.rules.answers import MISSING, Answer, State
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.scales.numbers import NumberScale, RatioScale
from rulebooks.rules.targets import Target
from targets.models import Period
from targets.rules import Progress, progress

FEWEST = 5  # members behind a total that others see: of fewer, one could be told from the rest
IN_TOTALS = frozenset({"public", "aggregate"})


@dataclass(frozen=True, slots=True)
class Aim:
    """A target, where its line stands in a period, and how far the members are together.

    ``withheld`` says why no total is shown.
    """

    target: Target
    kpi: Kpi
    year: int
    due: Fraction
    reached: Progress | None
    members: int
    withheld: str = ""


def last_published_period() -> Period | None:
    """Return the latest period with a published run, None before the first."""
    runs = ScoreRun.objects.filter(status=ScoreRun.Status.PUBLISHED)
    rows = Period.objects.filter(pk__in=runs.values("period")).select_related("edition")
    return rows.order_by("-about_from").first()


def aims(edition: Edition, period: Period, *, sees_all: bool) -> list[Aim]:
    """Return the targets of an edition with what was published for ``period``, a query each.

    A total is of all members with a published card: part over whole for a ratio, else the mean.
    Who may not read single answers (``sees_all``) gets a total only where the KPI's class allows
    totals and at least ``FEWEST`` members stand behind it.
    """
    cards = Scorecard.objects.standing().filter(period=period)
    return [_aim(edition, target, period, cards, sees_all) for target in edition.targets]


def _aim(
    edition: Edition, target: Target, period: Period, cards: QuerySet[Scorecard], sees_all: bool
) -> Aim:
    kpi, year = edition.kpi(target.kpi), period.about_until.year
    due = target.due_by(year)
    may = (sees_all and kpi.confidentiality != "counsel") or kpi.confidentiality in IN_TOTALS
    if not may:
        return Aim(target, kpi, year, due, None, 0, "its answers are not published, nor totals")
    total, members = _total(kpi, cards)
    if total is None:
        return Aim(target, kpi, year, due, None, members, "no answer has been published")
    if members < FEWEST and not sees_all:
        return Aim(target, kpi, year, due, None, 0, f"fewer than {FEWEST} members answered")
    return Aim(target, kpi, year, due, progress(target, year=year, measured=total), members)


def _total(kpi: Kpi, cards: QuerySet[Scorecard]) -> tuple[Fraction | None, int]:
    """Return the members' answers taken together, exact, and how many there are."""
    names = ("numerator", "denominator") if isinstance(kpi.scale, RatioScale) else ("number",)
    answer = KeyTransform(kpi.code, KeyTransform("answers", Cast("inputs", JSONField())))
    sums = {name: Sum(Cast(KeyTextTransform(name, answer), EXACT)) for name in names}
    found = cards.aggregate(members=Count(KeyTextTransform(names[0], answer)), **sums)
    members = found["members"]
    if not members:
        return None, 0
    if isinstance(kpi.scale, RatioScale):
        share = Fraction(found["numerator"]) / Fraction(found["denominator"])
        return share * Fraction(kpi.scale.times), members
    return Fraction(found["number"]) / members, members


EXACT = DecimalField(max_digits=60, decimal_places=12)


def own_progress(member: Member, aim: Aim, period: Period) -> Progress | None:
    """Return where one member stands on the line, from its own published card."""
    card = Scorecard.objects.standing().filter(member=member, period=period).first()
    answer = read(card.inputs).answers.get(aim.kpi.code, MISSING) if card else MISSING
    measured = _measured(aim.kpi, answer)
    return None if measured is None else progress(aim.target, year=aim.year, measured=measured)


def _measured(kpi: Kpi, answer: Answer) -> Fraction | None:
    if answer.state is not State.ANSWERED:
        return None
    if isinstance(kpi.scale, NumberScale | RatioScale):
        return kpi.scale.value(answer)
    return None if answer.number is None else Fraction(answer.number)
