"""Assurance: how far answers were checked, and what that does to their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.document import Fault
from rulebooks.rules.quotients import (
    INT,
    Bound,
    Quotient,
    capped,
    capped_bound,
    integers,
    whole,
)
from rulebooks.rules.schema import (
    Clause,
    Code,
    NotNegative,
    Number,
    Part,
    Selection,
    Title,
    selects,
)


class Level(Part):
    """How far an answer was checked, and what takes it there.

    ``filing``: it was filed, no more. ``evidence``: a file that shows it lies with it.
    ``second_party``: somebody of the initiative confirmed it. ``audit``: the assigned auditor did.
    """

    example: ClassVar[str] = '{code: verified, title: Verified, earned_by: audit, clause: "7.1"}'

    code: Code
    title: Title
    earned_by: Literal["filing", "evidence", "second_party", "audit"]
    clause: Clause


class Discount(Part):
    """An answer below a level counts for a part of its number: of those that fit, the smallest."""

    example: ClassVar[str] = '{below: verified, times: 0.8, kpis: all, clause: "7.2"}'

    below: Code
    times: Annotated[NotNegative, Field(le=1)]
    kpis: Selection
    clause: Clause


class LevelCap(Part):
    """An answer below a level gives at most this number: of those that fit, the lowest."""

    example: ClassVar[str] = '{below: verified, at_most: 60, kpis: [injuries], clause: "7.3"}'

    below: Code
    at_most: Number
    kpis: Selection
    clause: Clause


class Assurance(Part):
    """The levels of assurance, the lowest first, and what a low one does to an answer's number.

    Discounts come first, caps after. What a low share of checked answers does to the whole score
    stands under the knock-outs and caps of the scoring, as a condition ``share_assured``.
    """

    example: ClassVar[str] = (
        '{levels: [{code: declared, title: Declared, earned_by: filing, clause: "7.1"},'
        ' {code: verified, title: Verified, earned_by: audit, clause: "7.1"}],'
        ' discounts: [{below: verified, times: 0.8, kpis: all, clause: "7.2"}]}'
    )

    levels: Annotated[tuple[Level, ...], Field(min_length=2, max_length=20)]
    discounts: tuple[Discount, ...] = ()
    caps: tuple[LevelCap, ...] = ()

    def codes(self) -> tuple[str, ...]:
        """Return the codes of the levels, the lowest first."""
        return tuple(level.code for level in self.levels)

    def place(self, level: str) -> int:
        """Return how high a level stands, the lowest 0."""
        return self.codes().index(level)

    def earned(self, *by: str) -> str:
        """Return the highest level that one of these earns; the lowest where none does."""
        found = [level.code for level in self.levels if level.earned_by in by]
        return found[-1] if found else self.levels[0].code

    def times(self, kpi: str, place: int) -> Fraction:
        """Return the part for which an answer at a level counts."""
        fits = [d.times for d in self.discounts if self._fits(d, kpi, place)]
        return Fraction(min(fits, default=Decimal(1)))

    def at_most(self, kpi: str, place: int) -> Fraction | None:
        """Return the most that an answer at a level gives, None for no such cap."""
        fits = [cap.at_most for cap in self.caps if self._fits(cap, kpi, place)]
        return Fraction(min(fits)) if fits else None

    def touches(self, kpi: str) -> bool:
        """Return whether some level changes the number of ``kpi``."""
        return any(selects(part.kpis, kpi) for part in (*self.discounts, *self.caps))

    def exact(self, kpi: str, number: Fraction | None, place: int) -> Fraction | None:
        """Return what ``number``, the answer's own, counts for at a level."""
        if number is None:
            return None
        number, cap = number * self.times(kpi, place), self.at_most(kpi, place)
        return number if cap is None else min(number, cap)

    def columns(self, kpi: str, number: Quotient) -> Quotient:
        """Return the same for a column."""
        if not self.touches(kpi):
            return number
        places = range(len(self.levels))
        parts, scale = integers([self.times(kpi, place) for place in places])
        part = whole(parts[-1])
        for place in places[-2::-1]:
            part = pl.when(level_column(kpi) == place).then(whole(parts[place])).otherwise(part)
        made = Quotient(
            number.numerator * part, number.denominator, number.scale * scale, number.ones
        )
        for place in places:
            if (cap := self.at_most(kpi, place)) is not None:
                made = capped(made, cap, where=level_column(kpi) == place)
        return made

    def bound(self, kpi: str, number: Bound) -> Bound:
        """Return how large the numbers of ``columns`` can become."""
        if not self.touches(kpi):
            return number
        places = range(len(self.levels))
        parts, scale = integers([self.times(kpi, place) for place in places])
        made = Bound(
            number.scale * scale,
            number.numerator * max(parts),
            number.denominator,
            peak=number.peak,
        )
        for place in places:
            if (cap := self.at_most(kpi, place)) is not None:
                made = capped_bound(made, cap)
        return made

    def at_least(self, kpi: str, level: str) -> pl.Expr:
        """Return whether each answer was checked to ``level`` or a higher one."""
        return level_column(kpi) >= self.place(level)

    def parts(self) -> Iterator[tuple[tuple[str, int], Discount | LevelCap]]:
        """Yield each discount and cap with its place in the document."""
        for name in ("discounts", "caps"):
            for index, part in enumerate(getattr(self, name)):
                yield (name, index), part

    def faults(self) -> Iterator[Fault]:
        """Yield levels that stand twice, are never below anything, or are not there."""
        codes = self.codes()
        for index, code in enumerate(codes):
            if code in codes[:index]:
                yield Fault(("levels", index, "code"), f"{code!r} is taken; a code names one thing")
        if self.levels[0].earned_by != "filing":
            message = "the lowest level is that of an answer nobody looked at: filing"
            yield Fault(("levels", 0, "earned_by"), message)
        for path, part in self.parts():
            if part.below not in codes[1:]:
                message = f"{part.below!r} is no level above the lowest; allowed:"
                yield Fault((*path, "below"), f"{message} {', '.join(codes[1:])}")

    def _fits(self, part: Discount | LevelCap, kpi: str, place: int) -> bool:
        return selects(part.kpis, kpi) and place < self.place(part.below)


def level_column(kpi: str) -> pl.Expr:
    """Return the level of each answer to ``kpi``, the lowest 0, also where there is none."""
    return pl.col(f"{kpi}/level").cast(INT)
