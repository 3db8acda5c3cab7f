"""What the record holds of editions: codes, numbers and digests, never their words."""

from __future__ import annotations

from typing import ClassVar

from ledger.rules import Code, Digest, Event


class TextKept(Event):
    """A text at work was saved that is not (yet) an edition."""

    code: ClassVar[str] = "rulebooks.text.kept"
    manuscript_id: int
    version: int
    sha256: Digest
    problems: int


class EditionDrafted(Event):
    code: ClassVar[str] = "rulebooks.edition.drafted"
    edition: Code
    version: int
    sha256: Digest


class LegalTextReceived(Event):
    code: ClassVar[str] = "rulebooks.legal_text.received"
    edition: Code
    sha256: Digest
    size: int


class EditionCountersigned(Event):
    """The actor found the draft a true encoding of the legal text; both by their hashes."""

    code: ClassVar[str] = "rulebooks.edition.countersigned"
    edition: Code
    sha256: Digest
    legal_sha256: Digest


class EditionAdopted(Event):
    """``decision`` is the entry of the resolution; none where an edition is only tried."""

    code: ClassVar[str] = "rulebooks.edition.adopted"
    edition: Code
    sha256: Digest
    decision: int | None


class ErratumRecorded(Event):
    """``sha256`` is the hash of path, what was encoded, what the text says, and the clause."""

    code: ClassVar[str] = "rulebooks.erratum.recorded"
    edition: Code
    erratum_id: int
    sha256: Digest
