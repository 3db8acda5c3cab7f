"""Recorded of members: signatures, and the letters that ask for them or tell of them."""

from __future__ import annotations

from typing import ClassVar

from ledger.rules import Code, Digest, Event


class RequirementsSigned(Event):
    """One act may sign several requirements: parallel tuples of codes and hashes.

    ``texts`` are the hashes of the texts alone, ``signed`` those of all that was signed with each.
    ``reserved`` names those signed with a reservation, ``document`` what proved the mandate.
    ``language`` is that of all; where they were read in several, ``languages`` has that of each.
    """

    code: ClassVar[str] = "members.requirements.signed"
    member: Code
    edition: Code
    mandate_id: int
    requirements: tuple[Code, ...]
    texts: tuple[Digest, ...]
    signed: tuple[Digest, ...] = ()
    deed: Digest | None = None
    language: Code | None = None
    languages: tuple[Code, ...] = ()
    reserved: tuple[Code, ...] = ()
    document: Digest | None = None


class RequirementsDeclined(Event):
    code: ClassVar[str] = "members.requirements.declined"
    member: Code
    edition: Code
    mandate_id: int
    requirements: tuple[Code, ...]
    texts: tuple[Digest, ...]


class SigningReminded(Event):
    """Reminders of signatures that are due, and the root over their keys."""

    code: ClassVar[str] = "members.signing.reminded"
    count: int
    root: Digest


class LettersReleased(Event):
    code: ClassVar[str] = "members.letters.released"
    count: int


class LettersDiscarded(Event):
    code: ClassVar[str] = "members.letters.discarded"
    count: int


class LetterModeSet(Event):
    code: ClassVar[str] = "members.letter_mode.set"
    template: Code
    mode: Code
