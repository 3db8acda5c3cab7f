"""What a member answers to one KPI."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class State(StrEnum):
    """How far a KPI was answered.

    ``UNKNOWN`` is an answer ("we do not know"), ``MISSING`` is none; a KPI's missing-data policy
    treats both alike, conditions can tell them apart. ``NOT_APPLICABLE`` leaves the KPI out.
    """

    ANSWERED = "answered"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, with what its KPI's scale asks for: a number, two numbers, or labels."""

    state: State
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    labels: tuple[str, ...] = ()


MISSING = Answer(State.MISSING)
