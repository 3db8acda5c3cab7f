"""Faults of parts that read the number, or the label, that a node publishes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.document import Fault, Path

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def needs_number(
    path: Path, code: str, edition: Edition, *, rounded: bool = True
) -> Iterator[Fault]:
    """Yield a fault unless ``code`` is a node that publishes a number."""
    numbers = [code for code, node in edition.tree.nodes.items() if not node.labelled]
    if code not in numbers:
        known = ", ".join(numbers) or "none is defined"
        cohort = code in {word.code for word in edition.cohort}
        message = among(code) if cohort else f"{code!r} is no node with a number; allowed: {known}"
        yield Fault(path, message)
    elif rounded and edition.tree.nodes[code].rounding == "none":
        message = f"the number of {code} is published, so the node needs a rounding"
        yield Fault(path, f"{message}: mode and step")


def needs_label(path: Path, code: str, edition: Edition) -> Iterator[Fault]:
    """Yield a fault unless ``code`` is a node that publishes a label."""
    labelled = [code for code, node in edition.tree.nodes.items() if node.labelled]
    if code not in labelled:
        known = ", ".join(labelled) or "none is defined"
        cohort = code in {word.code for word in edition.cohort}
        message = among(code) if cohort else f"{code!r} is no node with a label; allowed: {known}"
        yield Fault(path, message)


def among(code: str) -> str:
    """Return why a word about a member among the others is not read."""
    return (
        f"{code!r} is a cohort word: nothing with consequences reads it, so that nobody falls "
        "short because others did better"
    )
