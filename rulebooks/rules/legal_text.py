"""The legal text that an edition encodes. It prevails; the edition only lets a machine read it."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Annotated, ClassVar

from pydantic import AfterValidator, StringConstraints

from rulebooks.rules.schema import Clause, Day, Part, Title

PREVAILS = "The adopted text prevails over this edition, which only encodes it."
FOLDERS = re.compile(r"[/\\]|^\.")

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]


def file_name(name: str) -> str:
    """Return ``name`` when it is the name of a file, without a folder.

    :raises ValueError: it names a folder, or begins with a dot.
    """
    if FOLDERS.search(name):
        raise ValueError("write the name of the file alone, without its folder: rulebook.pdf")
    return name


class Notice(Part):
    """The notice by which members learned of the text, and the clause that asks for it.

    ``given_on`` is the day on which the notice had reached them.
    """

    example: ClassVar[str] = '{given_on: 2024-11-01, clause: "10.2"}'

    given_on: Day
    clause: Clause


class LegalText(Part):
    """The adopted text that the edition encodes: which file, who adopted it, when it applies.

    ``sha256`` is the hash of the file's bytes, ``language`` the one that is authoritative where
    translations differ. Only an edition that names its text can be adopted.
    """

    example: ClassVar[str] = (
        "{file: rulebook.pdf,"
        " sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855,"
        " resolution: Resolution 7 of 2024, adopted_by: General Assembly, language: en,"
        ' effective_on: 2025-01-01, notice: {given_on: 2024-11-01, clause: "10.2"}, clause: "10.1"}'
    )

    file: Annotated[Title, AfterValidator(file_name)]
    sha256: Sha256
    resolution: Title
    adopted_by: Title
    language: Language
    effective_on: Day
    notice: Notice
    clause: Clause

    def mismatch(self, content: bytes) -> str | None:
        """Return why ``content`` is not the text that the edition names, None when it is."""
        found = sha256(content).hexdigest()
        if found == self.sha256:
            return None
        return f"the file's SHA-256 is {found}, the edition names {self.sha256}: another text"
