"""Scales whose answers are labels. In a frame an answer is one integer, a bit for each label."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.answers import Answer
from rulebooks.rules.quotients import INT, Bound, Quotient, integers, total, whole
from rulebooks.rules.scales.base import BaseScale, Direction, points_are_never_in_range
from rulebooks.rules.schema import Label, Number, Table

MAX_LABELS = 62
Upto62 = Field(max_length=MAX_LABELS)


class Labelled(BaseScale):
    """Answers are labels of a closed list."""

    @cached_property
    def bits(self) -> Mapping[str, int]:
        """Return the bit of each label: the first is 1, the next 2, then 4."""
        return {label: 1 << place for place, label in enumerate(self.labels())}

    def mask(self, labels: tuple[str, ...]) -> int:
        """Return the bits of ``labels`` as one integer."""
        return sum(self.bits[label] for label in set(labels))

    def integers(self, answer: Answer) -> tuple[int, ...]:
        return (self.mask(answer.labels),)

    def unfit(self, direction: Direction) -> str | None:
        return points_are_never_in_range(direction)

    def problem(self, answer: Answer) -> str | None:
        if strays := [label for label in answer.labels if label not in self.bits]:
            return f"{strays[0]!r} is not on the scale: {', '.join(self.labels())}"
        if len(answer.labels) != 1:
            return f"needs one of: {', '.join(self.labels())}"
        return None


class OneLabel(Labelled):
    """One label out of a list, which ``gives`` says the points of."""

    def gives(self, direction: Direction) -> Mapping[str, Decimal | None]:
        """Return the points of each label, None for a label that gives no number."""
        raise NotImplementedError

    def exact(self, answer: Answer, direction: Direction) -> Fraction | None:
        points = self.gives(direction)[answer.labels[0]]
        return None if points is None else Fraction(points)

    def columns(self, code: str, direction: Direction) -> Quotient:
        points, scale = self._points(direction)
        nothing = pl.lit(None, dtype=INT)
        numerator = pl.when(pl.col(code).is_null()).then(nothing).otherwise(nothing)  # a column
        for label, gives in points.items():
            is_it = pl.col(code) == self.mask((label,))
            numerator = pl.when(is_it).then(whole(gives)).otherwise(numerator)
        return Quotient(numerator, None, scale)

    def bound(self, direction: Direction) -> Bound:
        points, scale = self._points(direction)
        return Bound(scale, max(map(abs, points.values()), default=0))

    def most(self) -> Fraction | None:
        given = [points for points in self.gives(Direction.HIGHER).values() if points is not None]
        return Fraction(max(given)) if given else None

    def below_zero(self) -> bool:
        given = self.gives(Direction.HIGHER).values()
        return any(points is not None and points < 0 for points in given)

    def _points(self, direction: Direction) -> tuple[dict[str, int], int]:
        given = {c: points for c, points in self.gives(direction).items() if points is not None}
        numerators, scale = integers([Fraction(points) for points in given.values()])
        return dict(zip(given, numerators, strict=True)), scale


class YesNo(OneLabel):
    """Yes or no, worth 1 or 0: the better answer is 1, and ``direction`` says which it is.

    With ``higher`` yes is better, with ``lower`` no ("Did children work at your sites?").
    """

    example: ClassVar[str] = "{kind: yes_no}"

    kind: Literal["yes_no"]

    def labels(self) -> tuple[str, ...]:
        return ("yes", "no")

    def better(self, direction: Direction) -> Direction:
        return Direction.NONE if direction is Direction.NONE else Direction.HIGHER

    def gives(self, direction: Direction) -> Mapping[str, Decimal]:
        better, worse = _best_first(self.labels(), direction)
        return {better: Decimal(1), worse: Decimal(0)}


class YesPartlyNo(OneLabel):
    """Yes, partly or no: the better end is worth 1, the other 0, partly as said.

    With ``direction: higher`` yes is better, with ``lower`` no. ``partly`` is worth a half unless
    the scale says otherwise.

    Source: docs/sources.md, yes_partly_no.
    """

    example: ClassVar[str] = "{kind: yes_partly_no, partly: 0.5}"

    kind: Literal["yes_partly_no"]
    partly: Annotated[Number, Field(ge=0, le=1)] = Decimal("0.5")

    def labels(self) -> tuple[str, ...]:
        return ("yes", "partly", "no")

    def better(self, direction: Direction) -> Direction:
        return Direction.NONE if direction is Direction.NONE else Direction.HIGHER

    def gives(self, direction: Direction) -> Mapping[str, Decimal]:
        better, _, worse = _best_first(self.labels(), direction)
        return {better: Decimal(1), "partly": self.partly, worse: Decimal(0)}


class LabelScale(OneLabel):
    """One label out of a list, each with its points; a label with null gives no number.

    The answer is points already: ``higher`` means points earned, ``lower`` penalty points.
    """

    example: ClassVar[str] = "{kind: labels, points: {fully: 90, partly: 30, no data: null}}"

    kind: Literal["labels"]
    points: Annotated[Table[Label, Number | None], Upto62]

    def labels(self) -> tuple[str, ...]:
        return tuple(self.points)

    def gives(self, direction: Direction) -> Mapping[str, Decimal | None]:
        return self.points


class Judgement(LabelScale):
    """A label that a named judge chooses and gives reasons for; the member is not asked.

    ``by`` says who judges: the ``auditor`` assigned to the member, or the ``secretariat``. The
    label is the answer and has points as on a scale of labels; the reasons are kept beside it.

    Source: docs/sources.md, judgement.
    """

    asked_of: ClassVar[Literal["member", "judge"]] = "judge"
    example: ClassVar[str] = (
        "{kind: judgement, by: auditor, points: {good-faith effort with improvement: 1, none: 0}}"
    )

    kind: Literal["judgement"]
    by: Literal["auditor", "secretariat"]


class Choices(Labelled):
    """Any number of labels, none included; the points of those chosen add up, to ``at_most``.

    The answer is points already: ``higher`` means points earned, ``lower`` penalty points.
    """

    example: ClassVar[str] = "{kind: choices, points: {hotline: 30, training: 80}, at_most: 100}"

    kind: Literal["choices"]
    points: Annotated[Table[Label, Number], Upto62]
    at_most: Number | None = None

    def labels(self) -> tuple[str, ...]:
        return tuple(self.points)

    def problem(self, answer: Answer) -> str | None:
        if len(answer.labels) == 1:
            return super().problem(answer)
        if len(set(answer.labels)) != len(answer.labels):
            return "names a label twice; name each once"
        return None if self.bits.keys() >= set(answer.labels) else super().problem(answer)

    def exact(self, answer: Answer, direction: Direction) -> Fraction:
        points = sum((Fraction(self.points[label]) for label in answer.labels), Fraction(0))
        return points if self.at_most is None else min(points, Fraction(self.at_most))

    def columns(self, code: str, direction: Direction) -> Quotient:
        *points, cap = self._points()[0]
        scale = self._points()[1]
        chosen = [
            ((pl.col(code) & (1 << bit)) != 0).cast(INT) * whole(gives)
            for bit, gives in enumerate(points)
        ]
        numerator = total(chosen)
        if self.at_most is not None:
            numerator = pl.min_horizontal(numerator, whole(cap))
        return Quotient(pl.when(pl.col(code).is_not_null()).then(numerator), None, scale)

    def bound(self, direction: Direction) -> Bound:
        points, scale = self._points()
        return Bound(scale, sum(map(abs, points)))

    def most(self) -> Fraction:
        most = sum((Fraction(p) for p in self.points.values() if p > 0), Fraction(0))
        return most if self.at_most is None else min(most, Fraction(self.at_most))

    def below_zero(self) -> bool:
        return any(points < 0 for points in self.points.values())

    def _points(self) -> tuple[list[int], int]:
        points = [Fraction(points) for points in self.points.values()]
        return integers([*points, Fraction(self.at_most or 0)])


def _best_first(labels: tuple[str, ...], direction: Direction) -> tuple[str, ...]:
    return labels[::-1] if direction is Direction.LOWER else labels
