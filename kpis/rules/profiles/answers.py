"""Tables of answers, which become filed returns."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kpis.rules.profiles.cells import Cell, Column, Fixed, SomeDay, Written
from rulebooks.rules.schema import Code, Part, Table


class GivenPeriod(Part):
    """The period is said when the import is run, the same for the whole file."""

    given: Literal[True]


class Long(Part):
    """One row for each member, KPI and period."""

    kind: Literal["long"]
    kpi: Written | Fixed
    value: Column
    denominator: Column | None = None


class Wide(Part):
    """One row for each member and period, a column for each KPI (code → column)."""

    kind: Literal["wide"]
    columns: Table[Code, Column]
    denominators: Table[Code, Column] | None = None


class Answers(Part):
    """How answers are written. Labels of a KPI are translated by ``labels`` where it is listed."""

    missing: tuple[Cell, ...] = ("",)
    unknown: tuple[Cell, ...] = ()
    not_applicable: tuple[Cell, ...] = ()
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    separator: Annotated[str, StringConstraints(min_length=1, max_length=3)] = ","
    labels: Table[Code, Table[Cell, Cell]] | None = None


class SiteIn(Part):
    """For which site a row answers (empty: for the member itself); an unknown one is added."""

    column: Column
    name: Column | None = None
    country: Column | None = None


class Values(Part):
    """Answers, which become filed returns."""

    kind: Literal["values"]
    period: Written | Fixed | GivenPeriod
    site: SiteIn | None = None
    filed_on: SomeDay | Literal["due"] = "due"
    layout: Annotated[Long | Wide, Field(discriminator="kind")]
    answers: Answers = Answers()
