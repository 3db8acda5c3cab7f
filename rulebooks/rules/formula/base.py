"""What every node of a formula can do: exact form, columns, bound and unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rulebooks.rules.quotients import Bound, Quotient, common_bounds
from rulebooks.rules.units import Measure


class NoNumber(Exception):
    """A formula comes to no number for a member, and why."""


class FormulaError(ValueError):
    """A formula cannot be used; ``at`` is the character where, counted from 1."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(f"at character {at}: {message}")
        self.at = at


@dataclass(frozen=True, slots=True)
class Expression:
    """A part of a formula, which begins at the character ``at``."""

    at: int

    @property
    def children(self) -> tuple[Expression, ...]:
        """Return the parts that it is made of."""
        return ()

    def names(self) -> Iterator[Expression]:
        """Yield the names in it, from left to right, each with its ``code``."""
        for child in self.children:
            yield from child.names()

    def size(self) -> int:
        """Return how many nodes it has."""
        return 1 + sum(child.size() for child in self.children)

    def exact(self, numbers: Mapping[str, Fraction | None]) -> Fraction:
        """Return its number.

        :raises NoNumber: a name has none, or something is divided by zero.
        """
        raise NotImplementedError

    def columns(self, numbers: Mapping[str, Quotient]) -> Quotient:
        """Return the same for a frame of members; null where there is no number."""
        raise NotImplementedError

    def bound(self, bounds: Mapping[str, Bound]) -> Bound:
        """Return how large the numbers of ``columns`` can become."""
        raise NotImplementedError

    def measure(self, measures: Mapping[str, Measure]) -> Measure:
        """Return what its number is measured in.

        :raises FormulaError: units that do not go together.
        """
        raise NotImplementedError


def alike(parts: tuple[Expression, ...], measures: Mapping[str, Measure]) -> Measure:
    """Return the unit that all ``parts`` are in.

    :raises FormulaError: at the first that is in another one.
    """
    first = parts[0].measure(measures)
    for part in parts[1:]:
        other = part.measure(measures)
        if problem := first.mismatch(other):
            raise FormulaError(part.at, problem)
        first = other if first.plain else first
    return first


def shared_bounds(
    parts: tuple[Expression, ...], bounds: Mapping[str, Bound]
) -> tuple[list[int], int, int, int]:
    """Return the bounds of terms, denominator and scale that ``common`` gives, and the peak."""
    given = [part.bound(bounds) for part in parts]
    return *common_bounds(given), max(one.peak for one in given)
