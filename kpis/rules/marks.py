"""The word of an auditor, or of the secretariat, on a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kpis.rules.reading import Typed, read
from rulebooks.rules.answers import Answer, State
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.scales.labels import Judgement

LONGEST_REASON = 4_000
WHY = {
    "approved": "Say why it does not apply to this member",
    "refused": "Say why it does apply to this member",
    "judged": "Give the reasons for the judgement; they are kept beside it",
}


class Outcome(StrEnum):
    """What is made of a value."""

    VERIFIED = "verified"
    ADJUSTED = "adjusted"
    UNSUPPORTED = "unsupported"
    APPROVED = "approved"  # that the KPI does not apply
    REFUSED = "refused"
    JUDGED = "judged"


WITH_VALUE = (Outcome.ADJUSTED, Outcome.JUDGED)


def falls_to(kpi: Kpi, filed: Answer) -> frozenset[str]:
    """Return whose word it is: the ``auditor``'s, the ``secretariat``'s, or that of either."""
    if isinstance(kpi.scale, Judgement):
        return frozenset({kpi.scale.by})
    if Outcome.APPROVED in outcomes(kpi, filed):
        return frozenset({"auditor", "secretariat"})
    return frozenset({"auditor"})


def outcomes(kpi: Kpi, filed: Answer) -> tuple[Outcome, ...]:
    """Return what may be said of the answer ``filed`` to ``kpi``."""
    if not kpi.is_asked:
        return (Outcome.JUDGED,)
    if filed.state is State.NOT_APPLICABLE and kpi.not_applicable == "needs_approval":
        return (Outcome.APPROVED, Outcome.REFUSED, Outcome.ADJUSTED)
    return (Outcome.VERIFIED, Outcome.ADJUSTED, Outcome.UNSUPPORTED)


@dataclass(frozen=True, slots=True)
class Mark:
    """What was typed about one value: the new value only where it is adjusted or judged."""

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
    allowed = outcomes(kpi, filed)
    if mark.outcome not in allowed:
        words = ", ".join(allowed)
        return MarkRead(None, reason, problems={"outcome": f"Choose one of: {words}"})
    outcome, problems, answer = Outcome(mark.outcome), {}, None
    if outcome is not Outcome.VERIFIED and not reason:
        problems["reason"] = WHY.get(outcome, f"Say why the value is {outcome}")
    if len(reason) > LONGEST_REASON:
        problems["reason"] = f"At most {LONGEST_REASON} characters, these are {len(reason)}"
    if outcome in WITH_VALUE:
        reading = read(kpi, mark.value)
        answer, problems = reading.answer, problems | reading.problems
        if not reading.problems and answer.state is not State.ANSWERED:
            problems["value"] = "Give the value that counts instead"
        elif outcome is Outcome.ADJUSTED and answer == filed:
            problems["value"] = "This is the value as filed; mark it verified, or change it"
    elif mark.value.given():
        problems["value"] = f"A value is given only where it is adjusted, not {outcome}"
    return MarkRead(outcome, reason, answer, problems)
