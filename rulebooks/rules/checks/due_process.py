"""The floor of due process: what every step that takes a right away must have, or depart from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.document import Fault, Path
from rulebooks.rules.due_process import LEAST_ANSWER_DAYS, Element

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition
    from rulebooks.rules.ladder import Step

# Where an element is said, and what must be said there.
SAID: dict[Element, tuple[str, str]] = {
    "reasons": ("serves", "serves: [reasons, evidence]"),
    "evidence": ("serves", "serves: [reasons, evidence]"),
    "answer": ("answer_days", f"answer_days: {LEAST_ANSWER_DAYS} or more"),
    "hearing": ("hearing", "hearing: oral or written"),
    "body": ("acts", "acts: proposal, to a body that can decide otherwise"),
    "reasoned_decision": ("reasoned", "reasoned: true"),
    "appeal": ("appeal_to", "appeal_to another body, with appeal_days, or a court_remedy"),
    "publication": ("published", "published: once_final"),
}


def due_process_faults(edition: Edition) -> Iterator[Fault]:
    """Yield what steps lack of due process without saying so, and departures from nothing."""
    for place, ladder in enumerate(edition.ladders):
        for index, step in enumerate(ladder.steps):
            path = ("ladders", place, "steps", index)
            yield from _below_the_floor(path, step)
            yield from _empty_departures(path, step)


def _below_the_floor(path: Path, step: Step) -> Iterator[Fault]:
    departed = step.departs.from_ if step.departs else ()
    for element in step.lacks() if step.takes_rights else _silent(step):
        if element not in departed:
            key, wanted = SAID[element]
            why = "takes rights away" if step.takes_rights else "holds from its day alone"
            message = f"{step.code} {why} without {element.replace('_', ' ')}: say {wanted}"
            ways = f"departs: {{from: [{element}], because: …, clause: …}}"
            yield Fault((*path, key), f"{message}; or {ways}")


def _silent(step: Step) -> tuple[Element, ...]:
    """Return what a step lacks that nobody serves, though it takes no right."""
    return ("reasons", "evidence") if step.by_itself else ()


def _empty_departures(path: Path, step: Step) -> Iterator[Fault]:
    lacks = step.lacks()
    for index, element in enumerate(step.departs.from_ if step.departs else ()):
        if element not in lacks:
            has = element.replace("_", " ")
            message = f"{step.code} has {has}: take it out, a departure is only from what is left"
            yield Fault((*path, "departs", "from", index), f"{message} out")
        elif element in step.departs.from_[:index]:
            yield Fault((*path, "departs", "from", index), f"{element!r} stands twice")
