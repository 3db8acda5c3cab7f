"""Ladders: the ordered consequences of a confirmed breach."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rulebooks.rules.schema import Clause, Code, Days, Part, Selection, Title, selects

Standing = Literal["good", "warned", "suspended", "excluded"]


class LostRight(Part):
    """A right taken by a step, ``after_days`` days after the step is in force."""

    right: Code
    after_days: Days


class Step(Part):
    """One consequence, and the way to it.

    After the notice is served the member has ``answer_days`` days to answer; the body
    ``decided_by`` may decide from the day after that. An appeal may be filed within
    ``appeal_days`` days of the decision; with ``appeal_suspends`` the measure rests from the day
    an appeal is filed until it is decided. ``next`` is the step for a member that
    falls short again.
    """

    code: Code
    name: Title
    standing: Standing
    answer_days: Days
    decided_by: Code
    rights_lost: tuple[LostRight, ...] = ()
    appeal_days: Days
    appeal_suspends: bool
    next: Code | None
    clause: Clause


class Ladder(Part):
    """The steps, where a first case enters, and which breach rules lead here.

    A breach rule leads to one ladder: of several, each names its own rules. A step's code names
    one step of the whole edition.
    """

    code: Code
    name: Title
    start: Code
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    breaches: Selection = "all"
    clause: Clause

    def step(self, code: str) -> Step:
        """Return the step called ``code``.

        :raises KeyError: there is no such step.
        """
        return {step.code: step for step in self.steps}[code]

    def leads_here(self, rule: str) -> bool:
        """Return whether a breach of ``rule`` leads to this ladder."""
        return selects(self.breaches, rule)
