"""Levels that must be reached one after the other."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.aggregation.base import (
    Bounds,
    Columns,
    Known,
    Labelled,
    Row,
    Word,
    published,
)
from rulebooks.rules.conditions import Condition
from rulebooks.rules.document import Fault
from rulebooks.rules.quotients import INT, Bound, Quotient
from rulebooks.rules.rows import Asked, Most
from rulebooks.rules.scales import Direction
from rulebooks.rules.schema import Clause, Code, Label, Number, Part, Title


class GradeFrom(Part):
    """A grade within a level, and the number from which it is given."""

    from_: Number | None = Field(default=None, alias="from")
    then: Label


class GatedLevel(Part):
    """One level: what is read there, its grades, best first, and what opens the next level."""

    of: Code
    opens_next_from: Number | None = None
    grades: Annotated[tuple[GradeFrom, ...], Field(min_length=1)]


class GradeCap(Part):
    """A criterion that, when it holds, allows no better grade than ``at_most``."""

    code: Code
    title: Title
    when: Condition
    at_most: Label
    clause: Clause


class LevelGate(Labelled):
    """The grade in the highest level that is open: a level counts only when the one before it did.

    Each level but the last says from which number the next one opens. In the highest open level
    the first grade whose number is reached is given; where none is, the best grade of the level
    before. ``caps`` hold the grade down. A number that is not there opens nothing; where the first
    has none, the label is ``no_data``.

    Source: docs/sources.md, level_gate.
    """

    example: ClassVar[str] = (
        "{code: grade, title: Grade, op: level_gate, levels: [{of: a, opens_next_from: 80, grades:"
        " [{from: 45, then: D}, {then: D-}]}, {of: b, grades: [{from: 80, then: C}, {then: C-}]}],"
        ' no_data: F, clause: "6.1"}'
    )

    op: Literal["level_gate"]
    levels: Annotated[tuple[GatedLevel, ...], Field(min_length=2, max_length=20)]
    caps: tuple[GradeCap, ...] = ()
    no_data: Label

    def order(self) -> tuple[str, ...]:
        """Return the grades, the best one first."""
        return tuple(grade.then for level in reversed(self.levels) for grade in level.grades)

    def labels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.order(), self.no_data)))

    def reads(self) -> tuple[str, ...]:
        return tuple(level.of for level in self.levels)

    def read_at(self) -> list[tuple[tuple[str | int, ...], str]]:
        return [(("levels", index, "of"), level.of) for index, level in enumerate(self.levels)]

    def asks(self) -> tuple[Asked, ...]:
        return tuple(dict.fromkeys(asked for cap in self.caps for asked in cap.when.asks()))

    def faults(self, known: Known) -> list[Fault]:
        found = lower_is_better(self, known)
        for index, level in enumerate(self.levels):
            found += [Fault(("levels", index, *path), m) for path, m in self._level(index, level)]
        order = self.order()
        for place, label in enumerate(order):
            if label in order[:place]:
                found.append(Fault(("levels",), f"grade {label!r} stands twice"))
        for index, cap in enumerate(self.caps):
            path = ("caps", index)
            if cap.code in [before.code for before in self.caps[:index]]:
                found.append(
                    Fault((*path, "code"), f"{cap.code!r} is taken; a code names one thing")
                )
            found += [Fault((*path, "when", *p), m) for p, m in cap.when.faults(known)]
            if cap.at_most not in order:
                message = f"{cap.at_most!r} is no grade; allowed: {', '.join(order)}"
                found.append(Fault((*path, "at_most"), message))
        return found

    def reached(self, row: Row) -> str:
        """Return the grade that the numbers alone give."""
        best = self.no_data
        for level in self.levels:
            number = published(row, level.of)
            if number is None:
                break
            fits = (g.then for g in level.grades if g.from_ is None or number >= g.from_)
            best = next(fits, best)
            if level.opens_next_from is None or number < level.opens_next_from:
                break
        return best

    def capped_by(self, row: Row) -> tuple[GradeCap, ...]:
        """Return the caps that hold, whether or not they change the grade."""
        return tuple(cap for cap in self.caps if cap.when.exact(row))

    def exact(self, row: Row) -> str:
        reached, order = self.reached(row), self.order()
        if reached not in order:
            return reached
        return order[max(map(order.index, [reached, *(c.at_most for c in self.capped_by(row))]))]

    def columns(self, columns: Columns) -> pl.Expr:
        order = self.order()
        place = pl.lit(len(order), dtype=pl.Int32)  # past the last grade: no data
        is_open = pl.lit(True)
        for level in self.levels:
            number = published(columns, level.of)
            here = place
            for grade in reversed(level.grades):
                fits = number.numerator.is_not_null() & is_open
                if grade.from_ is not None:
                    fits &= number.at_least(Fraction(grade.from_))
                index = pl.lit(order.index(grade.then), dtype=pl.Int32)
                here = pl.when(fits).then(index).otherwise(here)
            place = here
            if level.opens_next_from is not None:
                is_open &= number.at_least(Fraction(level.opens_next_from)).fill_null(False)
        for cap in self.caps:
            lowest = pl.max_horizontal(place, pl.lit(order.index(cap.at_most), dtype=pl.Int32))
            place = pl.when(cap.when.columns(columns)).then(lowest).otherwise(place)
        return label_at(place, (*order, self.no_data))

    def bound(self, bounds: Bounds) -> Bound:
        peaks = [cap.when.peak(bounds) for cap in self.caps]
        for level in self.levels:
            number = published(bounds, level.of)
            bars = [level.opens_next_from, *(grade.from_ for grade in level.grades)]
            peaks += [number.against(Fraction(bar)) for bar in bars if bar is not None]
        return Bound(1, 1, peak=max(peaks, default=0))

    def _level(self, index: int, level: GatedLevel) -> list[Fault]:
        found = []
        is_last = index == len(self.levels) - 1
        if is_last is not (level.opens_next_from is None):
            what = (
                "the last level opens none" if is_last else "say from which number the next opens"
            )
            found.append(Fault(("opens_next_from",), what))
        bars = [grade.from_ for grade in level.grades]
        known = [bar for bar in bars if bar is not None]
        if None in bars[:-1] or sorted(set(known), reverse=True) != known:
            found.append(Fault(("grades",), "write the best grade first, each next one for less"))
        if index == 0 and bars[-1] is not None:
            found.append(Fault(("grades", len(bars) - 1, "from"), "the lowest grade is open"))
        return found


class LevelsReached(Word):
    """How many levels in a row, from the first, reach their bar.

    A number that is not there reaches none; where the first has none, there is no number.

    Source: docs/sources.md, level_gate.
    """

    example: ClassVar[str] = (
        "{code: levels, title: Levels, op: levels_reached, levels: [{of: a, from: 80},"
        ' {of: b, from: 70}], clause: "6.1"}'
    )

    op: Literal["levels_reached"]
    levels: Annotated[tuple[Reached, ...], Field(min_length=1, max_length=100)]

    def reads(self) -> tuple[str, ...]:
        return tuple(level.of for level in self.levels)

    def read_at(self) -> list[tuple[tuple[str | int, ...], str]]:
        return [(("levels", index, "of"), level.of) for index, level in enumerate(self.levels)]

    def faults(self, known: Known) -> list[Fault]:
        return lower_is_better(self, known)

    def most(self, most: Most) -> Fraction:
        return Fraction(len(self.levels))

    def exact(self, row: Row) -> Fraction | None:
        reached = 0
        for level in self.levels:
            number = row.numbers[level.of]
            if number is None or number < level.from_:
                break
            reached += 1
        return None if row.numbers[self.levels[0].of] is None else Fraction(reached)

    def columns(self, columns: Columns) -> Quotient:
        reached, held = pl.lit(0, dtype=INT), pl.lit(True)
        for level in self.levels:
            held &= columns.numbers[level.of].at_least(Fraction(level.from_)).fill_null(False)
            reached = reached + held.cast(INT)
        first = columns.numbers[self.levels[0].of].numerator
        return Quotient(pl.when(first.is_not_null()).then(reached), None, 1)

    def bound(self, bounds: Bounds) -> Bound:
        peak = max(bounds.numbers[c.of].against(Fraction(c.from_)) for c in self.levels)
        return Bound(1, len(self.levels), peak=peak)


class Reached(Part):
    """A level and the number from which it is reached."""

    of: Code
    from_: Number = Field(alias="from")


LevelsReached.model_rebuild()


def lower_is_better(word: Word, known: Known) -> list[Fault]:
    """Return a fault for each input of which less is better: a bar would be the wrong way round."""
    return [
        Fault(path, f"{code} is better when lower; turn it into points first")
        for path, code in word.read_at()
        if known.better.get(code) is Direction.LOWER
    ]


def label_at(place: pl.Expr, labels: tuple[str, ...]) -> pl.Expr:
    """Return the label at each place."""
    label = pl.lit(labels[-1])
    for index in range(len(labels) - 1):
        label = pl.when(place == index).then(pl.lit(labels[index])).otherwise(label)
    return label
