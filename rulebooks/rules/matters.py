"""What members commit themselves to and are judged on: named once, so that a rule can name it."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from rulebooks.rules.schema import Clause, Code, Label, Part, Title


class CommitmentKind(Part):
    """Something that a member can commit itself to, by a day of its own.

    Obligations and periods that are counted from commitments name it.
    """

    example: ClassVar[str] = '{code: net-zero, title: Net-zero targets, clause: "2.1"}'

    code: Code
    title: Title
    clause: Clause


class JudgedMatter(Part):
    """A matter on which somebody judges a member, with reasons: all that it can be judged to be.

    A detector of kind ``recorded`` names it, and the outcomes at which it fires.
    """

    example: ClassVar[str] = (
        "{code: good-faith, title: Effort in good faith, outcomes: [shown, not shown],"
        ' clause: "5.2"}'
    )

    code: Code
    title: Title
    outcomes: Annotated[tuple[Label, ...], Field(min_length=2)]
    clause: Clause
