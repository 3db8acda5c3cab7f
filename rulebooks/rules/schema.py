"""The types that every part of an edition is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

EVERYONE = "all"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1900, 2201)  # far enough from the ends of the calendar to reckon with


class Part(BaseModel):
    """One part of an edition: frozen, and nothing in it that is not declared.

    The first sentence of its docstring says what it means; ``example`` is one, as a document
    writes it on one line. The published schema and the reference page are made of both.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    example: ClassVar[str] = ""


def day(value: object) -> object:
    """Return ``value`` as a day when it is text of the form YYYY-MM-DD.

    :raises ValueError: the text is no day of the calendar.
    """
    if not isinstance(value, str):
        return value
    try:
        found = date.fromisoformat(value) if DAY.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None:
        raise ValueError("write a day of the calendar as YYYY-MM-DD, for example 2026-03-31")
    if found.year not in YEARS:
        raise ValueError(f"a day lies in the years {YEARS[0]} to {YEARS[-1]}")
    return found


def number(value: object) -> object:
    """Return ``value`` when it is an exact number: an integer or a decimal.

    :raises ValueError: it is text, a truth value or a float.
    """
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    shown = repr(value) if len(repr(value)) <= 42 else f"{repr(value)[:40]}…"
    raise ValueError(f"must be a number such as 3 or 0.25, without quotes, not {shown}")


Key = TypeVar("Key")
Value = TypeVar("Value")

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Clause = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Day = Annotated[date, BeforeValidator(day)]
Days = Annotated[int, Field(ge=0, le=3_660, strict=True)]
Months = Annotated[int, Field(ge=0, le=120, strict=True)]
Number = Annotated[Decimal, BeforeValidator(number), Field(max_digits=30, decimal_places=12)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Table = Annotated[
    Mapping[Key, Value],
    AfterValidator(MappingProxyType),
    PlainSerializer(dict),
    Field(min_length=1),
]
Selection = Literal["all"] | Annotated[tuple[Code, ...], Field(min_length=1)]


def selects(selection: Selection, code: str) -> bool:
    """Return whether ``selection`` (everything, or a list of codes) takes in ``code``."""
    return selection == EVERYONE or code in selection
