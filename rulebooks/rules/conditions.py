"""Conditions over the answers of one member: true or false, never in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import and_, or_
from typing import Annotated, Any, ClassVar

import polars as pl
from pydantic import Discriminator, Field, Tag

from rulebooks.rules.answers import Answer, State
from rulebooks.rules.document import Fault
from rulebooks.rules.indicators import Kpi, in_states
from rulebooks.rules.schema import Code, Label, Part

Answers = Mapping[str, Answer]
Kpis = Mapping[str, Kpi]


class Is(Part):
    """Holds when the KPI was answered with one of these labels; of several, one is enough."""

    example: ClassVar[str] = "{kpi: a, is: [written, written and public]}"

    kpi: Code
    labels: Annotated[tuple[Label, ...], Field(min_length=1, alias="is")]

    def exact(self, answers: Answers) -> bool:
        """Return whether it holds for ``answers``."""
        answer = answers[self.kpi]
        return answer.state is State.ANSWERED and not set(self.labels).isdisjoint(answer.labels)

    def columns(self, kpis: Kpis) -> pl.Expr:
        """Return the same for columns of answers."""
        mask = kpis[self.kpi].scale.mask(self.labels)
        return ((pl.col(self.kpi) & mask) != 0).fill_null(False)

    def reads(self) -> Iterator[str]:
        """Yield each KPI that is asked."""
        yield self.kpi

    def faults(self, kpis: Kpis) -> Iterator[Fault]:
        """Yield what cannot be asked of ``kpis``."""
        if self.kpi not in kpis:
            yield Fault(("kpi",), f"{self.kpi!r} is not a KPI; allowed: {', '.join(kpis)}")
            return
        allowed = kpis[self.kpi].scale.labels()
        for index, label in enumerate(self.labels):
            if label not in allowed:
                known = ", ".join(allowed) or "none, its scale has no labels"
                yield Fault(("is", index), f"{label!r} is not on the scale; allowed: {known}")


class InState(Part):
    """Holds when the answer to the KPI is in one of these states."""

    example: ClassVar[str] = "{kpi: a, state: [missing, unknown]}"

    kpi: Code
    state: Annotated[tuple[State, ...], Field(min_length=1)]

    def exact(self, answers: Answers) -> bool:
        """Return whether it holds for ``answers``."""
        return answers[self.kpi].state in self.state

    def columns(self, kpis: Kpis) -> pl.Expr:
        """Return the same for columns of answers."""
        return in_states(self.kpi, self.state)

    def reads(self) -> Iterator[str]:
        """Yield each KPI that is asked."""
        yield self.kpi

    def faults(self, kpis: Kpis) -> Iterator[Fault]:
        """Yield what cannot be asked of ``kpis``."""
        if self.kpi not in kpis:
            yield Fault(("kpi",), f"{self.kpi!r} is not a KPI; allowed: {', '.join(kpis)}")


class All(Part):
    """Holds when each of its conditions holds."""

    example: ClassVar[str] = '{all: [{kpi: a, is: ["yes"]}, {kpi: b, is: ["yes"]}]}'

    of: Annotated[tuple[Condition, ...], Field(min_length=1, alias="all")]

    def exact(self, answers: Answers) -> bool:
        """Return whether it holds for ``answers``."""
        return all(condition.exact(answers) for condition in self.of)

    def columns(self, kpis: Kpis) -> pl.Expr:
        """Return the same for columns of answers."""
        return reduce(and_, [condition.columns(kpis) for condition in self.of])

    def reads(self) -> Iterator[str]:
        """Yield each KPI that is asked."""
        for condition in self.of:
            yield from condition.reads()

    def faults(self, kpis: Kpis) -> Iterator[Fault]:
        """Yield what cannot be asked of ``kpis``."""
        for index, condition in enumerate(self.of):
            for path, message in condition.faults(kpis):
                yield Fault(("all", index, *path), message)


class Any_(Part):
    """Holds when at least one of its conditions holds."""

    example: ClassVar[str] = '{any: [{kpi: a, is: ["yes"]}, {kpi: b, is: ["yes"]}]}'

    of: Annotated[tuple[Condition, ...], Field(min_length=1, alias="any")]

    def exact(self, answers: Answers) -> bool:
        """Return whether it holds for ``answers``."""
        return any(condition.exact(answers) for condition in self.of)

    def columns(self, kpis: Kpis) -> pl.Expr:
        """Return the same for columns of answers."""
        return reduce(or_, [condition.columns(kpis) for condition in self.of])

    def reads(self) -> Iterator[str]:
        """Yield each KPI that is asked."""
        for condition in self.of:
            yield from condition.reads()

    def faults(self, kpis: Kpis) -> Iterator[Fault]:
        """Yield what cannot be asked of ``kpis``."""
        for index, condition in enumerate(self.of):
            for path, message in condition.faults(kpis):
                yield Fault(("any", index, *path), message)


class Not(Part):
    """Holds when its condition does not."""

    example: ClassVar[str] = '{not: {kpi: a, is: ["yes"]}}'

    of: Condition = Field(alias="not")

    def exact(self, answers: Answers) -> bool:
        """Return whether it holds for ``answers``."""
        return not self.of.exact(answers)

    def columns(self, kpis: Kpis) -> pl.Expr:
        """Return the same for columns of answers."""
        return ~self.of.columns(kpis)

    def reads(self) -> Iterator[str]:
        """Yield each KPI that is asked."""
        yield from self.of.reads()

    def faults(self, kpis: Kpis) -> Iterator[Fault]:
        """Yield what cannot be asked of ``kpis``."""
        for path, message in self.of.faults(kpis):
            yield Fault(("not", *path), message)


CONDITIONS = {"is": Is, "state": InState, "all": All, "any": Any_, "not": Not}


def _word(value: Any) -> str | None:
    """Return which key says what kind of condition ``value`` is."""
    if isinstance(value, dict):
        return next((_tag(key) for key in CONDITIONS if key in value), None)
    return next((_tag(key) for key, made in CONDITIONS.items() if type(value) is made), None)


def _tag(key: str) -> str:
    """Return the name of a condition in errors; no key of a document is called so."""
    return f"condition:{key}"


Condition = Annotated[
    reduce(or_, [Annotated[made, Tag(_tag(key))] for key, made in CONDITIONS.items()]),
    Discriminator(
        _word,
        custom_error_type="condition",
        custom_error_message="must be a condition: kpi with is or state, or all, any, not",
    ),
]

for made in (All, Any_, Not):
    made.model_rebuild()
