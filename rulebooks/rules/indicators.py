"""KPIs: what is asked, how it is answered, and what a missing answer means. And their targets."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.answers import Answer, State
from rulebooks.rules.confidentiality import Confidentiality
from rulebooks.rules.making import Making
from rulebooks.rules.quotients import INT, Bound, Quotient
from rulebooks.rules.scales import Direction, Scale
from rulebooks.rules.schema import Clause, Code, Label, Number, Part, Text, Title

STATES = tuple(State)
SILENT = (State.MISSING, State.UNKNOWN)


class Kpi(Part):
    """One KPI. Direction, missing-data policy and confidentiality class have no default.

    ``missing`` says what an answer that is missing or unknown does:

    - ``zero``: counts as 0; refused where an answer can be worse than 0: silence would be rewarded;
    - ``leave_out``: the KPI is left out, so a mean is taken over the others;
    - ``knock_out``: left out of the arithmetic, and a knock-out stands beside the number;
    - ``not_scored``: every node that reads it, directly or through others, has no number.

    An answer "not applicable" always leaves the KPI out.
    """

    code: Code
    title: Title
    question: Text | None = None
    requirement: Code | None = None
    unit: Label
    scale: Scale
    direction: Direction
    missing: Literal["zero", "leave_out", "knock_out", "not_scored"]
    confidentiality: Confidentiality
    evidence: Literal["required", "optional", "none"] = "none"
    clause: Clause
    making: Making | None = None

    @property
    def better(self) -> Direction:
        """Return which numbers of this KPI are better: higher or lower; else it gives none."""
        return self.scale.better(self.direction)

    def problem(self, answer: Answer) -> str | None:
        """Return what is wrong with ``answer`` and what is allowed, None when it can stand."""
        return self.scale.problem(answer) if answer.state is State.ANSWERED else None

    def exact(self, answer: Answer) -> Fraction | None:
        """Return the number that ``answer`` gives to the nodes that read it, None for no number."""
        if answer.state is State.ANSWERED:
            return self.scale.exact(answer, self.direction)
        return Fraction(0) if self.missing == "zero" and answer.state in SILENT else None

    def columns(self) -> Quotient:
        """Return the same for a column of answers."""
        given = self.scale.columns(self.code, self.direction)
        if self.missing != "zero":
            return given
        silent = in_states(self.code, SILENT)
        zeroed = pl.when(silent).then(pl.lit(0, dtype=INT)).otherwise(given.numerator)
        return Quotient(zeroed, given.denominator, given.scale)

    def bound(self) -> Bound:
        """Return how large the numbers of ``columns`` can become."""
        return self.scale.bound(self.direction)


class Point(Part):
    """A value of a KPI in a year."""

    year: Annotated[int, Field(ge=1900, le=2200, strict=True)]
    value: Number


class Target(Part):
    """What a KPI shall reach, and the way from a baseline to there."""

    code: Code
    title: Title
    kpi: Code
    baseline: Point
    goal: Point
    trajectory: Literal["straight_line"]
    clause: Clause

    def due_by(self, year: int) -> Fraction:
        """Return the value due in ``year``, in the KPI's unit, exact.

        On the straight line from baseline to goal; before the first year the baseline, after the
        last year the goal.
        """
        first, last = self.baseline, self.goal
        elapsed = Fraction(min(max(year, first.year), last.year) - first.year)
        share = elapsed / (last.year - first.year)
        return Fraction(first.value) + (Fraction(last.value) - Fraction(first.value)) * share


def in_states(code: str, states: tuple[State, ...]) -> pl.Expr:
    """Return whether the answer to the KPI ``code`` is in one of ``states``."""
    return pl.col(f"{code}/state").is_in([STATES.index(state) for state in states])
