"""An auditor's word on a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kpis.rules.reading import Typed, read
from rulebooks.rules.answers import Answer, State
from rulebooks.rules.indicators import Kpi

LONGEST_REASON = 4_000


class Outcome(StrEnum):
    """What an auditor makes of a value."""

    VERIFIED = "verified"
    ADJUSTED = "adjusted"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Mark:
    """What an auditor typed about one value: the new value only where it is adjusted."""

    outcome: str
    reason: str = ""
    value: Typed = field(default_factory=Typed)


@dataclass(frozen=True, slots=True)
class MarkRead:
    """The same, read: the adjusted answer if any, and what is wrong field by field."""

    outcome: Outcome | None
    reason: str
    answer: Answer | None = None
    problems: dict[str, str] = field(default_factory=dict)


def read_mark(kpi: Kpi, mark: Mark, *, filed: Answer) -> MarkRead:
    """Return what ``mark`` says about the answer ``filed``, or the problems."""
    reason = mark.reason.replace("\x00", "").strip()
    if mark.outcome not in set(Outcome):
        words = ", ".join(Outcome)
        return MarkRead(None, reason, problems={"outcome": f"Choose one of: {words}"})
    outcome, problems, answer = Outcome(mark.outcome), {}, None
    if outcome is not Outcome.VERIFIED and not reason:
        problems["reason"] = f"Say why the value is {outcome}"
    if len(reason) > LONGEST_REASON:
        problems["reason"] = f"At most {LONGEST_REASON} characters, these are {len(reason)}"
    if outcome is Outcome.ADJUSTED:
        reading = read(kpi, mark.value)
        answer, problems = reading.answer, problems | reading.problems
        if not reading.problems and answer.state is not State.ANSWERED:
            problems["value"] = "Give the value that counts instead"
        elif answer == filed:
            problems["value"] = "This is the value as filed; mark it verified, or change it"
    elif mark.value.given():
        problems["value"] = f"A value is given only where it is adjusted, not {outcome}"
    return MarkRead(outcome, reason, answer, problems)
