"""What a member answers to one KPI, and what the answer is read with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Policy = Literal["zero", "leave_out", "knock_out", "not_scored"]


class State(StrEnum):
    """How far a KPI was answered.

    ``UNKNOWN`` is an answer ("we do not know"), ``MISSING`` is none; ``NOT_ENOUGH_DATA`` is never
    answered but found: an answer is there and cannot be turned into a number, for lack of a
    baseline or a rate. A KPI's missing-data policy treats all three alike, conditions can tell
    them apart. ``NOT_APPLICABLE`` leaves the KPI out. Zero is an answer.
    """

    ANSWERED = "answered"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    NOT_ENOUGH_DATA = "not_enough_data"


STATES = tuple(State)
SILENT = (State.MISSING, State.UNKNOWN, State.NOT_ENOUGH_DATA)
STATED = (State.ANSWERED, State.MISSING, State.UNKNOWN, State.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Past:
    """The answer for an earlier period; ``published``: it stood in a published scorecard."""

    period: str
    year: int
    answer: Answer
    published: bool = False


@dataclass(frozen=True, slots=True)
class OfSite:
    """The answer of one site of a member, named by the code of the site."""

    site: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Line:
    """A member's own line: years with values, and the kind of trajectory between them."""

    points: tuple[tuple[int, Decimal], ...]
    trajectory: str = "straight_line"


@dataclass(frozen=True, slots=True)
class With:
    """What an answer is read with, as it stood when it was scored.

    ``year`` is the year that it is about. ``rate`` turns its currency into the reporting one and
    ``source`` says where it was published. ``past`` holds the answers for the periods before,
    newest first. ``sites`` holds what the sites of the member answer, of which the answer is made.
    ``line`` is that of the member's own approved target, where it is read on that.
    ``remark`` says what became of the answer: carried forward, waiting for approval.
    """

    year: int | None = None
    rate: Decimal | None = None
    source: str = ""
    past: tuple[Past, ...] = ()
    sites: tuple[OfSite, ...] = ()
    line: Line | None = None
    remark: str = ""


ALONE = With()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, with what its KPI's scale asks for.

    A number, two numbers, labels, or counts by label; an amount of money has its currency as its
    label.
    """

    state: State
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    labels: tuple[str, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    read_with: With = ALONE


MISSING = Answer(State.MISSING)


def counts_of(held: object) -> tuple[tuple[str, object], ...]:
    """Return stored counts by label, in order; what is none stands under no label.

    An empty list holds as little as an empty object. Whether they can be counted, the scale says.
    """
    if held == []:
        return ()
    return tuple(sorted(held.items())) if isinstance(held, dict) else (("", held),)
