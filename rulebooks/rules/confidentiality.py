"""Confidentiality classes: the closed list, and what an edition says of each."""

from __future__ import annotations

from typing import ClassVar, Literal, get_args

from rulebooks.rules.schema import Clause, Part, Text

Confidentiality = Literal["public", "aggregate", "secretariat_and_auditor", "counsel"]
CLASSES: tuple[str, ...] = get_args(Confidentiality)


class ConfidentialityClass(Part):
    """One class of confidentiality in the edition's words: who may read what is in it."""

    example: ClassVar[str] = (
        "{code: aggregate, readers: The member and the secretariat; others in sums of five members"
        ' and more, clause: "9.4"}'
    )

    code: Confidentiality
    readers: Text
    clause: Clause
