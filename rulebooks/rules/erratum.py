"""A mistake of the encoding: where it stands, what was encoded there, and what rested on it."""

from __future__ import annotations

import json
import re
from enum import StrEnum, auto

from rulebooks.rules.edition import Edition

SHAPE = re.compile(r"[a-z_]+(\[[0-9]{1,6}\]|\.[A-Za-z0-9_-]+)*")
LONGEST = 4_000


class NoSuchPlace(LookupError):
    """The edition has nothing at that path."""


class Rests(StrEnum):
    """What can rest on a field of an edition."""

    SIGNATURES = auto()
    SCORECARDS = auto()
    BREACHES = auto()
    CASES = auto()
    DECISIONS = auto()


PROCEDURE = frozenset({Rests.BREACHES, Rests.CASES, Rests.DECISIONS})
SCORES = PROCEDURE | {Rests.SCORECARDS}
# What rests on each part of a document. On the parts that are not named, anything may.
RESTING: dict[str, frozenset[Rests]] = {
    "requirements": frozenset({Rests.SIGNATURES}),
    "kpis": SCORES,
    "scoring": SCORES,
    "bands": SCORES,
    "cohort": frozenset({Rests.SCORECARDS}),
    "targets": frozenset({Rests.SCORECARDS}),
    "assurance": SCORES,
    "periods": PROCEDURE,
    "obligations": PROCEDURE | {Rests.SIGNATURES},
    "breaches": PROCEDURE,
    "ladders": frozenset({Rests.CASES, Rests.DECISIONS}),
    "bodies": frozenset({Rests.DECISIONS}),
    "decision_rules": frozenset({Rests.DECISIONS}),
}


def encoded(edition: Edition, path: str) -> str:
    """Return what an edition says at a path such as ``kpis[2].missing``, as text.

    :raises NoSuchPlace: nothing stands there.
    """
    value: object = edition.model_dump(mode="json", by_alias=True)
    for step in _steps(path):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            raise NoSuchPlace(f"{edition.code} has nothing at {path}") from None
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


def resting_on(path: str) -> frozenset[Rests]:
    """Return what kinds of acts can rest on a field."""
    first = _steps(path)[0]
    return RESTING.get(str(first), frozenset(Rests))


def _steps(path: str) -> list[str | int]:
    if not SHAPE.fullmatch(path):
        raise NoSuchPlace(f"{path!r} is no path; write one as the check does: kpis[2].missing")
    return [
        int(step[1:-1]) if step.startswith("[") else step.removeprefix(".")
        for step in re.findall(r"\[[0-9]+\]|\.?[A-Za-z0-9_-]+", path)
    ]
