"""Who can belong, with which rights, and what members sign."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from typing import Annotated, ClassVar

from pydantic import Field

from rulebooks.rules.making import Making
from rulebooks.rules.schema import Clause, Code, Part, Selection, Text, Title


class Chamber(Part):
    """A constituency that votes as one: companies, unions, civil society."""

    code: Code
    name: Title
    clause: Clause


class Right(Part):
    """Something that a member in good standing may do, and a ladder may take away."""

    code: Code
    name: Title
    clause: Clause


class MemberClass(Part):
    """A class of membership: the chambers it is open to and the rights it gives."""

    code: Code
    name: Title
    chambers: Annotated[tuple[Code, ...], Field(min_length=1)]
    rights: tuple[Code, ...]
    clause: Clause


class SizeBand(Part):
    """A band of sizes, by which members owe different things: small, medium, large."""

    example: ClassVar[str] = '{code: large, name: More than 250 people, clause: "2.4"}'

    code: Code
    name: Title
    clause: Clause


class Requirement(Part):
    """One requirement that a member signs. Its code outlives the edition, its text may not."""

    code: Code
    title: Title
    text: Text
    guidance: Text | None = None
    clause: Clause
    applies_to: Selection = "all"
    making: Making | None = None

    @cached_property
    def text_sha256(self) -> str:
        """The hash of exactly what is signed: code, title, text and clause, one a line."""
        signed = "\n".join((self.code, self.title, self.text, self.clause))
        return sha256(signed.encode()).hexdigest()
