"""Faults at their place: names that do not exist, codes that stand twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.document import Fault, Path

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def unknown(path: Path, code: str, what: str, allowed: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault when ``code`` is not among ``allowed``."""
    known = list(allowed)
    if code not in known:
        yield Fault(
            path, f"{code!r} is no {what}; allowed: {', '.join(known) or 'none is defined'}"
        )


def selected(path: Path, chosen: object, what: str, allowed: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault for each code of a selection that is not among ``allowed``."""
    known = list(allowed)
    if chosen != "all":
        for index, code in enumerate(chosen):
            yield from unknown((*path, index), code, what, known)


def codes(parts: Iterable) -> list[str]:
    """Return the codes of ``parts``, in order."""
    return [part.code for part in parts]


def repeated_codes(edition: Edition) -> Iterator[Fault]:
    """Yield a fault for each code that stands twice in a list.

    KPIs and nodes share one list, so do the steps of all ladders, and
    knock-outs and caps.
    """
    names = "chambers rights classes admissions sizes sectors requirements periods announced"
    names += " obligations attributes extensions reminders commitments judgements targets cohort"
    names += " breaches ladders bodies decision_rules member_targets"
    lists: list[tuple[Path, Iterable]] = [((n,), getattr(edition, n)) for n in names.split()]
    if edition.bands is not None:
        lists.append((("bands", "bands"), edition.bands.bands))
    places = [[((*path, i), part.code) for i, part in enumerate(parts)] for path, parts in lists]
    places.append(
        [(("kpis", i), kpi.code) for i, kpi in enumerate(edition.kpis)]
        + [(("scoring", "nodes", i), node.code) for i, node in enumerate(edition.scoring.nodes)]
    )
    places.append(
        [
            (("ladders", i, "steps", j), step.code)
            for i, ladder in enumerate(edition.ladders)
            for j, step in enumerate(ladder.steps)
        ]
    )
    rules = [("knock_outs", edition.scoring.knock_outs), ("caps", edition.scoring.caps)]
    places.append([(("scoring", n, i), rule.code) for n, of in rules for i, rule in enumerate(of)])
    for placed in places:
        seen: set[str] = set()
        for path, code in placed:
            if code in seen:
                yield Fault((*path, "code"), f"{code!r} is taken; a code names one thing")
            seen.add(code)
