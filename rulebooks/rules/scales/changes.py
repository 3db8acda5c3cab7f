"""The change of a share since an earlier period."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl

from rulebooks.rules.answers import Answer, Past, State
from rulebooks.rules.quotients import INT, Bound, Quotient, whole
from rulebooks.rules.scales.numbers import RatioScale
from rulebooks.rules.schema import Code, Part, Positive


class NamedPeriod(Part):
    """A period by its code: the year that all later ones are measured against."""

    period: Code


class Change(RatioScale):
    """The change of a share against a baseline: this period's minus the baseline's.

    With ``times: 100``, the default, in percentage points: from 3 of 10 to 5 of 10 is +20. The
    baseline is the member's own answer for the ``period_before``, or for a named ``{period: …}``.
    Where there is none, or it has no share, there is not enough data for a number, and the card
    says so. A baseline of 0 is a share like any other.

    Source: docs/sources.md, change.
    """

    example: ClassVar[str] = (
        "{kind: change, numerator: Certified, denominator: Bought, max: 1000, since: period_before}"
    )

    kind: Literal["change"]
    since: Literal["period_before"] | NamedPeriod
    times: Positive = Decimal(100)

    @property
    def past_needed(self) -> int:
        return 1 if self.since == "period_before" else 0

    @property
    def past_named(self) -> str | None:
        return None if self.since == "period_before" else self.since.period

    @property
    def parts(self) -> tuple[str, ...]:
        return ("", "/of", "/was", "/was_of")

    def lacks(self, answer: Answer) -> tuple[State, str] | None:
        past = self._baseline(answer)
        if past is not None and past.answer.state is State.ANSWERED:
            if self.problem(past.answer) is None:
                return None
            return State.NOT_ENOUGH_DATA, f"the answer for {past.period} gives no share"
        when = past.period if past else "the period before"
        if self.since != "period_before":
            when = self.since.period
        return State.NOT_ENOUGH_DATA, f"no baseline: nothing was answered for {when}"

    def beside(self, answer: Answer) -> str:
        past = self._baseline(answer)
        return f"{past.period}: {past.answer.numerator:f} of {past.answer.denominator:f}"

    def integers(self, answer: Answer) -> tuple[int, ...]:
        return (*super().integers(answer), *super().integers(self._baseline(answer).answer))

    def value(self, answer: Answer) -> Fraction:
        return self.share(answer) - self.share(self._baseline(answer).answer)

    def value_columns(self, code: str) -> Quotient:
        times = Fraction(self.times)
        part, of, was, was_of = (pl.col(code + end).cast(INT) for end in self.parts)
        return Quotient(
            (part * was_of - was * of) * whole(times.numerator),
            (of * was_of).fill_null(1),
            times.denominator,
        )

    def value_bound(self) -> Bound:
        times, most = Fraction(self.times), int(self.max * 10**self.decimals)
        return Bound(times.denominator, most * most * times.numerator, most * most)

    def most(self) -> Fraction | None:
        return super().most() if self.points else None

    def below_zero(self) -> bool:
        return super().below_zero() if self.points else True

    def _baseline(self, answer: Answer) -> Past | None:
        past = answer.read_with.past
        if self.since == "period_before":
            return past[0] if past else None
        return next((one for one in past if one.period == self.since.period), None)
