"""What every condition can do, and what it can be about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import polars as pl
from pydantic import model_validator

from rulebooks.rules.document import Fault
from rulebooks.rules.rows import Asked, Bounds, Columns, Known, Row
from rulebooks.rules.schema import Code, Part

SUBJECTS = ("kpi", "node", "member")


class BaseCondition(Part):
    """Something that holds for a member or does not."""

    def exact(self, row: Row) -> bool:
        """Return whether it holds for one member."""
        raise NotImplementedError

    def columns(self, columns: Columns) -> pl.Expr:
        """Return the same for a frame of members, never null."""
        raise NotImplementedError

    def peak(self, bounds: Bounds) -> int:
        """Return the largest number met in ``columns``."""
        return 0

    def asks(self) -> Iterator[Asked]:
        """Yield each KPI, node and attribute that is asked, in the order written."""
        raise NotImplementedError

    def faults(self, known: Known) -> Iterator[Fault]:
        """Yield what cannot be asked of what is ``known``."""
        raise NotImplementedError


class About(BaseCondition):
    """A condition about one KPI, one node, or one attribute of the member."""

    subjects: ClassVar[tuple[str, ...]] = SUBJECTS

    kpi: Code | None = None
    node: Code | None = None
    member: Code | None = None

    @model_validator(mode="after")
    def about_one(self) -> About:
        """Refuse a condition about nothing, or about two things at once."""
        if sum(getattr(self, name) is not None for name in SUBJECTS) != 1:
            raise ValueError(f"must be about one of: {', '.join(self.subjects)}")
        return self

    @property
    def asked(self) -> Asked:
        """Return what it is about."""
        name = next(name for name in SUBJECTS if getattr(self, name) is not None)
        return Asked(name, getattr(self, name))

    def asks(self) -> Iterator[Asked]:
        yield self.asked

    def faults(self, known: Known) -> Iterator[Fault]:
        about, code = self.asked
        held = {"kpi": known.kpis, "node": known.nodes, "member": known.attributes}[about]
        what = {"kpi": "a KPI", "node": "a node before this one", "member": "an attribute"}[about]
        if about not in self.subjects:
            yield Fault((about,), f"cannot be asked of a {about}; {' or '.join(self.subjects)} can")
        elif code not in held:
            yield Fault(
                (about,), f"{code!r} is not {what}; allowed: {', '.join(held) or 'none is there'}"
            )
        else:
            yield from self.misfits(known)

    def misfits(self, known: Known) -> Iterator[Fault]:
        """Yield what does not fit the KPI, node or attribute, which is known."""
        yield from ()
