"""How far the initiative's targets are: from published answers only, giving no member away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Min

from accounts.models import User
from kpis.models import Scorecard, ScoreRun
from kpis.rules.stored import read
from kpis.selectors.totals import source_of
from members.models import Member
from rulebooks.rules.answers import MISSING, Answer, State
from rulebooks.rules.disclosure import USUAL, Rule
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.reading import targets as words
from rulebooks.rules.scales.numbers import NumberScale, RatioScale
from rulebooks.rules.targets import Target
from targets import selectors as targets
from targets.models import Period
from targets.rules import Progress, progress
from targets.selectors import Lines

MOST_PERIODS = 12


@dataclass(frozen=True, slots=True)
class Aim:
    """A target, where its line stands in a period, and how far the members are together.

    ``target`` is as it stood when the period was published; where its baseline was worked out anew
    since, ``due_anew`` is what is due by that. ``withheld`` says why no total is shown.
    """

    target: Target
    measured_by: str
    unit: str
    year: int
    due: Fraction
    reached: Progress | None
    members: int
    withheld: str = ""
    due_anew: Fraction | None = None


def last_published_period() -> Period | None:
    """Return the latest period with a published run, None before the first."""
    return next(iter(published_periods()), None)


def published_periods() -> list[Period]:
    """Return the latest periods with a published run, the newest first."""
    runs = ScoreRun.objects.filter(status=ScoreRun.Status.PUBLISHED)
    rows = Period.objects.of_all().filter(pk__in=runs.values("period")).select_related("edition")
    return list(rows.order_by("-about_from", "-pk")[:MOST_PERIODS])


def aims(edition: Edition, period: Period, *, sees_all: bool) -> list[Aim]:
    """Return the targets of an edition with what was published for ``period``, a query each.

    A total is of the members that a target applies to, by its aggregate. Who may not read single
    answers (``sees_all``) gets a total only where the KPI's class allows totals, enough corporate
    groups stand behind it, and none makes too much of it.
    """
    published_at = _published_at(period)
    return [
        _aim(edition, lines, period, sees_all, published_at)
        for lines in targets.lines_of(edition).values()
    ]


def _published_at(period: Period) -> datetime | None:
    """Return when results of a period were published first, None before that."""
    runs = ScoreRun.objects.filter(status=ScoreRun.Status.PUBLISHED, period=period)
    return runs.aggregate(first=Min("published_at"))["first"]


def courses(edition: Edition, *, sees_all: bool) -> list[list[Aim]]:
    """Return each target of an edition over the published periods, the oldest first."""
    periods = list(reversed(published_periods()))
    by_target = zip(*(aims(edition, one, sees_all=sees_all) for one in periods), strict=True)
    return [list(found) for found in by_target]


def _aim(
    edition: Edition, lines: Lines, period: Period, sees_all: bool, published_at: datetime | None
) -> Aim:
    target, year = lines.at(published_at), period.about_until.year
    aim = {
        "target": target,
        "measured_by": words.measured_by(target, edition),
        "unit": words.unit(target, edition),
        "year": year,
        "due": target.due_by(year),
        "due_anew": None if target == lines.newest else lines.newest.due_by(year),
    }
    source = source_of(edition, target, period)
    if isinstance(source, str):
        return Aim(**aim, reached=None, members=0, withheld=source)
    if reason := source.closed(sees_all=sees_all):
        return Aim(**aim, reached=None, members=0, withheld=reason)
    found = source.totals()
    measured = source.aggregate.exact(found.totals)
    if measured is None:
        return Aim(**aim, reached=None, members=0, withheld="no answer has been published")
    if not sees_all and (reason := found.withheld(source.aggregate, _rule(edition))):
        return Aim(**aim, reached=None, members=0, withheld=reason)
    reached = progress(target, year=year, measured=measured)
    return Aim(**aim, reached=reached, members=found.totals.members)


def _rule(edition: Edition) -> Rule:
    """Return how much of a number one corporate group may make, as the edition has it."""
    return edition.aggregates.rule if edition.aggregates else USUAL


def own_progress(member: Member, aim: Aim, edition: Edition, period: Period) -> Progress | None:
    """Return where one member stands on the line, from its own published card."""
    if aim.target.kpi is None:
        return None
    card = Scorecard.objects.standing().filter(member=member, period=period).first()
    answer = read(card.inputs).answers.get(aim.target.kpi, MISSING) if card else MISSING
    measured = _measured(edition.kpi(aim.target.kpi), answer)
    return None if measured is None else progress(aim.target, year=aim.year, measured=measured)


def measured_by_year(
    member: Member, edition: Edition, kpis: Iterable[str], *, user: User
) -> dict[str, list[tuple[int, Fraction]]]:
    """Return what was published of a member for some KPIs, by year, the oldest first."""
    found: dict[str, list[tuple[int, Fraction]]] = {code: [] for code in kpis}
    cards = Scorecard.objects.visible_to(user).standing().filter(member=member)
    for card in cards.select_related("period").order_by("period__about_until", "pk"):
        answers = read(card.inputs).answers
        for code, years in found.items():
            measured = _measured(edition.kpi(code), answers.get(code, MISSING))
            if measured is not None:
                years.append((card.period.about_until.year, measured))
    return found


def _measured(kpi: Kpi, answer: Answer) -> Fraction | None:
    if answer.state is not State.ANSWERED:
        return None
    if isinstance(kpi.scale, RatioScale) or type(kpi.scale) is NumberScale:
        return kpi.scale.value(answer)
    return None if answer.number is None else Fraction(answer.number)
