"""What must hold of that which a step does on entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.bodies import named_body
from rulebooks.rules.document import Fault, Path

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition
    from rulebooks.rules.ladder import Step


def entry_faults(edition: Edition) -> Iterator[Fault]:
    """Yield letters that nobody would get or too early, and what no recorded act would begin."""
    for index, ladder in enumerate(edition.ladders):
        for place, step in enumerate(ladder.steps):
            path = ("ladders", index, "steps", place, "on_entry")
            if step.by_itself and step.on_entry.needs_an_act:
                message = f"{step.code} holds from its day alone, so no act is recorded from which"
                yield Fault(path, f"{message} a letter or a plan could follow; let it be served")
            yield from _letters(path, step, edition)


def _letters(path: Path, step: Step, edition: Edition) -> Iterator[Fault]:
    for number, letter in enumerate(step.on_entry.letters):
        at = (*path, "letters", number, "to")
        if letter.to == "members":
            yield from _told_to_members(at, step, edition)
        elif letter.to != "member":
            for nth, body in enumerate(letter.to):
                yield from named_body((*at, nth), body, edition)


def _told_to_members(at: Path, step: Step, edition: Edition) -> Iterator[Fault]:
    """Yield why a letter that names the member may not go to the others."""
    if step.published == "once_final":
        message = f"{step.code} is published once_final, and a letter to members comes before"
        yield Fault(at, f"{message}; write published: once_decided, or leave it to publication")
    policy = edition.publicity.policy("measure", "members", standing=step.standing)
    if not policy.allows("name"):
        message = f"members learn {policy.what} of such a measure by clause {policy.clause}"
        yield Fault(at, f"{message}; a letter names the member")
    elif policy.waits_for:
        yield Fault(at, f"members learn of it after {policy.waits_for}; a letter would not wait")
