"""What every scale can do."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, Literal

from rulebooks.rules.answers import Answer, State
from rulebooks.rules.quotients import Bound, Quotient
from rulebooks.rules.schema import Part


class Direction(StrEnum):
    """Which answers are better. ``NONE`` describes and is never turned into a number."""

    HIGHER = "higher"
    LOWER = "lower"
    IN_RANGE = "in_range"
    NONE = "none"


class BaseScale(Part):
    """One way to answer a KPI, and what number an answer gives.

    An answer stands in a frame as integers, one column for each of ``parts``; they are null
    unless the KPI was answered.
    """

    asked_of: ClassVar[Literal["member", "judge"]] = "member"

    @property
    def past_needed(self) -> int:
        """Return how many of the periods before are read with an answer."""
        return 0

    @property
    def past_named(self) -> str | None:
        """Return the one earlier period that is read with an answer, however long ago."""
        return None

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the endings of the columns in which an answer stands."""
        return ("",)

    def labels(self) -> tuple[str, ...]:
        """Return the labels that an answer may carry, in order; none on a scale of numbers."""
        return ()

    def better(self, direction: Direction) -> Direction:
        """Return which numbers of this scale are better, when ``direction`` says which answers."""
        return direction

    def unfit(self, direction: Direction) -> str | None:
        """Return why the scale does not go with ``direction``, None when it does."""
        return None

    def problem(self, answer: Answer) -> str | None:
        """Return what is wrong with ``answer`` and what is allowed, None when nothing is."""
        raise NotImplementedError

    def lacks(self, answer: Answer) -> tuple[State, str] | None:
        """Return why ``answer``, which is on the scale, gives no number: its state and a reason."""
        return None

    def beside(self, answer: Answer) -> str:
        """Return in words what ``answer`` is read against, empty for nothing."""
        return ""

    def integers(self, answer: Answer) -> tuple[int, ...]:
        """Return ``answer``, which is on the scale, as the integers of ``parts``."""
        raise NotImplementedError

    def exact(self, answer: Answer, direction: Direction) -> Fraction | None:
        """Return the number that ``answer`` gives, None when it gives none."""
        raise NotImplementedError

    def columns(self, code: str, direction: Direction) -> Quotient:
        """Return the same for a column of answers to the KPI ``code``."""
        raise NotImplementedError

    def bound(self, direction: Direction) -> Bound:
        """Return how large the numbers of ``columns`` can become."""
        raise NotImplementedError

    def most(self) -> Fraction | None:
        """Return the most that an answer can give, None where there is no such number."""
        raise NotImplementedError

    def below_zero(self) -> bool:
        """Return whether an answer can give less than 0."""
        return False


def points_are_never_in_range(direction: Direction) -> str | None:
    """Return what is wrong when a table of points is said to be best within a range."""
    if direction is Direction.IN_RANGE:
        return "points are better higher or lower (penalty points); in_range needs a number"
    return None
