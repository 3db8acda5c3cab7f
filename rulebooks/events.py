"""What the record holds of editions."""

from __future__ import annotations

from typing import ClassVar

from ledger.rules import Code, Digest, Event


class EditionDrafted(Event):
    code: ClassVar[str] = "rulebooks.edition.drafted"
    edition: Code
    sha256: Digest


class EditionAdopted(Event):
    code: ClassVar[str] = "rulebooks.edition.adopted"
    edition: Code
    sha256: Digest
