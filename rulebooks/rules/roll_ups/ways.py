"""The ways to roll up answers of sites."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl

from rulebooks.rules.answers import SILENT, STATES, Answer, OfSite, State
from rulebooks.rules.quotients import INT, Bound, Quotient, whole
from rulebooks.rules.roll_ups.base import ANSWERED, BaseRollUp, Rank, counted
from rulebooks.rules.scales import BaseScale, Direction
from rulebooks.rules.scales.labels import Choices, LabelScale, YesNo, YesPartlyNo
from rulebooks.rules.scales.numbers import INT64, NumberScale, RatioScale
from rulebooks.rules.scales.points import PointsScale
from rulebooks.rules.scales.sums import widened

RANKED = (NumberScale, PointsScale, RatioScale, YesNo, YesPartlyNo, LabelScale, Choices)
USE_PARTS = "percentages are not averaged or added; say parts, which adds what they are made of"


class SumOfSites(BaseRollUp):
    """The sum of the numbers of the sites that apply.

    Source: docs/sources.md, roll_up.
    """

    example: ClassVar[str] = '{roll_up: sum, most_sites: 200, clause: "4.2"}'

    told: ClassVar[str] = "the sum of {}"

    roll_up: Literal["sum"]

    def unfit(self, scale: BaseScale, direction: Direction) -> str | None:
        return _only_numbers(scale)

    def counting(self, scale: NumberScale) -> NumberScale:
        return widened(scale, self.most_sites)

    def counts_zero(self, scale: NumberScale) -> bool:
        return scale.points is None

    def rolled(self, given: Sequence[OfSite], zeros: int, rank: Rank) -> tuple[Answer, str]:
        number = _sum(given, "number")
        return Answer(State.ANSWERED, number=number), self.told.format(counted(len(given)))

    def rolled_columns(
        self, parts: Sequence[str], number: Quotient, better: Direction, *, zeroed: bool
    ) -> list[pl.Expr]:
        return [pl.col(part).sum() for part in parts]


class PartsOfSites(BaseRollUp):
    """The numerators and the denominators of the sites that apply, each added on its own.

    So a large site weighs more than a small one, as it does in a share of the whole; percentages
    are never averaged.

    Source: docs/sources.md, roll_up.
    """

    example: ClassVar[str] = '{roll_up: parts, most_sites: 200, clause: "4.2"}'

    told: ClassVar[str] = "the parts of {}, added"

    roll_up: Literal["parts"]

    def unfit(self, scale: BaseScale, direction: Direction) -> str | None:
        if isinstance(scale, RatioScale):
            return None
        return f"only a ratio has parts to add; {_instead(scale)}"

    def counting(self, scale: RatioScale) -> RatioScale:
        return widened(scale, self.most_sites)

    def rolled(self, given: Sequence[OfSite], zeros: int, rank: Rank) -> tuple[Answer, str]:
        parts = {name: _sum(given, name) for name in ("numerator", "denominator")}
        return Answer(State.ANSWERED, **parts), self.told.format(counted(len(given)))

    def rolled_columns(
        self, parts: Sequence[str], number: Quotient, better: Direction, *, zeroed: bool
    ) -> list[pl.Expr]:
        return [pl.col(part).sum() for part in parts]


class WorstSite(BaseRollUp):
    """The answer of the worst site, by the direction of the KPI.

    A label that gives no number is worst only where every site gives one.

    Source: docs/sources.md, roll_up.
    """

    example: ClassVar[str] = '{roll_up: worst, most_sites: 200, clause: "4.2"}'

    roll_up: Literal["worst"]

    def unfit(self, scale: BaseScale, direction: Direction) -> str | None:
        if type(scale) not in RANKED:
            return f"answers on a scale {scale.kind} cannot be rolled up; ask for one answer"
        if scale.better(direction) not in (Direction.HIGHER, Direction.LOWER):
            return (
                f"direction {direction} does not say which site is worst; give points, or say sum"
            )
        return None

    def rolled(self, given: Sequence[OfSite], zeros: int, rank: Rank) -> tuple[Answer, str]:
        worst = min(given, key=lambda one: (rank(one), one.site))
        return worst.answer, f"the worst of {counted(len(given))}: {worst.site}"

    def rolled_columns(
        self, parts: Sequence[str], number: Quotient, better: Direction, *, zeroed: bool
    ) -> list[pl.Expr] | None:
        if number.denominator is not None:  # fractions are compared in pairs, not in a column
            return None
        worst = number.numerator * whole(-1 if better is Direction.LOWER else 1)
        order = [pl.col("/state") != ANSWERED, worst, *map(pl.col, parts)]
        return [pl.col(part).sort_by(order, nulls_last=True).first() for part in parts]


class MeanOfSites(BaseRollUp):
    """The plain mean of the numbers of the sites that apply, each site weighing the same.

    Source: docs/sources.md, roll_up.
    """

    example: ClassVar[str] = '{roll_up: mean_of_applicable, most_sites: 200, clause: "4.2"}'

    told: ClassVar[str] = "the mean of {}"
    tells_zeros: ClassVar[bool] = True

    roll_up: Literal["mean_of_applicable"]

    def unfit(self, scale: BaseScale, direction: Direction) -> str | None:
        return _only_numbers(scale)

    def counting(self, scale: NumberScale) -> MeanScale:
        fields = {name: getattr(scale, name) for name in NumberScale.model_fields}
        return MeanScale.model_construct(**fields, most_sites=self.most_sites)

    def counts_zero(self, scale: NumberScale) -> bool:
        return scale.points is None

    def rolled(self, given: Sequence[OfSite], zeros: int, rank: Rank) -> tuple[Answer, str]:
        sites = len(given) + zeros
        made = Answer(State.ANSWERED, numerator=_sum(given, "number"), denominator=Decimal(sites))
        return made, self.told.format(counted(sites))

    def rolled_columns(
        self, parts: Sequence[str], number: Quotient, better: Direction, *, zeroed: bool
    ) -> list[pl.Expr]:
        [value] = parts
        silent = pl.col("/state").is_in([STATES.index(state) for state in SILENT]).sum()
        sites = pl.col(value).count().cast(pl.Int64)
        weighed = sites + silent.cast(pl.Int64) if zeroed else sites
        return [pl.col(value).sum(), weighed.alias(f"{value}/sites")]


class MeanScale(NumberScale):
    """The mean of sites: ``numerator`` is the sum of their numbers, ``denominator`` their count.

    No edition names it: it is what a scale of numbers becomes by ``mean_of_applicable``.
    """

    most_sites: int

    @property
    def parts(self) -> tuple[str, ...]:
        return ("", "/sites")

    def fits(self) -> bool:
        return max(abs(self.min), abs(self.max)) * self.most_sites * 10**self.decimals <= INT64

    def integers(self, answer: Answer) -> tuple[int, ...]:
        return (int(answer.numerator.scaleb(self.decimals)), int(answer.denominator))

    def value(self, answer: Answer) -> Fraction:
        return Fraction(answer.numerator) / Fraction(answer.denominator)

    def value_columns(self, code: str) -> Quotient:
        sites = pl.col(f"{code}/sites").cast(INT).fill_null(1)
        return Quotient(pl.col(code).cast(INT), sites, 10**self.decimals)

    def value_bound(self) -> Bound:
        own = super().value_bound()
        return Bound(own.scale, own.numerator * self.most_sites, self.most_sites)


def _only_numbers(scale: BaseScale) -> str | None:
    if isinstance(scale, RatioScale):
        return USE_PARTS
    if type(scale) is NumberScale:
        return None
    return f"only answers on a scale of numbers fit; {_instead(scale)}"


def _instead(scale: BaseScale) -> str:
    if type(scale) is NumberScale:
        return "say sum, mean_of_applicable or worst"
    return "say worst" if type(scale) in RANKED else "ask for one answer"


def _sum(given: Sequence[OfSite], name: str) -> Decimal:
    return sum((getattr(one.answer, name) for one in given), Decimal(0))
