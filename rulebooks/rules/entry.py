"""Entry actions: what happens when a member comes to a step, beside the rights that it takes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from rulebooks.rules.schema import Clause, Code, Part, Text, Title
from rulebooks.rules.terms import Term

Bodies = Annotated[tuple[Code, ...], Field(min_length=1)]


class EntryLetter(Part):
    """A letter that is written when a member comes to a step.

    It goes ``to`` the people of the ``member`` concerned, to those of all other ``members``, or to
    whoever sits on the bodies named. It says which step of which member holds from when, by which
    clause, and then the ``text``; it waits in the outbox until its kind is released. Other members
    are told at once, so only where the step is not published ``once_final``.
    """

    example: ClassVar[str] = (
        "{to: [assembly], subject: A vote rests, text: Please leave the member out of the roll "
        'call., clause: "8.2"}'
    )

    to: Literal["member", "members"] | Bodies
    subject: Title
    text: Text
    clause: Clause

    def in_words(self, names: dict[str, str]) -> str:
        """Return who is told what; ``names`` are those of the bodies."""
        if isinstance(self.to, str):
            told = {"member": "the member's own people", "members": "all other members"}[self.to]
        else:
            told = "who sits on " + " and ".join(names.get(code, code) for code in self.to)
        return f"{told}: {self.subject} (clause {self.clause})"


class PlanOwed(Part):
    """A corrective action plan that the member owes ``within`` a term of the step's first day.

    The term is a clock of the case: it can stand still or be extended as the others, and stops
    when the plan is handed in. A plan is received late, too; that it is late stays in the record.
    """

    example: ClassVar[str] = '{within: {days: 45}, clause: "8.2"}'

    within: Term
    clause: Clause


class OnEntry(Part):
    """What happens when a step holds, beside the rights it takes: listing, letters, a plan.

    While ``hidden`` the member stands in the register only for those who may read its unpublished
    data. ``letters`` are written once, when the act by which the step holds is recorded; a ``plan``
    is owed from the first day of the step.
    """

    example: ClassVar[str] = '{listing: hidden, plan: {within: {days: 45}, clause: "8.2"}}'

    listing: Literal["shown", "hidden"] = "shown"
    letters: tuple[EntryLetter, ...] = ()
    plan: PlanOwed | None = None

    @property
    def needs_an_act(self) -> bool:
        """Return whether something of it follows from a recorded act alone."""
        return bool(self.letters) or self.plan is not None
