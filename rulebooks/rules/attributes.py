"""Attributes of a member that rules may ask: class, chamber, years of membership, size, region.

``class``, ``chamber`` and ``size`` are there in every edition; the others stand under
``attributes``. A new word is one class and its name in ``ATTRIBUTES``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.quotients import INT, Bound, Quotient
from rulebooks.rules.schema import Clause, Code, Label, Part, Table, Title

MOST_YEARS = 1_000
SUBMISSIONS = ("on_time", "late", "incomplete", "missing", "under_verification")
Day = Literal["about_from", "about_until", "opens_on", "due_on", "late_until"]


class Attribute(Part):
    """Something that is known of a member beside its answers. It is null where it is not known."""

    confidentiality: ClassVar[str] = "public"

    code: Code
    title: Title
    clause: Clause

    def labels(self) -> tuple[str, ...]:
        """Return the labels that it can have, in order; none for a number."""
        return ()

    def problem(self, value: str | int) -> str | None:
        """Return what is wrong with ``value`` and what is allowed, None when nothing is."""
        raise NotImplementedError

    def integer(self, value: str | int | None) -> int | None:
        """Return ``value`` as it stands in a frame."""
        raise NotImplementedError


class Labelled(Attribute):
    """An attribute that is one label of a closed list."""

    def problem(self, value: str | int) -> str | None:
        if value in self.labels():
            return None
        return f"{value!r} is no {self.code}; allowed: {', '.join(self.labels())}"

    def integer(self, value: str | int | None) -> int | None:
        return None if value is None else self.labels().index(value)

    def is_one_of(self, labels: Iterable[str]) -> pl.Expr:
        """Return whether the attribute is one of ``labels``, false where it is not known."""
        places = [self.labels().index(label) for label in labels]
        return pl.col(column(self.code)).is_in(places).fill_null(False)


class CountryGroup(Labelled):
    """The group of countries that the member's country belongs to, or ``otherwise``."""

    example: ClassVar[str] = (
        "{kind: country_group, code: region, title: Region, groups: {north: [DE, SE],"
        ' south: [BD]}, otherwise: other, clause: "2.4"}'
    )

    kind: Literal["country_group"]
    groups: Table[Label, tuple[Label, ...]]
    otherwise: Label | None

    def labels(self) -> tuple[str, ...]:
        rest = () if self.otherwise is None else (self.otherwise,)
        return tuple(dict.fromkeys((*self.groups, *rest)))

    def group(self, country: str) -> str | None:
        """Return the group of ``country``; ``otherwise`` where it is in none."""
        return self._by_country.get(country.strip().casefold(), self.otherwise)

    @cached_property
    def _by_country(self) -> Mapping[str, str]:
        return {c.casefold(): group for group, names in self.groups.items() for c in names}


class Tenure(Attribute):
    """Whole years of membership on a named day of the period that is scored."""

    example: ClassVar[str] = (
        '{kind: tenure, code: tenure, title: Years of membership, on: opens_on, clause: "2.2"}'
    )

    kind: Literal["tenure"]
    on: Day

    def years(self, *, joined_on: date, on: date) -> int:
        """Return how many years of membership are complete on ``on``; 0 before the first is.

        Who joined on 29 February completes a year on 28 February.
        """
        birthday = (on.month, on.day) >= (joined_on.month, joined_on.day)
        leap = (joined_on.month, joined_on.day) == (2, 29) and (on.month, on.day) == (2, 28)
        return max(0, on.year - joined_on.year - (not (birthday or leap)))

    def problem(self, value: str | int) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_YEARS:
            return None
        return f"{value!r} is no number of years; allowed: 0 to {MOST_YEARS}"

    def integer(self, value: str | int | None) -> int | None:
        return None if value is None else int(value)

    def number(self) -> Quotient:
        """Return the column of years."""
        return Quotient(pl.col(column(self.code)).cast(INT), None, 1)

    def bound(self) -> Bound:
        """Return how many years there can be."""
        return Bound(1, MOST_YEARS)


class Submission(Labelled):
    """How the return of the period came in: on time, late, incomplete, missing, being verified.

    ``under_verification`` holds while an auditor's word is still wanted on a value that needs it,
    ``incomplete`` when the filed return was found to be so; each goes before on time and late.
    """

    example: ClassVar[str] = '{kind: submission, code: return, title: The return, clause: "7.1"}'

    kind: Literal["submission"]

    def labels(self) -> tuple[str, ...]:
        return SUBMISSIONS

    def state(self, *, filed_on: date | None, due_on: date, incomplete: bool, waits: bool) -> str:
        """Return the state of a return, None in ``filed_on`` for one that was not filed."""
        if filed_on is None:
            return "missing"
        if incomplete:
            return "incomplete"
        if waits:
            return "under_verification"
        return "on_time" if filed_on <= due_on else "late"


ATTRIBUTES = (CountryGroup, Tenure, Submission)

AnyAttribute = Annotated[reduce(or_, ATTRIBUTES), Field(discriminator="kind")]


class Given(Labelled):
    """An attribute that every edition has: class of membership, chamber, size band."""

    values: tuple[str, ...]

    def labels(self) -> tuple[str, ...]:
        return self.values


def built_in(
    classes: Iterable[str], chambers: Iterable[str], sizes: Iterable[str]
) -> tuple[Attribute, ...]:
    """Return the attributes that every edition has."""
    return (
        Given(code="class", title="Class of membership", clause="classes", values=tuple(classes)),
        Given(code="chamber", title="Chamber", clause="chambers", values=tuple(chambers)),
        Given(code="size", title="Size", clause="sizes", values=tuple(sizes)),
    )


def column(code: str) -> str:
    """Return the name of an attribute's column; no KPI or node is called so."""
    return f"/attribute/{code}"
