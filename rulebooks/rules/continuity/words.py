"""What a new edition says of each thing that the one before it had, or that it brings itself.

Every requirement, KPI, obligation and target of both editions stands in exactly one declaration.
A new declaration is one class and its name in ``DECLARATIONS``.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.schema import Clause, Code, Part

What = Literal["requirement", "kpi", "obligation", "target"]
Follower = Literal["counters", "waivers"]
Codes = Annotated[tuple[Code, ...], Field(min_length=1)]
Several = Annotated[tuple[Code, ...], Field(min_length=2)]
One = Annotated[tuple[Code, ...], Field(min_length=1, max_length=1)]


class Declaration(Part):
    """What became of something: codes it had in the edition before, codes it has in this one."""

    series_goes_on: ClassVar[bool] = False

    what: What
    clause: Clause

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return each predecessor with its successor."""
        return tuple((old, new) for old in self.before() for new in self.after())

    def before(self) -> tuple[str, ...]:
        """Return the codes in the edition before."""
        return getattr(self, "was", ())

    def after(self) -> tuple[str, ...]:
        """Return the codes in this edition."""
        return getattr(self, "is_", ())

    def carried(self) -> frozenset[str]:
        """Return what follows over from predecessor to successor."""
        return frozenset(getattr(self, "carries_over", ()))


class Paired(Declaration):
    """A declaration about one or more things, each with one successor, paired in order.

    ``is`` is left out where the codes stay.
    """

    was: Codes
    is_: Codes | None = Field(default=None, alias="is")

    @model_validator(mode="after")
    def paired(self) -> Paired:
        """Refuse lists that cannot be paired."""
        if self.is_ is not None and len(self.is_) != len(self.was):
            raise ValueError(f"was has {len(self.was)} codes, is has {len(self.is_)}: pair them")
        return self

    def pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(zip(self.was, self.after(), strict=True))

    def after(self) -> tuple[str, ...]:
        return self.was if self.is_ is None else self.is_


class Same(Paired):
    """The same thing, word for word; only its code may be another.

    Series, counters, signatures and waivers go on.
    """

    example: ClassVar[str] = '{as: same, what: kpi, was: [policy, fees], clause: "10.3"}'
    series_goes_on: ClassVar[bool] = True

    as_: Literal["same"] = Field(alias="as")

    def carried(self) -> frozenset[str]:
        return frozenset(("signatures", "counters", "waivers"))


class Reworded(Paired):
    """The same thing in other words: what is asked, measured and due stays.

    Series, counters and waivers go on. Members sign a reworded requirement again, unless
    ``carries_over: [signatures]`` says otherwise, under the cited clause.
    """

    example: ClassVar[str] = (
        "{as: reworded, what: requirement, was: [R1], is: [R1], carries_over: [signatures],"
        ' clause: "10.3"}'
    )
    series_goes_on: ClassVar[bool] = True

    as_: Literal["reworded"] = Field(alias="as")
    carries_over: tuple[Literal["signatures"], ...] = ()

    def carried(self) -> frozenset[str]:
        return frozenset(("counters", "waivers", *self.carries_over))


class Changed(Paired):
    """Another thing in its place: the series breaks, numbers before and after are not compared.

    A changed requirement is signed again. Counters begin anew and waivers end, unless
    ``carries_over`` names them, under the cited clause.
    """

    example: ClassVar[str] = (
        '{as: changed, what: kpi, was: [fees], is: [fees-paid], clause: "10.3"}'
    )

    as_: Literal["changed"] = Field(alias="as")
    carries_over: tuple[Follower, ...] = ()


class Split(Declaration):
    """One thing became several; the series ends and several begin."""

    example: ClassVar[str] = (
        '{as: split, what: kpi, was: [pay], is: [wages, hours], clause: "10.3"}'
    )

    as_: Literal["split"] = Field(alias="as")
    was: One
    is_: Several = Field(alias="is")
    carries_over: tuple[Follower, ...] = ()


class Merged(Declaration):
    """Several things became one; their series end and one begins."""

    example: ClassVar[str] = (
        '{as: merged, what: kpi, was: [wages, hours], is: [pay], clause: "10.3"}'
    )

    as_: Literal["merged"] = Field(alias="as")
    was: Several
    is_: One = Field(alias="is")
    carries_over: tuple[Follower, ...] = ()


class Ended(Declaration):
    """A thing of the edition before that this one no longer has."""

    example: ClassVar[str] = '{as: ended, what: obligation, was: [mid-year-letter], clause: "10.3"}'

    as_: Literal["ended"] = Field(alias="as")
    was: Codes


class New(Declaration):
    """A thing of this edition that the one before did not have."""

    example: ClassVar[str] = '{as: new, what: requirement, is: [living-wage], clause: "10.3"}'

    as_: Literal["new"] = Field(alias="as")
    is_: Codes = Field(alias="is")


DECLARATIONS = (Same, Reworded, Changed, Split, Merged, Ended, New)

AnyDeclaration = Annotated[reduce(or_, DECLARATIONS), Field(discriminator="as_")]
