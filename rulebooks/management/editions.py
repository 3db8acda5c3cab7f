"""Reading editions from files, for commands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError

from rulebooks.rules import document
from rulebooks.rules.continuity import continuity_faults
from rulebooks.rules.document import Document, Fault, Invalid, Problem
from rulebooks.rules.edition import Edition


@dataclass(frozen=True, slots=True)
class Found:
    """The edition in a file, or None; what is wrong with it, and what may be a mistake."""

    edition: Edition | None
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read(name: str, *, before: Edition | None = None, text: str | None = None) -> Found:
    """Return the edition in a file.

    With ``before`` it must say what became of everything in that edition; with the name of a file,
    ``text``, that file must be the legal text that it names.

    :raises CommandError: a file cannot be opened.
    """
    try:
        parsed = document.read(content(name, document.MAX_BYTES))
        edition = parsed.into(Edition)
    except Invalid as error:
        return Found(None, error.problems)
    faults = continuity_faults(before, edition) if before is not None else []
    if text is not None:
        faults += _of_text(edition, content(text))
    return Found(edition, _placed(parsed, faults), _placed(parsed, edition.warnings()))


def content(name: str, most: int | None = None) -> bytes:
    """Return what a file holds, a byte more than ``most`` at most.

    :raises CommandError: it cannot be opened.
    """
    try:
        with Path(name).open("rb") as stream:
            return stream.read(-1 if most is None else most + 1)
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}", returncode=2) from None


def _of_text(edition: Edition, found: bytes) -> list[Fault]:
    if edition.legal_text is None:
        return [Fault(("legal_text",), "names no legal text to compare a file with")]
    mismatch = edition.legal_text.mismatch(found)
    return [Fault(("legal_text", "sha256"), mismatch)] if mismatch else []


def _placed(parsed: Document, faults: list[Fault]) -> tuple[Problem, ...]:
    return tuple(sorted({parsed.place(fault) for fault in faults}))
