"""Ends: which numbers lie in a band, a case or a row, each end open or closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import polars as pl
from pydantic import Field, model_validator

from rulebooks.rules.quotients import Bound, Quotient
from rulebooks.rules.schema import Number, Part


class End(NamedTuple):
    """One end: a number, and whether it belongs to what it ends."""

    at: Decimal
    closed: bool


class Ends(Part):
    """The numbers between two ends: `from` or `above` below, `below` or `upto` on top.

    ``from`` and ``upto`` take their number in, ``above`` and ``below`` do not. An end left out is
    open: no number is too small, or too large.
    """

    from_: Number | None = Field(default=None, alias="from")
    above: Number | None = None
    below: Number | None = None
    upto: Number | None = None

    @model_validator(mode="after")
    def one_end_a_side(self) -> Ends:
        """Refuse two lower ends, two upper ends, and ends between which nothing lies."""
        if self.from_ is not None and self.above is not None:
            raise ValueError("has two lower ends; keep from (included) or above (not included)")
        if self.below is not None and self.upto is not None:
            raise ValueError("has two upper ends; keep upto (included) or below (not included)")
        low, high = self.low, self.high
        if low and high:
            both = low.closed and high.closed
            if low.at > high.at or (low.at == high.at and not both):
                raise ValueError(f"no number lies between {low.at:f} and {high.at:f} as written")
        return self

    @property
    def low(self) -> End | None:
        """The lower end, None where it is open."""
        return _end(self.from_, self.above)

    @property
    def high(self) -> End | None:
        """The upper end, None where it is open."""
        return _end(self.upto, self.below)

    @property
    def unbounded(self) -> bool:
        """Whether every number lies in it."""
        return self.low is None and self.high is None

    def holds(self, number: Fraction | Decimal | int) -> bool:
        """Return whether ``number`` lies between the ends."""
        return (
            (self.from_ is None or number >= self.from_)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
            and (self.upto is None or number <= self.upto)
        )

    def columns(self, number: Quotient) -> pl.Expr:
        """Return the same for a column; null where there is no number."""
        held = number.numerator.is_not_null()
        if low := self.low:
            held &= number.at_least(Fraction(low.at), strictly=not low.closed)
        if high := self.high:
            held &= number.at_most(Fraction(high.at), strictly=not high.closed)
        return held

    def peak(self, number: Bound) -> int:
        """Return the largest number met when a number of this bound is held against the ends."""
        ends = [end.at for end in (self.low, self.high) if end]
        return max((number.against(Fraction(at)) for at in ends), default=number.peak)

    def in_words(self) -> str:
        """Return the ends as people say them: ``from 50 to below 70``."""
        low, high = self.low, self.high
        said = []
        if low:
            said.append(f"{'from' if low.closed else 'above'} {_plain(low.at)}")
        if high and high.closed:
            said.append(f"up to {_plain(high.at)}")
        elif high:
            said.append(f"{'to ' if low else ''}below {_plain(high.at)}")
        return " ".join(said) or "every number"


def holes(parts: Sequence[Ends], names: Sequence[str], step: Decimal | None) -> Iterator[Gap]:
    """Yield where ``parts``, put in order, do not take in every number once.

    Between two of them a hole counts only if a published number can lie there: with a ``step`` of
    0.5, nothing lies between up to 69.5 and from 70.
    """
    order = sorted(range(len(parts)), key=lambda index: _rank(parts[index]))
    first, last = order[0], order[-1]
    if parts[first].low:
        yield Gap(first, "low", "the lowest is open: leave its lower end out")
    if parts[last].high:
        yield Gap(last, "high", "the highest is open: leave its upper end out")
    for before, after in pairwise(order):
        if what := _between(parts[before].high, parts[after].low, step):
            yield Gap(after, "low", f"{names[before]} and {names[after]} {what}")


class Gap(NamedTuple):
    """A fault of ends: which part has it, at which side, and what it is."""

    index: int
    side: str
    message: str


def _between(high: End | None, low: End | None, step: Decimal | None) -> str | None:
    if high is None or low is None or high.at > low.at:
        return "overlap"
    if high.at == low.at:
        if high.closed and low.closed:
            return f"overlap: {low.at:f} is in both"
        return None if high.closed or low.closed else f"leave a hole: {low.at:f} is in neither"
    stray = _stray(high, low, step)
    return None if stray is None else f"leave a hole: {stray} is in neither"


def _stray(high: End, low: End, step: Decimal | None) -> str | None:
    """Return a number between two ends that can be published, None where there is none."""
    if step is None:
        return f"{(high.at + low.at) / 2:f}"
    steps = Fraction(high.at) / Fraction(step)
    first = -(-steps.numerator // steps.denominator)
    if high.closed and first == steps:
        first += 1
    at = Fraction(step) * first
    if at < low.at or (at == low.at and not low.closed):
        return f"{Decimal(at.numerator) / Decimal(at.denominator):f}"
    return None


def _rank(part: Ends) -> tuple[Decimal, bool]:
    low = part.low
    return (Decimal("-Infinity"), False) if low is None else (low.at, not low.closed)


def _end(closed: Decimal | None, unclosed: Decimal | None) -> End | None:
    if closed is not None:
        return End(closed, closed=True)
    return None if unclosed is None else End(unclosed, closed=False)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
