"""Extensions: which kinds there are, and what each asks for."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from rulebooks.rules.schema import Clause, Code, Label, Part, Selection, Title
from rulebooks.rules.terms import Term


class ExtensionKind(Part):
    """A kind of extension: at most how much longer, how often, and when it may still be granted.

    It is counted from the due day. A member may have it ``at_most`` times in all; with
    ``not_consecutive`` not for two periods running. ``label`` is shown from the day after the
    old deadline to the new one. ``approver`` is who grants it.
    """

    example: ClassVar[str] = (
        "{code: grace, name: Grace letter, term: {days: 90}, not_consecutive: true, approver: "
        'secretariat, label: On a grace letter, applies_to: [annual-cop], clause: "3.5"}'
    )

    code: Code
    name: Title
    term: Term
    at_most: Annotated[int, Field(ge=1, le=100, strict=True)] | None = None
    not_consecutive: bool = False
    only_before_deadline: bool = True
    approver: Title
    label: Label | None = None
    applies_to: Selection = "all"
    clause: Clause
