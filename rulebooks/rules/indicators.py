"""KPIs: what is asked, how it is answered, and what a missing answer means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.answers import SILENT, STATES, Answer, Past, Policy, State, With
from rulebooks.rules.confidentiality import Confidentiality
from rulebooks.rules.making import Making
from rulebooks.rules.quotients import INT, Bound, Quotient
from rulebooks.rules.roll_ups import RollUp
from rulebooks.rules.scales import BaseScale, Direction, Scale
from rulebooks.rules.scales.numbers import NumberScale, RatioScale
from rulebooks.rules.scales.sums import widened
from rulebooks.rules.scales.trajectories import Trajectory
from rulebooks.rules.schema import Clause, Code, Label, Part, Text, Title

MOST_PERIODS = 40


class CarryForward(Part):
    """An answer that is missing or unknown is taken from an earlier period, and the card says so.

    The last *published* answer within ``carry_forward`` periods counts; where there is none,
    ``otherwise`` says what happens. A value that was carried is never carried again.

    Source: docs/sources.md, carry_forward.
    """

    example: ClassVar[str] = "{carry_forward: 2, otherwise: leave_out}"

    carry_forward: Annotated[int, Field(ge=1, le=MOST_PERIODS, strict=True)]
    otherwise: Policy


class Cycle(Part):
    """A cycle of several years, counted from the first year of one of them."""

    example: ClassVar[str] = "{years: 3, first: 2024}"

    years: Annotated[int, Field(ge=1, le=20, strict=True)]
    first: Annotated[int, Field(ge=1900, le=2200, strict=True)]

    def holds(self, year: int, other: int) -> bool:
        """Return whether two years lie in one cycle."""
        return (year - self.first) // self.years == (other - self.first) // self.years


class Cumulative(Part):
    """A KPI whose value is the sum over the periods of the year or cycle so far.

    Each period answers for itself, and what is scored is the sum; of a ratio the parts are added,
    each on its own. ``gaps`` says what a period without an answer does: it adds nothing
    (``add_nothing``), or leaves the sum without enough data (``no_sum``).

    Source: docs/sources.md, cumulative.
    """

    example: ClassVar[str] = "{over: {years: 3, first: 2024}, gaps: no_sum}"

    over: Literal["year"] | Cycle
    gaps: Literal["add_nothing", "no_sum"]
    at_most_periods: Annotated[int, Field(ge=2, le=MOST_PERIODS, strict=True)] = 12

    def before(self, read_with: With) -> tuple[Past, ...]:
        """Return the earlier periods whose answers are added."""
        over, year = self.over, read_with.year
        same = (lambda other: other == year) if over == "year" else (lambda o: over.holds(year, o))
        earlier = read_with.past[: self.at_most_periods - 1]
        return tuple(past for past in earlier if year is not None and same(past.year))


class Kpi(Part):
    """One KPI. Direction, missing-data policy and confidentiality class have no default.

    ``missing`` says what an answer that is missing or unknown does, or one that cannot be turned
    into a number for lack of data:

    - ``zero``: counts as 0; refused where an answer can be worse than 0: silence would be rewarded;
    - ``leave_out``: the KPI is left out, so a mean is taken over the others;
    - ``knock_out``: left out of the arithmetic, and a knock-out stands beside the number;
    - ``not_scored``: every node that reads it, directly or through others, has no number;
    - ``{carry_forward: n, otherwise: …}``: the last published answer of the n periods before.

    An answer "not applicable" leaves the KPI out. With ``not_applicable: needs_approval`` it
    counts as missing until the secretariat or the assigned auditor approves it.

    With ``per_site`` each site of a member answers, and what is scored is rolled up from them.
    """

    code: Code
    title: Title
    question: Text | None = None
    requirement: Code | None = None
    unit: Label
    scale: Scale
    direction: Direction
    missing: Policy | CarryForward
    not_applicable: Literal["allowed", "needs_approval", "refused"] = "allowed"
    cumulative: Cumulative | None = None
    per_site: RollUp | None = None
    confidentiality: Confidentiality
    evidence: Literal["required", "optional", "none"] = "none"
    clause: Clause
    making: Making | None = None

    @property
    def better(self) -> Direction:
        """Return which numbers of this KPI are better: higher or lower; else it gives none."""
        return self.scale.better(self.direction)

    @property
    def policy(self) -> Policy:
        """Return what an answer does that is missing and not carried forward."""
        return self.missing.otherwise if isinstance(self.missing, CarryForward) else self.missing

    @property
    def past_needed(self) -> int:
        """Return how many earlier periods are read with an answer."""
        carried = self.missing.carry_forward if isinstance(self.missing, CarryForward) else 0
        summed = self.cumulative.at_most_periods - 1 if self.cumulative else 0
        return max(carried, summed, self.scale.past_needed)

    @cached_property
    def reads_more(self) -> bool:
        """Return whether an answer alone does not say what counts of it."""
        if self.past_needed or self.scale.past_named or self.per_site:
            return True
        return type(self.scale).lacks is not BaseScale.lacks

    @property
    def reads_own_line(self) -> bool:
        """Return whether an answer is read on the line of the member's own target."""
        return isinstance(self.scale, Trajectory) and self.scale.own is not None

    @cached_property
    def of_one_site(self) -> Kpi:
        """Return the same KPI as one site answers it."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_construct(**fields | {"per_site": None})

    @property
    def is_asked(self) -> bool:
        """Return whether the member answers it; else somebody judges."""
        return self.scale.asked_of == "member"

    @cached_property
    def counting_scale(self) -> Scale:
        """Return the scale of what is scored: wider than the one of answers where they add up."""
        if self.per_site is not None:
            unfit = self.per_site.unfit(self.scale, self.direction)
            return self.scale if unfit else self.per_site.counting(self.scale)
        if self.cumulative is None:
            return self.scale
        return widened(self.scale, self.cumulative.at_most_periods)

    def problem(self, answer: Answer) -> str | None:
        """Return what is wrong with ``answer`` and what is allowed, None when it can stand."""
        if answer.state is State.NOT_APPLICABLE and self.not_applicable == "refused":
            return "always applies; answer it, or say that it is not known"
        if self.per_site is not None:
            return self._problem_of_sites(self.per_site, answer)
        if answer.read_with.sites:
            return "is not answered per site; give one answer for the member"
        return self.scale.problem(answer) if answer.state is State.ANSWERED else None

    def _problem_of_sites(self, per_site: RollUp, answer: Answer) -> str | None:
        sites = answer.read_with.sites
        if answer.state is State.ANSWERED or (answer.state is State.NOT_APPLICABLE and sites):
            return "is answered per site; give the answers of its sites, not one for all of them"
        if problem := per_site.problem(sites):
            return problem
        told = ((one.site, self.of_one_site.problem(one.answer)) for one in sites)
        return next((f"site {site}: {problem}" for site, problem in told if problem), None)

    def counted(self, answer: Answer) -> Answer:
        """Return what counts of ``answer``: rolled up, carried forward, added up, or without data.

        Done twice it changes nothing more.
        """
        if self.per_site is not None:
            return self.per_site.exact(answer, self.scale, self.direction, self.policy)
        answer = self._summed(self._carried(answer))
        if answer.state is State.ANSWERED and (lack := self.scale.lacks(answer)):
            state, why = lack
            return Answer(state, read_with=replace(answer.read_with, remark=why))
        return answer

    def _carried(self, answer: Answer) -> Answer:
        if not isinstance(self.missing, CarryForward) or answer.state not in SILENT:
            return answer
        for past in answer.read_with.past[: self.missing.carry_forward]:
            if past.published and past.answer.state is State.ANSWERED and not self._off(past):
                remark = f"carried forward from {past.period}"
                rate, source = past.answer.read_with.rate, past.answer.read_with.source
                kept = replace(answer.read_with, rate=rate, source=source, remark=remark)
                return replace(past.answer, read_with=kept)
        return answer

    def _off(self, past: Past) -> bool:
        return self.scale.problem(past.answer) is not None

    def _summed(self, answer: Answer) -> Answer:
        if self.cumulative is None or answer.state is not State.ANSWERED:
            return answer
        added, gaps = [answer], []
        for past in self.cumulative.before(answer.read_with):
            if past.answer.state is State.ANSWERED and not self._off(past):
                added.append(past.answer)
            elif past.answer.state is not State.NOT_APPLICABLE:
                gaps.append(past.period)
        alone = replace(answer.read_with, past=())
        if gaps and self.cumulative.gaps == "no_sum":
            remark = f"no sum: nothing was answered for {', '.join(gaps)}"
            return Answer(State.NOT_ENOUGH_DATA, read_with=replace(alone, remark=remark))
        if len(added) == 1:
            return replace(answer, read_with=alone)
        remark = "; ".join(
            part for part in (alone.remark, f"the sum of {len(added)} periods") if part
        )
        return replace(answer, **_totals(added), read_with=replace(alone, remark=remark))

    def exact(self, answer: Answer) -> Fraction | None:
        """Return the number that ``answer`` gives to the nodes that read it, None for no number."""
        counted = self.counted(answer)
        if counted.state is State.ANSWERED:
            return self.counting_scale.exact(counted, self.direction)
        return Fraction(0) if self.policy == "zero" and counted.state in SILENT else None

    def columns(self) -> Quotient:
        """Return the same for a column of answers, as ``counted`` has left them."""
        given = self.counting_scale.columns(self.code, self.direction)
        if self.policy != "zero":
            return given
        silent = in_states(self.code, SILENT)
        zeroed = pl.when(silent).then(pl.lit(0, dtype=INT)).otherwise(given.numerator)
        return Quotient(zeroed, given.denominator, given.scale, given.ones)

    def bound(self) -> Bound:
        """Return how large the numbers of ``columns`` can become."""
        return self.counting_scale.bound(self.direction)

    def most(self) -> Fraction | None:
        """Return the most that an answer can give, None where there is no such number."""
        return self.counting_scale.most()


def _totals(answers: Sequence[Answer]) -> dict[str, Decimal]:
    names = ("number",) if answers[0].number is not None else ("numerator", "denominator")
    return {name: sum((getattr(a, name) for a in answers), Decimal(0)) for name in names}


def can_add_up(scale: Scale) -> bool:
    """Return whether answers on ``scale`` of several periods can be added."""
    return type(scale) in (NumberScale, RatioScale)


def in_states(code: str, states: tuple[State, ...]) -> pl.Expr:
    """Return whether the answer to the KPI ``code`` is in one of ``states``."""
    return pl.col(f"{code}/state").is_in([STATES.index(state) for state in states])
