"""How far the initiative's targets are: from published answers only, giving no member away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from django.db.models import Min

from accounts.models import User
from kpis.models import Scorecard, ScoreRun
from kpis.rules.stored import read
from kpis.selectors.kept import totals_told
from kpis.selectors.telling import rule_of
from kpis.selectors.totals import source_of
from members.models import Member
from rulebooks.rules.answers import MISSING, Answer, State
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.reading import targets as words
from rulebooks.rules.scales.numbers import NumberScale, RatioScale
from rulebooks.rules.targets import Target
from rulebooks.rules.targets.aggregates import ShareReaching, Sum
from targets import selectors as targets
from targets.models import Period
from targets.rules import Progress, progress
from targets.selectors import Lines

MOST_PERIODS = 12
NOT_DRAWN = "numbers about all members have not been drawn up yet"
BESIDE = "beside another total it would give members away"


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


@dataclass(frozen=True, slots=True)
class OwnProgress:
    """What was measured of one member, and how far ahead of its line: None where it has none."""

    measured: Fraction
    ahead: Fraction | None
    unit: str


def last_published_period(at: datetime | None = None) -> Period | None:
    """Return the latest period with a run published by a moment, None before the first."""
    return next(iter(published_periods(at)), None)


def published_periods(at: datetime | None = None) -> list[Period]:
    """Return the latest periods with a run published by a moment, the newest first."""
    runs = ScoreRun.objects.filter(status=ScoreRun.Status.PUBLISHED)
    if at is not None:
        runs = runs.filter(published_at__lte=at)
    rows = Period.objects.of_all().filter(pk__in=runs.values("period")).select_related("edition")
    return list(rows.order_by("-about_from", "-pk")[:MOST_PERIODS])


def aims(edition: Edition, period: Period, *, sees_all: bool) -> list[Aim]:
    """Return the targets of an edition with what was published for ``period``, a query each.

    A total is of the members that a target applies to, by its aggregate. Who may not read single
    answers (``sees_all``) gets a total only where the KPI's class allows totals, enough corporate
    groups stand behind it, none makes too much of it, and nothing of the kind follows from it
    beside other totals, or beside what it was before somebody was scored anew.
    """
    published_at = _published_at(period)
    without = [
        _without(edition, lines, period, published_at)
        for lines in targets.lines_of(edition).values()
    ]
    if sees_all:
        return [_reached(aim, edition, period, None)[0] for aim in without]
    told = period.runs.told().defer("cohort").last()
    if told is None:
        return [replace(aim, withheld=NOT_DRAWN) for aim in without]
    found = [_reached(aim, edition, period, told) for aim in without]
    apart = _apart(edition, period, told, found)
    return [
        replace(aim, reached=None, members=0, withheld=BESIDE) if aim.target.code in apart else aim
        for aim, _ in found
    ]


def _apart(
    edition: Edition, period: Period, told: ScoreRun, found: Sequence[tuple[Aim, str]]
) -> frozenset[str]:
    """Return the targets whose totals would tell too much beside others of the same numbers.

    That was found out when the run was told, for its own edition; else only the largest stays.
    """
    if told.withheld is not None and edition.code == period.edition.code:
        return frozenset(told.withheld)
    by_question: dict[str, list[Aim]] = defaultdict(list)
    for aim, question in found:
        if aim.reached is not None:
            by_question[question].append(aim)
    return frozenset(
        aim.target.code
        for same in by_question.values()
        for aim in sorted(same, key=lambda one: (-one.members, one.target.code))[1:]
    )


def _published_at(period: Period) -> datetime | None:
    """Return when results of a period were published first, None before that."""
    runs = ScoreRun.objects.filter(status=ScoreRun.Status.PUBLISHED, period=period)
    return runs.aggregate(first=Min("published_at"))["first"]


def courses(edition: Edition, *, sees_all: bool) -> list[list[Aim]]:
    """Return each target of an edition over the published periods, the oldest first."""
    periods = list(reversed(published_periods()))
    by_target = zip(*(aims(edition, one, sees_all=sees_all) for one in periods), strict=True)
    return [list(found) for found in by_target]


def _without(edition: Edition, lines: Lines, period: Period, published_at: datetime | None) -> Aim:
    """Return a target as it stands in a period, without what was reached."""
    target, year = lines.at(published_at), period.about_until.year
    return Aim(
        target=target,
        measured_by=words.measured_by(target, edition),
        unit=words.unit(target, edition),
        year=year,
        due=target.due_by(year),
        reached=None,
        members=0,
        due_anew=None if target == lines.newest else lines.newest.due_by(year),
    )


def _reached(aim: Aim, edition: Edition, period: Period, told: ScoreRun | None) -> tuple[Aim, str]:
    """Return a target with its total, and whose numbers that takes together.

    By the scores that stood once a run was ``told``; None for who sees all, as they stand.
    """
    source = source_of(edition, aim.target, period, until=told and told.pk)
    if isinstance(source, str):
        return replace(aim, withheld=source), ""
    if reason := source.closed(sees_all=told is None):
        return replace(aim, withheld=reason), ""
    found = totals_told(source, edition, aim.target, told) if told else source.totals()
    measured = source.aggregate.exact(found.totals)
    if measured is None:
        return replace(aim, withheld="no answer has been published"), ""
    if told and (reason := found.withheld(source.aggregate, rule_of(edition))):
        return replace(aim, withheld=reason), ""
    reached = progress(aim.target, year=aim.year, measured=measured)
    return replace(aim, reached=reached, members=found.totals.members), source.question


def own_line(aim: Aim, edition: Edition) -> tuple[Fraction | None, str]:
    """Return what a target asks of one member in its year, and in what unit.

    Of a share of members that is the bar that each of them reaches, and of numbers that are added
    nothing: their line is that of the sum.
    """
    if isinstance(aim.target.aggregate, ShareReaching) and aim.target.kpi is not None:
        return Fraction(aim.target.aggregate.reach), edition.kpi(aim.target.kpi).unit
    return None if isinstance(aim.target.aggregate, Sum) else aim.due, aim.unit


def own_progress(
    member: Member, aim: Aim, edition: Edition, period: Period, *, at: datetime | None = None
) -> OwnProgress | None:
    """Return where one member stands on its line, from its own card, published by a moment."""
    if aim.target.kpi is None:
        return None
    cards = Scorecard.objects.published().filter(member=member, period=period).order_by("-run")
    card = (cards if at is None else cards.filter(run__published_at__lte=at)).first()
    answer = read(card.inputs).answers.get(aim.target.kpi, MISSING) if card else MISSING
    kpi = edition.kpi(aim.target.kpi)
    measured = _measured(kpi, answer)
    if measured is None:
        return None
    due, unit = own_line(aim, edition)
    of_share = isinstance(aim.target.aggregate, ShareReaching)
    rising = kpi.direction == "higher" if of_share else aim.target.rises
    beyond = None if due is None else measured - due if rising else due - measured
    return OwnProgress(measured, beyond, unit)


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
