"""How each requirement and KPI came about, and what became of it from edition to edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rulebooks.rules.continuity.lineage import LISTS
from rulebooks.rules.continuity.words import What
from rulebooks.rules.edition import Edition

WORDS = {
    "same": "the same, word for word",
    "reworded": "in other words; the series goes on",
    "changed": "changed; the series breaks",
    "split": "split off; the series breaks",
    "merged": "merged; the series breaks",
    "new": "new",
}


@dataclass(frozen=True, slots=True)
class Past:
    """What a thing was in one edition: the code it had, and what that edition made of it."""

    edition: str
    title: str
    since: date
    code: str
    word: str


def history(editions: Sequence[Edition], what: What, code: str) -> tuple[Past, ...]:
    """Return what became of a thing, from the newest of ``editions`` back to where it began.

    ``editions`` are in the order of effect; ``code`` is the thing's in the last of them.
    """
    return tuple(_back(editions, what, {code}))


def _back(editions: Sequence[Edition], what: What, codes: set[str]) -> Iterator[Past]:
    named = {edition.code: edition for edition in editions}
    at: Edition | None = editions[-1]
    left = list(editions[:-1])
    while at is not None and codes:
        before = named.get(at.replaces or "") or (left[-1] if left else None)
        word, earlier = _word(at, before, what, codes)
        yield Past(at.code, at.title, at.in_force_from, ", ".join(sorted(codes)), WORDS[word])
        left = left[: left.index(before)] if before in left else []
        at, codes = before, earlier


def _word(at: Edition, before: Edition | None, what: What, codes: set[str]) -> tuple[str, set[str]]:
    """Return what an edition says of things, and the codes that they had before it."""
    if before is None:
        return "new", set()
    declared = [d for d in at.continuity if d.what == what and codes & set(d.after())]
    if declared:
        pairs = [pair for d in declared for pair in d.pairs() if pair[1] in codes]
        return declared[0].as_, {old for old, _ in pairs}
    kept = codes & {part.code for part in getattr(before, LISTS[what])}
    return ("same" if kept else "new"), kept
