"""What a body can decide about an application, and whether a recorded decision says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

# An event of an app above this one, which the record holds about an application.
DECIDED = "governance.admission.decided"

Question = Literal["admission", "appeal"]
OUTCOMES: dict[Question, tuple[str, str]] = {
    "admission": ("admit", "refuse"),
    "appeal": ("overturned", "upheld"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What an applicant is admitted on: a text, the clause that it rests on, and a day."""

    text: str
    clause: str
    due_on: date


def against(
    decision: Mapping[str, object],
    *,
    body: str,
    question: Question,
    outcome: str,
    conditions: tuple[Condition, ...] = (),
) -> str:
    """Return why a recorded decision does not carry an outcome, empty where it does.

    A substitute's decision is that of the ``body`` which it decided for.
    """
    said = {key: decision.get(key) for key in ("body", "question", "outcome")}
    said["body"] = decision.get("instead_of") or said["body"]
    wanted = {"body": body, "question": question, "outcome": outcome}
    for key, value in wanted.items():
        if said[key] != value:
            return f"the {key} of that decision is {said[key]}, not {value}"
    days = [str(day) for day in decision.get("due_on") or ()]
    if days != [str(condition.due_on) for condition in conditions]:
        return "that decision names other conditions"
    return ""
