"""Extensions: which kinds there are, what each asks for, and whether one is to be had."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from rulebooks.rules.periods.base import say
from rulebooks.rules.schema import Clause, Code, Label, Part, Selection, Title
from rulebooks.rules.terms import WEEKENDS, Term, after


class ExtensionKind(Part):
    """A kind of extension: at most how much longer, how often, and when it may still be granted.

    It is counted from the due day. A member may have it ``at_most`` times in all; with
    ``not_consecutive`` not for two periods running. ``label`` is shown from the day after the
    old deadline to the new one. ``approver`` is who grants it.
    """

    example: ClassVar[str] = (
        "{code: grace, name: Grace letter, term: {days: 90}, not_consecutive: true, approver: "
        'secretariat, label: On a grace letter, applies_to: [annual], clause: "3.5"}'
    )

    code: Code
    name: Title
    term: Term
    at_most: Annotated[int, Field(ge=1, le=100, strict=True)] | None = None
    not_consecutive: bool = False
    only_before_deadline: bool = True
    approver: Title
    label: Label | None = None
    applies_to: Selection = "all"
    clause: Clause


@dataclass(frozen=True, slots=True)
class Use:
    """An extension that a member had: its kind, and whether for the period right before."""

    kind: str
    right_before: bool


class Refused(ValueError):
    """An extension of this kind is not to be had; saying why."""


def require(
    kind: ExtensionKind,
    *,
    due_on: date,
    until_on: date,
    on: date,
    used: Iterable[Use],
    holidays: Container[date] = WEEKENDS,
) -> None:
    """Refuse an extension that its kind does not allow.

    ``due_on`` is the day it is counted from, ``until_on`` the day asked for, ``used`` what the
    member had before of any kind.

    :raises Refused: too long, too often, twice running, or too late.
    """
    had = [use for use in used if use.kind == kind.code]
    longest = after(due_on, kind.term, holidays=holidays)
    if kind.only_before_deadline and on > due_on:
        message = f"the deadline passed on {say(due_on)}; {kind.name} is granted before it"
        raise Refused(message)
    if not due_on < until_on <= longest:
        message = f"{kind.name} ends after {say(due_on)} and by {say(longest)}"
        raise Refused(f"{message}, which is {kind.term} later, not on {say(until_on)}")
    if kind.at_most is not None and len(had) >= kind.at_most:
        times = "once" if kind.at_most == 1 else f"{kind.at_most} times"
        raise Refused(f"{kind.name} is to be had {times}, and was had {len(had)} times")
    if kind.not_consecutive and any(use.right_before for use in had):
        raise Refused(f"{kind.name} is not to be had twice running; it was for the last period")
