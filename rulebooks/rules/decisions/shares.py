"""Shares of votes, seats and power, exact; and the bars that they have to reach."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Annotated, ClassVar

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from rulebooks.rules.schema import Part

RATIO = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")
HINT = "write a share above 0 and at most 1, such as 0.5 or 2/3"
MOST_PLACES = 12


def share(value: object) -> Fraction:
    """Return ``value`` as an exact share: a decimal, an integer, or text such as 2/3.

    :raises ValueError: it is none, is nothing, or is more than all.
    """
    found = _fraction(value)
    if found is None:
        raise ValueError(f"{HINT}, not {value!r}")
    if not 0 < found <= 1:
        raise ValueError(f"{HINT}, not {value}")
    return found


def _fraction(value: object) -> Fraction | None:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value) if abs(value) < 10**6 else None
    if isinstance(value, str) and (ratio := RATIO.fullmatch(value)) and int(ratio[2]):
        return Fraction(int(ratio[1]), int(ratio[2]))
    return None


Share = Annotated[
    Fraction,
    BeforeValidator(share),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
                {"type": "string", "pattern": "^[0-9]{1,6}/[0-9]{1,6}$"},
            ]
        }
    ),
]
Heads = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


class Bar(Part):
    """What has to be reached: at least a share, more than a share, or a number of heads."""

    example: ClassVar[str] = "{more_than: 1/2}"

    at_least: Share | None = None
    more_than: Share | None = None
    heads: Heads | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> Bar:
        """Refuse a bar that says nothing or two things, and one that nobody can pass."""
        names = ("at_least", "more_than", "heads")
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            said = " and ".join(given) or "nothing"
            raise ValueError(f"say exactly one of {', '.join(names)}, not {said}")
        if self.more_than == 1:
            raise ValueError("nothing is more than all; for all of them write at_least: 1")
        return self

    def holds(self, reached: Fraction, heads: int) -> bool:
        """Return whether a share, and the heads that make it up, reach the bar."""
        if self.heads is not None:
            return heads >= self.heads
        if self.more_than is not None:
            return reached > self.more_than
        return reached >= self.at_least

    def least(self, of: int) -> int:
        """Return how few heads of so many reach the bar, each counting alike."""
        if self.heads is not None:
            return self.heads
        if self.more_than is not None:
            return floor(self.more_than * of) + 1
        return ceil(self.at_least * of)

    def __str__(self) -> str:
        if self.heads is not None:
            return f"at least {self.heads}"
        if self.more_than is not None:
            return f"more than {named(self.more_than)}"
        return f"at least {named(self.at_least)}"

    def shown(self, reached: Fraction) -> str:
        """Return ``reached`` in percent, with as many decimals as tell it from the bar."""
        edge = self.more_than if self.more_than is not None else self.at_least
        for places in range(1, MOST_PLACES):
            text = percent(reached, places)
            if edge is None or reached == edge or text != percent(edge, places):
                return text
        return f"{reached.numerator}/{reached.denominator}"


def percent(of_one: Fraction, places: int = 1) -> str:
    """Return a share in percent, half up to ``places`` decimals, without idle zeros: 80.7 %.

    For people to read; nothing is decided by it.
    """
    hundred, steps = of_one * 100, 10**places
    rounded = (2 * hundred.numerator * steps + hundred.denominator) // (2 * hundred.denominator)
    whole, decimals = divmod(rounded, steps)
    shown = f"{whole}.{decimals:0{places}d}".rstrip("0").rstrip(".") if places else str(whole)
    return f"{shown} %"


def named(edge: Fraction) -> str:
    """Return a bar's share as people say it: 50 %, 12.5 %, but 2/3."""
    is_short = (edge * 1000).denominator == 1
    return percent(edge) if is_short else f"{edge.numerator}/{edge.denominator}"
