"""Rounding: once, where a number is published."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal

import polars as pl

from rulebooks.rules.quotients import INT, Bound, Quotient, timed, whole
from rulebooks.rules.schema import Part, Positive


class Rounding(Part):
    """Rounds to the nearest multiple of ``step``, in the unit of the number: 0.1, 0.5, 1.

    ``half_up`` takes a number half way between two steps away from zero, ``half_even`` to the even
    multiple, ``truncate`` takes every number towards zero. So a negative number is rounded like
    its positive mirror image: -2.5 becomes -3, -2 and -2.

    Source: IEEE 754-2019, 4.3 (roundTiesToAway, roundTiesToEven, roundTowardZero).
    """

    example: ClassVar[str] = "{mode: half_up, step: 0.5}"

    mode: Literal["half_up", "half_even", "truncate"]
    step: Positive

    def steps(self, number: Fraction) -> int:
        """Return how many steps ``number`` is rounded to."""
        size = abs(number) / Fraction(self.step)
        whole_steps, rest = size.numerator // size.denominator, size % 1
        half = Fraction(1, 2)
        up = {
            "half_up": rest >= half,
            "half_even": rest > half or (rest == half and whole_steps % 2 == 1),
            "truncate": False,
        }[self.mode]
        return (whole_steps + up) * (-1 if number < 0 else 1)

    def exact(self, number: Fraction) -> Decimal:
        """Return ``number`` rounded."""
        return self.published(self.steps(number))

    def published(self, steps: int) -> Decimal:
        """Return a number of steps as the decimal that is published, with the step's decimals."""
        unit, exponent = self._unit
        return Decimal(f"{steps * unit}E{exponent}")  # a product would be cut to 28 digits

    @cached_property
    def _unit(self) -> tuple[int, int]:
        """Return the digits of the step, and the place of the last one."""
        _, _, exponent = self.step.as_tuple()
        return int(Fraction(self.step) / Fraction(10) ** exponent), exponent

    def columns(self, of: Quotient) -> pl.Expr:
        """Return a column with how many steps each number is rounded to; null stays null."""
        step = Fraction(self.step)
        steps = self._of_size(of.numerator.abs(), step.denominator, of, step.numerator)
        return steps * of.numerator.sign()

    def _of_size(self, size: pl.Expr, times: int, of: Quotient, step: int) -> pl.Expr:
        """Return ``size * times / (of.divisor() * step)``, not below 0, rounded to whole numbers.

        Half way up is one division, since long numbers take long to divide.
        """
        unit = of.divisor(step)
        if self.mode == "truncate":
            return timed(size, times) // unit
        if self.mode == "half_up":
            return (timed(size, 2 * times) + unit) // of.divisor(2 * step)
        down = timed(size, times) // unit
        twice = (timed(size, times) - down * unit) * whole(2)
        return down + (twice > unit).cast(INT) + (twice == unit).cast(INT) * (down % whole(2))

    def bound(self, of: Bound) -> Bound:
        """Return how large the steps and the numbers on the way can become."""
        step = Fraction(self.step)
        size = of.numerator * step.denominator
        unit = of.scale * of.denominator * step.numerator
        steps = size // (of.scale * step.numerator) + 1
        return Bound(1, steps, peak=max(2 * size + unit, 2 * unit, of.peak))

    def published_columns(self, steps: pl.Expr) -> Quotient:
        """Return the numbers that are published as so many steps, as a column."""
        step = Fraction(self.step)
        return Quotient(timed(steps, step.numerator), None, step.denominator)

    def published_bound(self, of: Bound) -> Bound:
        """Return how large the numbers of ``published_columns`` can become."""
        step, steps = Fraction(self.step), self.bound(of)
        return Bound(step.denominator, steps.numerator * step.numerator, peak=steps.peak)
