"""What a certificate of signatures says: one frozen value, from which paper and JSON are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reports.rules.parts import Named, Rules, Who

FORMAT = "signing-certificate/1"


@dataclass(frozen=True, slots=True)
class DeedTermSaid:
    """One term of the deed."""

    about: str
    says: str
    clause: str


@dataclass(frozen=True, slots=True)
class Deed:
    """The deed that the signatures stand under."""

    code: str
    title: str
    clause: str
    text_sha256: str
    terms: tuple[DeedTermSaid, ...]


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """The act in the record: its number, its digest, and exactly what that covers."""

    number: int
    digest: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class UnderMandate:
    """The mandate that somebody signed under, and the hash of what proved it."""

    number: int
    since: date
    document_sha256: str


@dataclass(frozen=True, slots=True)
class SignedText:
    """One text that the member signed: by whose hand, when, and the hash of all that was signed.

    ``code_signed`` is what it was called when it was signed, under ``edition``. ``form`` is what
    the hash covers; None for a signature from before it was kept, which holds for its text.
    """

    code: str
    code_signed: str
    title: str
    clause: str
    text: str
    text_sha256: str
    signed_sha256: str
    by: str
    capacity: str
    mandate: UnderMandate
    language: str
    reservation: str
    at: datetime
    edition: str
    form: dict[str, Any] | None
    entry: RecordEntry | None


@dataclass(frozen=True, slots=True)
class BySilence:
    """A text that counts as accepted, because nothing was said of it."""

    text: Named
    since: date
    clause: str
    because: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a member has signed of the edition in force, as known at a moment.

    ``ended_on`` is the first day without membership, once that has come; then nothing is open.
    """

    initiative: str
    language: str
    time_zone: str
    known_at: datetime
    on: date
    member: Who
    edition: Rules
    legal_text_sha256: str | None
    deed: Deed | None
    texts: tuple[SignedText, ...]
    by_silence: tuple[BySilence, ...]
    unsigned: tuple[Named, ...]
    ended_on: date | None = None
    format: str = FORMAT
