"""What must hold of publicity, confidentiality classes and retention."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import selected
from rulebooks.rules.confidentiality import CLASSES
from rulebooks.rules.document import Fault
from rulebooks.rules.retention import KEPT

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def publicity_faults(edition: Edition) -> Iterator[Fault]:
    """Yield notices that contradict each other, classes left out, and records kept twice."""
    for place, message in edition.publicity.contradictions():
        yield Fault(("publicity", *place), message)
    given = sorted({step.standing for ladder in edition.ladders for step in ladder.steps})
    for index, notice in enumerate(edition.publicity.notices):
        path = ("publicity", "notices", index, "standings")
        yield from selected(path, notice.standings, "standing that a step gives", given)
    yield from _class_faults(edition)
    yield from _aggregate_faults(edition)
    seen: set[str] = set()
    for index, kept in enumerate(edition.retention):
        if kept.what in seen:
            message = f"{kept.what} is said already; one rule for each kind of record"
            yield Fault(("retention", index, "what"), message)
        seen.add(kept.what)


def _aggregate_faults(edition: Edition) -> Iterator[Fault]:
    """Yield why there is nothing to aggregate, or not along a line."""
    told = edition.aggregates
    if told is None:
        return
    if edition.bands is None:
        yield Fault(("aggregates",), "counts members by band, and the edition has no bands")
    if "size" in told.breakdowns and not edition.sizes:
        place = told.breakdowns.index("size")
        yield Fault(("aggregates", "breakdowns", place), "the edition has no sizes of members")


def publicity_warnings(edition: Edition) -> Iterator[Fault]:
    """Yield kinds of record that a retention schedule says nothing of."""
    said = {kept.what for kept in edition.retention}
    silent = [what for what in KEPT if what not in said]
    if said and silent:
        yield Fault(("retention",), f"says nothing of {', '.join(silent)}: these are kept for good")


def _class_faults(edition: Edition) -> Iterator[Fault]:
    described = [one.code for one in edition.confidentiality_classes]
    for index, code in enumerate(described):
        if code in described[:index]:
            path = ("confidentiality_classes", index, "code")
            yield Fault(path, f"{code!r} is taken; describe each class once")
    missing = [code for code in CLASSES if code not in described]
    if described and missing:
        message = f"the list is closed and has four classes; describe {', '.join(missing)} too"
        yield Fault(("confidentiality_classes",), message)
