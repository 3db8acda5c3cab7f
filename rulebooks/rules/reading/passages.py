"""Clauses of a legal text in plain text: which passage an edition's clause names."""

from __future__ import annotations

import re
from collections.abc import Mapping

NUMBER = r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,4}[a-z]?"
ANNEX = r"(?:annex|appendix|schedule)\s+[a-z0-9]{1,3}(?:\.[0-9]{1,3}){0,4}"
WORDS = r"(?:(?:article|clause|section|rule|requirement|chapter|part|§)\s*)?"
HEADING = re.compile(rf"^[#\s]*(?:{WORDS}({NUMBER})|({ANNEX}))[.):]?(?=\s|$)", re.IGNORECASE)
NAMED = re.compile(rf"({ANNEX})|({NUMBER})", re.IGNORECASE)
SPACES = re.compile(r"\s+")


def passages(text: str) -> dict[str, str]:
    """Return the passages of a text by clause: each from its number to the next one.

    A clause begins a line with its number, such as ``3.1``, ``§ 3``, ``Article 4.2`` or
    ``Annex B``. A number that stands twice keeps its longer passage: a table of contents names
    every clause, and holds none.
    """
    found: dict[str, str] = {}
    number, lines = "", []
    for line in (*text.splitlines(), None):
        heading = HEADING.match(line) if line is not None else None
        if line is not None and heading is None:
            lines.append(line)
            continue
        body = "\n".join(lines).strip()
        if number and len(body) > len(found.get(number, "")):
            found[number] = body
        number, lines = _key(heading), [line]
    return found


def passage(clause: str, known: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the number and text of the passage that a clause names, or of the one around it.

    ``4.2 (a)`` is found under ``4.2``, and where the text has no ``4.2`` under ``4``.
    """
    match = NAMED.search(clause)
    number = _key(match)
    while number:
        if number in known:
            return number, known[number]
        number = number.rpartition(".")[0] or number[:-1] * number[-1].isalpha()
    return None


def _key(match: re.Match[str] | None) -> str:
    words = next(filter(None, match.groups()), "") if match else ""
    return SPACES.sub(" ", words).lower()
