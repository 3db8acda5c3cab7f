"""What may be judged and found about a member: only what its edition names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rulebooks.rules.breaches import OpenFinding
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import FindingClosed, FindingRecorded
from suspensions.rules.procedure import IllegalAction

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,29}")


def severities(edition: Edition) -> tuple[str, ...]:
    """Return the severities that the detectors of an edition know, in its order."""
    detectors = (rule.detector for rule in edition.breaches)
    known = (d.severities for d in detectors if isinstance(d, OpenFinding))
    return tuple(dict.fromkeys(severity for some in known for severity in some))


def require_matter(edition: Edition, judgement: str, outcome: str) -> None:
    """Refuse a matter that an edition does not name, and an outcome that this one cannot have.

    :raises IllegalAction: either is not named; it says what is.
    """
    matters = {matter.code: matter.outcomes for matter in edition.judgements}
    _require_one_of(edition, "matter to judge", judgement, matters)
    _require_one_of(edition, f"outcome of {judgement}", outcome, matters[judgement])


def require_severity(edition: Edition, severity: str) -> None:
    """Refuse a severity that no detector of an edition names.

    :raises IllegalAction: it says which are named.
    """
    _require_one_of(edition, "severity of findings", severity, severities(edition))


def require_code(code: str, what: str) -> None:
    """Refuse what is no code: it stands in the record, so it holds no name and no text.

    :raises IllegalAction: it says how a code looks.
    """
    if not CODE.fullmatch(code):
        raise IllegalAction(
            f"{code!r} is no code of {what}; allowed are 1 to 30 letters, digits, dots, hyphens"
            " and underscores, such as F-2026.1"
        )


def require_past(due_on: date | None, on: date) -> None:
    """Refuse a judgement on what is not due yet.

    :raises IllegalAction: the day due lies after the day of the judgement.
    """
    if due_on is not None and due_on > on:
        raise IllegalAction(f"it is due on {due_on}, so it cannot be judged on {on} as missed")


def _require_one_of(edition: Edition, what: str, given: str, allowed: Iterable[str]) -> None:
    known = tuple(allowed)
    if given in known:
        return
    said = f"allowed: {', '.join(known)}" if known else "it names none"
    raise IllegalAction(f"{edition.code} names no {what} {given!r}; {said}")


@dataclass(frozen=True, slots=True)
class Line:
    """What was judged or found in words, as what, and when what was missed had been due."""

    title: str
    outcome: str
    due_on: date | None = None


def in_words(edition: Edition | None, kind: str, key: str, data: Mapping[str, str]) -> Line:
    """Return the line of a fact: a matter goes by its title, where the edition has one."""
    if kind == FindingRecorded.kind:
        return Line(f"Finding {key}", data["severity"])
    if kind == FindingClosed.kind:
        return Line(f"Finding {key}", "closed")
    judgement, _, about = key.partition(":")
    titles = {matter.code: matter.title for matter in edition.judgements} if edition else {}
    due = data.get("due_on")
    title = f"{titles.get(judgement, judgement)}, {about}"
    return Line(title, data["outcome"], date.fromisoformat(due) if due else None)
