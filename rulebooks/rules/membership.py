"""Who can belong, with which rights, and what members sign."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from typing import Annotated, ClassVar

from pydantic import Field

from rulebooks.rules.making import Making
from rulebooks.rules.schema import Clause, Code, Part, Selection, Text, Title
from rulebooks.rules.signing import Reservations, SurvivesExit, Translation, canonical


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


class Sector(Part):
    """A sector or market in which members work, in own words or by the codes of a list.

    Whoever shares one competes, where the edition says so. Codes of a list such as ISIC are
    compared as they stand, so name them at the level at which members compete.
    """

    example: ClassVar[str] = '{code: C27.4, name: Electric lighting equipment, clause: "2.4"}'

    code: Code
    name: Title
    clause: Clause


class Requirement(Part):
    """One requirement that a member signs. Its code outlives the edition, its text may not.

    ``evidence`` is what is expected to show that it is kept. Which KPIs measure it and which breach
    rules watch it follows from the edition; ``watched_by`` names rules of which it does not, such
    as one on a judgement. It is signed as it stands, unless ``reservations`` are allowed.
    """

    example: ClassVar[str] = (
        "{code: no-fees, title: No fees, text: No worker pays for the job., evidence: Receipts of"
        ' fees paid back., reservations: {clause: "3.4"}, clause: "3.1"}'
    )

    code: Code
    title: Title
    text: Text
    guidance: Text | None = None
    evidence: Text | None = None
    translations: tuple[Translation, ...] = ()
    watched_by: tuple[Code, ...] = ()
    reservations: Reservations | None = None
    survives_exit: SurvivesExit | None = None
    clause: Clause
    applies_to: Selection = "all"
    making: Making | None = None

    @cached_property
    def text_sha256(self) -> str:
        """The hash of exactly what is signed: code, title, text and clause, one a line.

        Evidence, reservations and what survives exit follow as JSON where the edition says any.
        """
        signed = [self.code, self.title, self.text, self.clause]
        extent = {"evidence", "reservations", "survives_exit"}
        if beyond := self.model_dump(mode="json", include=extent, exclude_none=True):
            signed.append(canonical(beyond).decode())
        return sha256("\n".join(signed).encode()).hexdigest()

    def translated_into(self, language: str) -> Translation | None:
        """Return the translation into a language, None where there is none."""
        return next((one for one in self.translations if one.language == language), None)

    def read_in(self, language: str) -> tuple[str, str]:
        """Return title and text in a language: its translation, else as they are authoritative."""
        read = self.translated_into(language) or self
        return read.title, read.text
