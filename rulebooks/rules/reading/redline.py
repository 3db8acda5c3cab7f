"""Two texts word by word: what went, what came, and what stayed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rulebooks.rules.membership import Requirement
from rulebooks.rules.signing import Deed

WORD = re.compile(r"\s*\S+|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that belong together: ``sign`` is + for new, - for gone, empty for what stayed."""

    sign: str
    text: str


def redline(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of two texts in order; together they hold both, character for character.

    Words found very often are not lined up by themselves, so that long texts stay fast.
    """
    old, new = WORD.findall(before), WORD.findall(after)
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    inner = slice(head, len(old) - tail), slice(head, len(new) - tail)
    steps = [("", old[:head]), *_steps(old[inner[0]], new[inner[1]]), ("", old[len(old) - tail :])]
    return tuple(Piece(sign, "".join(words)) for sign, words in steps if words)


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """Return with how many equal words two texts begin."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _steps(old: list[str], new: list[str]) -> Iterator[tuple[str, list[str]]]:
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield "", old[i1:i2]
        else:
            yield "-", old[i1:i2]
            yield "+", new[j1:j2]


def text_differences(
    before: Deed | Requirement, after: Deed | Requirement
) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    """Return what is different between two texts to sign: of each part that changed, the pieces."""
    old, new = _said(before), _said(after)
    return tuple(
        (label, redline(old.get(label, ""), new.get(label, "")))
        for label in dict.fromkeys([*new, *old])
        if old.get(label, "") != new.get(label, "")
    )


def _said(text: Deed | Requirement) -> dict[str, str]:
    """Return what a text says, by what that is about; terms on one matter stand together."""
    said = {"Title": text.title}
    if isinstance(text, Deed):
        for label, term in text.terms():
            line = f"{term.says} (clause {term.clause})"
            said[label] = f"{said[label]}\n{line}" if label in said else line
    else:
        said["Text"] = text.text
        said |= {"Evidence expected": text.evidence} if text.evidence else {}
        said |= {"Reservations": _reserved(text)} if text.reservations else {}
        if text.survives_exit:
            said["After leaving"] = f"goes on (clause {text.survives_exit.clause})"
    return said | {"Clause": text.clause}


def _reserved(text: Requirement) -> str:
    return f"{text.reservations.limits or 'allowed'} (clause {text.reservations.clause})"
