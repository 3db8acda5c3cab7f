"""Reading the files of a replay; what is wrong with one is said with its line and column."""

from __future__ import annotations

from pathlib import Path

from rulebooks.rules import document
from rulebooks.rules.document import Document, Invalid


class Wrong(ValueError):
    """A file is missing or invalid: the call itself is wrong."""


def opened(path: Path) -> Document:
    """Return the plain values of the file at ``path``.

    :raises Wrong: it is missing or cannot be read.
    """
    try:
        return document.read(path.read_bytes())
    except OSError as error:
        raise Wrong(f"{path}: {error.strerror}") from None
    except Invalid as invalid:
        raise placed(path, invalid) from None


def into(path: Path, read: Document, model: type):
    """Return a document as a ``model``.

    :raises Wrong: with every fault.
    """
    try:
        return read.into(model)
    except Invalid as invalid:
        raise placed(path, invalid) from None


def load(path: Path, model: type):
    """Return the file at ``path`` as a ``model``.

    :raises Wrong: it is missing or invalid.
    """
    return into(path, opened(path), model)


def placed(path: Path, invalid: Invalid) -> Wrong:
    """Return the faults of a file as lines ``FILE:LINE:COL: …``."""
    return Wrong("\n".join(f"{path}:{problem}" for problem in invalid.problems))
