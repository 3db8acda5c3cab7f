"""What must hold of ladders and their steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import codes, selected, unknown
from rulebooks.rules.document import Fault

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def ladder_faults(edition: Edition) -> Iterator[Fault]:
    """Yield steps that lead nowhere or back, and rights that nobody has."""
    if edition.ladder is None:
        return
    ladder, steps = edition.ladder, codes(edition.ladder.steps)
    yield from unknown(("ladder", "start"), ladder.start, "step", steps)
    yield from selected(
        ("ladder", "breaches"), ladder.breaches, "breach rule", codes(edition.breaches)
    )
    for index, step in enumerate(ladder.steps):
        path = ("ladder", "steps", index)
        if step.next is not None:
            yield from unknown((*path, "next"), step.next, "step", steps)
            if step.next in steps[: index + 1]:
                message = f"{step.next!r} does not stand after {step.code}"
                yield Fault((*path, "next"), f"{message}; a ladder leads on, its end is next: null")
        for place, lost in enumerate(step.rights_lost):
            where = (*path, "rights_lost", place, "right")
            yield from unknown(where, lost.right, "right", codes(edition.rights))


def ladder_warnings(edition: Edition) -> Iterator[Fault]:
    """Yield steps that no way leads to."""
    if edition.ladder is not None:
        reached = set(_steps_from(edition.ladder.start, edition))
        for index, step in enumerate(edition.ladder.steps):
            if step.code not in reached:
                message = f"no way leads from {edition.ladder.start} to step {step.code}"
                yield Fault(("ladder", "steps", index), message)


def _steps_from(code: str | None, edition: Edition) -> list[str]:
    following = {step.code: step.next for step in edition.ladder.steps}
    reached: list[str] = []
    while code in following and code not in reached:
        reached.append(code)
        code = following[code]
    return reached
