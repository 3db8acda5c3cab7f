"""Whether a target that a member proposes may stand: on its line, and above the edition's floor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rulebooks.rules.answers import Line
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.reading.wording import plain
from rulebooks.rules.scales import Direction
from rulebooks.rules.scales.numbers import NumberScale
from rulebooks.rules.scales.trajectories import (
    Point,
    decimals_of,
    due_by,
    leads_nowhere,
    line_problem,
)
from rulebooks.rules.targets import OwnTarget
from targets.rules.baselines import NotAllowed, require_significant
from targets.rules.courses import say_day

RATIO_DECIMALS = 4  # of a share that a member promises
YEARS = range(1900, 2201)
Problem = tuple[str, str]  # the field, and what is wrong there


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a member promises: from where, to where, by when, on which way."""

    kpi: str
    baseline_year: int
    baseline_value: Decimal
    goal_year: int
    goal_value: Decimal
    milestones: tuple[tuple[int, Decimal], ...] = ()
    trajectory: str = "straight_line"
    due_on: date | None = None
    baseline_source: str = ""

    @property
    def points(self) -> tuple[tuple[int, Decimal], ...]:
        """Return baseline, milestones and goal."""
        ends = ((self.baseline_year, self.baseline_value), (self.goal_year, self.goal_value))
        return (ends[0], *self.milestones, ends[1])

    @property
    def line(self) -> Line:
        """Return the line on which answers are read."""
        return Line(self.points, self.trajectory)

    @property
    def last_day(self) -> date:
        """Return the day by which it is to be reached."""
        return self.due_on or date(self.goal_year, 12, 31)

    def leads_nowhere(self, direction: Direction) -> str:
        """Return why nothing can be measured on its way, empty where it can."""
        return leads_nowhere(_points(self.points), direction)

    def due_by(self, year: int) -> Fraction:
        """Return the value due in ``year``, exact."""
        return due_by(_points(self.points), self.trajectory, year)


def require_allowed(own: OwnTarget, kpi: Kpi, proposed: Proposal) -> None:
    """Raise unless a proposal is on the KPI's scale, leads somewhere, and is ambitious enough.

    :raises NotAllowed: with the first thing that is wrong, where, and what is allowed.
    """
    for field, problem in _problems(own, kpi, proposed):
        raise NotAllowed(problem, field)


def _problems(own: OwnTarget, kpi: Kpi, proposed: Proposal) -> Iterator[Problem]:
    if proposed.kpi not in own.kpis:
        allowed = ", ".join(own.kpis)
        yield "kpi", f"{proposed.kpi!r} is not set by members here; allowed: {allowed}"
    for place, (year, value) in enumerate(proposed.points):
        if year not in YEARS:
            message = f"{year} is not a year here; allowed: {YEARS[0]} to {YEARS[-1]}"
            yield _field(proposed, place, "year"), message
        if problem := _off_the_scale(kpi, value):
            yield _field(proposed, place, "value"), f"{plain(value)} in {year}: {problem}"
    if proposed.trajectory == "milestones" and not proposed.milestones:
        yield "milestones", "a way from milestone to milestone names at least one"
    if problem := line_problem(_points(proposed.points), kpi.direction):
        place, name, message = problem
        yield _field(proposed, place, name), f"{proposed.points[place][0]}: {message}"
    if proposed.due_on is not None and proposed.due_on.year != proposed.goal_year:
        yield "due_on", f"the due day must lie in the goal's year, {proposed.goal_year}"
    yield from _below_the_floor(own, kpi, proposed)


def _field(proposed: Proposal, place: int, name: str) -> str:
    """Return what a point of the way is called where it is typed; ``name`` is year or value."""
    if place == 0:
        return f"baseline_{name}"
    return f"goal_{name}" if place > len(proposed.milestones) else "milestones"


def _off_the_scale(kpi: Kpi, value: Decimal) -> str:
    scale = kpi.scale
    if isinstance(scale, NumberScale):
        if not scale.min <= value <= scale.max:
            return f"is not on the scale: {plain(scale.min)} to {plain(scale.max)}"
        most = scale.decimals
    else:
        if value < 0:
            return "a share is not below 0"
        most = RATIO_DECIMALS
    return f"at most {most} decimals are kept" if decimals_of(value) > most else ""


def _below_the_floor(own: OwnTarget, kpi: Kpi, proposed: Proposal) -> Iterator[Problem]:
    floor, clause = own.floor, f"clause {own.floor.clause}"
    if floor.baseline_from is not None and proposed.baseline_year < floor.baseline_from:
        yield "baseline_year", f"the baseline lies in {floor.baseline_from} or later ({clause})"
    if floor.latest_due_on is not None and proposed.last_day > floor.latest_due_on:
        field = "due_on" if proposed.due_on else "goal_year"
        yield field, f"it is due on {say_day(floor.latest_due_on)} or earlier ({clause})"
    years = proposed.goal_year - proposed.baseline_year
    if floor.at_most_years is not None and years > floor.at_most_years:
        most = floor.at_most_years
        yield "goal_year", f"it takes {years} years, and at most {most} are allowed ({clause})"
    yield from _too_little(own, kpi, proposed)


def _too_little(own: OwnTarget, kpi: Kpi, proposed: Proposal) -> Iterator[Problem]:
    least, start = own.floor.change, Fraction(proposed.baseline_value)
    if least.percent is not None and start == 0:
        message = "the baseline is 0, and a change in percent of nothing is nothing; choose another"
        yield "baseline_value", message
        return
    if least.percent is not None:
        change = abs(start) * Fraction(least.percent) / 100
        words = f"{plain(least.percent)} % of the baseline"
    else:
        change = Fraction(least.percentage_points)
        words = f"{plain(least.percentage_points)} percentage points"
    up = kpi.direction == Direction.HIGHER
    reached = Fraction(proposed.goal_value) - start
    if (reached if up else -reached) < change:
        bar = start + change if up else start - change
        which = "or more" if up else "or less"
        message = (
            f"{plain(proposed.goal_value)} is not ambitious enough: the change is at least {words},"
            f" so {_shown(bar)} {which} ({'clause ' + own.floor.clause})"
        )
        yield "goal_value", message


def _shown(bar: Fraction) -> str:
    exact = Decimal(bar.numerator) / Decimal(bar.denominator)
    return plain(exact) if bar.denominator in (1, 2, 5, 10, 100) else plain(round(exact, 4))


def require_recalculated(
    own: OwnTarget, before: Proposal, after: Proposal, *, because: str, evidence: str
) -> None:
    """Raise unless a baseline may be worked out anew.

    :raises NotAllowed: no rule for it, no such reason, no evidence, or no more than the threshold.
    """
    if before.kpi != after.kpi or before.baseline_year != after.baseline_year:
        message = f"it is worked out anew for the same KPI and year, {before.baseline_year}"
        raise NotAllowed(message, "baseline_year")
    require_significant(
        own.recalculation,
        before.baseline_value,
        after.baseline_value,
        because=because,
        evidence=evidence,
        field="baseline_value",
    )


def require_same_baseline(before: Proposal, after: Proposal) -> None:
    """Raise unless a revision keeps KPI and baseline of what it revises.

    :raises NotAllowed: a baseline is only worked out anew for a reason.
    """
    held = (before.kpi, before.baseline_year, before.baseline_value)
    if held != (after.kpi, after.baseline_year, after.baseline_value):
        start = f"{plain(before.baseline_value)} in {before.baseline_year}"
        raise NotAllowed(
            f"a revision keeps the KPI {before.kpi} and its baseline, {start}; another baseline is "
            "worked out anew, with a reason",
            "baseline_value",
        )


def _points(points: Sequence[tuple[int, Decimal]]) -> list[Point]:
    return [Point.model_construct(year=year, value=value) for year, value in points]
