"""What must hold of ladders and their steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import codes, selected, unknown
from rulebooks.rules.document import Fault, Path
from rulebooks.rules.schema import EVERYONE

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition
    from rulebooks.rules.ladder import Ladder


def ladder_faults(edition: Edition) -> Iterator[Fault]:
    """Yield steps that lead nowhere or back, rights that nobody has, rules on two ladders."""
    taken: dict[str, str] = {}
    for index, ladder in enumerate(edition.ladders):
        path = ("ladders", index)
        rules = codes(edition.breaches)
        yield from unknown((*path, "start"), ladder.start, "step", codes(ladder.steps))
        yield from selected((*path, "breaches"), ladder.breaches, "breach rule", rules)
        yield from selected(
            (*path, "serious_cases"), ladder.serious_cases, "step", codes(ladder.steps)
        )
        yield from _taken_twice(path, ladder, taken, rules)
        yield from _count_faults(path, ladder)
        yield from _step_faults(path, ladder, edition)


def _taken_twice(
    path: Path, ladder: Ladder, taken: dict[str, str], rules: list[str]
) -> Iterator[Fault]:
    """Yield a fault where a rule leads to an earlier ladder too: a case would not know where."""
    for rule in rules:
        if not ladder.leads_here(rule):
            continue
        if rule in taken:
            place = () if ladder.breaches == EVERYONE else (ladder.breaches.index(rule),)
            message = f"{rule} leads to ladder {taken[rule]} already; name each rule in one ladder"
            yield Fault((*path, "breaches", *place), message)
        taken.setdefault(rule, ladder.code)


def _count_faults(path: Path, ladder: Ladder) -> Iterator[Fault]:
    """Yield counts that do not rise from step to step, and steps that a count leaves out."""
    if ladder.old_misses == "count" and not ladder.counts:
        message = f"no step of {ladder.code} counts misses, so old ones cannot count"
        yield Fault((*path, "old_misses"), f"{message}; leave it out")
    reached = 0
    for index, step in enumerate(ladder.steps if ladder.counts else ()):
        at = (*path, "steps", index, "when")
        if step.when is None:
            message = f"{step.code} says no count, while other steps of {ladder.code} count misses"
            yield Fault(at, f"{message}; write when: {{consecutive: {reached + 1}}}")
        elif step.when.consecutive is not None:
            if step.when.consecutive <= reached:
                message = f"must be more than {reached}, the count of the step before"
                yield Fault((*at, "consecutive"), message)
            reached = max(reached, step.when.consecutive)


def _step_faults(path: Path, ladder: Ladder, edition: Edition) -> Iterator[Fault]:
    steps = codes(ladder.steps)
    for index, step in enumerate(ladder.steps):
        at = (*path, "steps", index)
        if step.next is not None:
            yield from unknown((*at, "next"), step.next, "step", steps)
            if step.next in steps[: index + 1]:
                message = f"{step.next!r} does not stand after {step.code}"
                yield Fault((*at, "next"), f"{message}; a ladder leads on, its end is next: null")
        if step.by_itself and step.when is None and step.code != ladder.start:
            message = f"{step.code} would hold by itself: say when, for example {{after: …}}"
            yield Fault((*at, "when"), message)
        for place, lost in enumerate(step.rights_lost):
            where = (*at, "rights_lost", place, "right")
            yield from unknown(where, lost.right, "right", codes(edition.rights))


def ladder_warnings(edition: Edition) -> Iterator[Fault]:
    """Yield steps that no way leads to."""
    for place, ladder in enumerate(edition.ladders):
        reached = set(_steps_from(ladder))
        for index, step in enumerate(ladder.steps):
            if step.code not in reached:
                message = f"no way leads from {ladder.start} to step {step.code}"
                yield Fault(("ladders", place, "steps", index), message)


def _steps_from(ladder: Ladder) -> list[str]:
    following = {step.code: step.next for step in ladder.steps}
    reached: list[str] = []
    code: str | None = ladder.start
    while code in following and code not in reached:
        reached.append(code)
        code = following[code]
    return reached
