"""Grades: a number as a label, and labels counted."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field, model_validator

from rulebooks.rules.aggregation.base import (
    Bounds,
    Columns,
    Known,
    Labelled,
    Row,
    published,
)
from rulebooks.rules.document import Fault
from rulebooks.rules.ends import Ends, holes
from rulebooks.rules.quotients import INT, Bound, total
from rulebooks.rules.rows import Asked
from rulebooks.rules.schema import Code, Label, Part


class GradeStep(Ends):
    """One grade and the numbers that earn it."""

    then: Label


class Grade(Labelled):
    """One number as a grade; the grades take in every number once.

    It reads the published number. Where there is none, the label is ``no_data``.

    Source: docs/sources.md, grade.
    """

    example: ClassVar[str] = (
        "{code: area, title: Area, op: grade, of: a, grades: [{from: 86, then: A},"
        ' {below: 86, then: B}], no_data: Not rated, clause: "6.1"}'
    )

    op: Literal["grade"]
    of: Code
    grades: Annotated[tuple[GradeStep, ...], Field(min_length=2, max_length=100)]
    no_data: Label

    def labels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(step.then for step in self.grades), self.no_data)))

    def reads(self) -> tuple[str, ...]:
        return (self.of,)

    def read_at(self) -> list[tuple[tuple[str], str]]:
        return [(("of",), self.of)]

    def faults(self, known: Known) -> list[Fault]:
        node = known.nodes.get(self.of)
        step = None if node is None or node.rounding == "none" else node.rounding.step
        names = [step.then for step in self.grades]
        return [
            Fault(("grades", index), message)
            for index, _, message in holes(self.grades, names, step)
        ]

    def exact(self, row: Row) -> str:
        number = published(row, self.of)
        if number is None:
            return self.no_data
        return next(step.then for step in self.grades if step.holds(number))

    def columns(self, columns: Columns) -> pl.Expr:
        number = published(columns, self.of)
        label = pl.lit(self.no_data)
        for step in self.grades:
            label = pl.when(step.columns(number)).then(pl.lit(step.then)).otherwise(label)
        return label

    def bound(self, bounds: Bounds) -> Bound:
        number = published(bounds, self.of)
        return Bound(1, 1, peak=max(step.peak(number) for step in self.grades))


class Tally(Part):
    """How many of the inputs have one of these grades."""

    grades: Annotated[tuple[Label, ...], Field(min_length=1)]
    at_least: Annotated[int, Field(ge=1, strict=True)] | None = None
    at_most: Annotated[int, Field(ge=0, strict=True)] | None = None

    @model_validator(mode="after")
    def says_something(self) -> Tally:
        """Refuse a tally without a bar, or one that nothing can meet."""
        if self.at_least is None and self.at_most is None:
            raise ValueError("needs at_least, at_most or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least may not be above at_most")
        return self

    def holds(self, count: int) -> bool:
        """Return whether ``count`` grades are enough, and not too many."""
        return (self.at_least is None or count >= self.at_least) and (
            self.at_most is None or count <= self.at_most
        )

    def columns(self, counted: pl.Expr) -> pl.Expr:
        """Return the same for a column of counts."""
        held = pl.lit(True)
        if self.at_least is not None:
            held &= counted >= self.at_least
        if self.at_most is not None:
            held &= counted <= self.at_most
        return held


class GradeCase(Part):
    """One overall grade, and the counts that all must hold for it."""

    then: Label
    needs: Annotated[tuple[Tally, ...], Field(min_length=1)]


class CountOfGrades(Labelled):
    """An overall grade from how often each grade was given: the first case that holds.

    ``of`` names KPIs answered by a label, and nodes that publish one. Where fewer than
    ``at_least_graded`` of them have one of ``grades``, the label is ``no_data``.

    Source: docs/sources.md, count_of_grades.
    """

    example: ClassVar[str] = (
        "{code: overall, title: Overall, op: count_of_grades, of: [a, b], grades: [A, B, C],"
        " cases: [{then: A, needs: [{grades: [A], at_least: 2}]}, {then: B, needs: [{grades: [C],"
        ' at_most: 0}]}], otherwise: C, at_least_graded: 2, no_data: Not rated, clause: "6.1"}'
    )

    op: Literal["count_of_grades"]
    of: Annotated[tuple[Code, ...], Field(min_length=1)]
    grades: Annotated[tuple[Label, ...], Field(min_length=2)]
    cases: Annotated[tuple[GradeCase, ...], Field(min_length=1)]
    otherwise: Label
    at_least_graded: Annotated[int, Field(ge=1, le=1_000, strict=True)]
    no_data: Label

    def labels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(c.then for c in self.cases), self.otherwise, self.no_data)))

    def asks(self) -> tuple[Asked, ...]:
        return tuple(Asked("input", code) for code in self.of)

    def faults(self, known: Known) -> list[Fault]:
        found = [
            Fault(("of", index), problem)
            for index, code in enumerate(self.of)
            if (problem := self._problem(index, code, known))
        ]
        if self.at_least_graded > len(self.of):
            message = f"more than the {len(self.of)} inputs there are; nobody would be graded"
            found.append(Fault(("at_least_graded",), message))
        return [*found, *self._strange_grades()]

    def exact(self, row: Row) -> str:
        given = [self._grade(row, code) for code in self.of]
        if sum(grade in self.grades for grade in given) < self.at_least_graded:
            return self.no_data
        for case in self.cases:
            if all(t.holds(sum(grade in t.grades for grade in given)) for t in case.needs):
                return case.then
        return self.otherwise

    def columns(self, columns: Columns) -> pl.Expr:
        label = pl.lit(self.otherwise)
        for case in reversed(self.cases):
            held = [tally.columns(self._count(columns, tally.grades)) for tally in case.needs]
            label = pl.when(pl.all_horizontal(held)).then(pl.lit(case.then)).otherwise(label)
        graded = self._count(columns, self.grades) >= self.at_least_graded
        return pl.when(graded).then(label).otherwise(pl.lit(self.no_data))

    def bound(self, bounds: Bounds) -> Bound:
        return Bound(1, 1)

    def _grade(self, row: Row, code: str) -> str | None:
        if code in row.labels:
            return row.labels[code]
        return next(iter(row.answers[code].labels), None)

    def _count(self, columns: Columns, grades: tuple[str, ...]) -> pl.Expr:
        return total([self._has_one(columns, code, grades).cast(INT) for code in self.of])

    def _has_one(self, columns: Columns, code: str, grades: tuple[str, ...]) -> pl.Expr:
        if code in columns.labels:
            return columns.labels[code].is_in(list(grades))
        scale = columns.kpis[code].scale
        mask = scale.mask(tuple(grade for grade in grades if grade in scale.labels()))
        return ((pl.col(code) & mask) != 0).fill_null(False)

    def _problem(self, index: int, code: str, known: Known) -> str | None:
        if code in self.of[:index]:
            return f"{code!r} stands twice; name each input once"
        if code in known.nodes:
            labels = known.nodes[code].labels() if known.nodes[code].labelled else ()
        elif code in known.kpis:
            several = known.kpis[code].scale.kind == "choices"
            labels = () if several else known.kpis[code].scale.labels()
        else:
            return f"{code!r} is no KPI, and no node before this one"
        if set(labels).isdisjoint(self.grades):
            return f"{code} never has one of the grades {', '.join(self.grades)}"
        return None

    def _strange_grades(self) -> list[Fault]:
        return [
            Fault(
                ("cases", index, "needs", place, "grades"),
                f"{grade!r} is no grade; allowed: {', '.join(self.grades)}",
            )
            for index, case in enumerate(self.cases)
            for place, tally in enumerate(case.needs)
            for grade in tally.grades
            if grade not in self.grades
        ]
