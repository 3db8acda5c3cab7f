"""What must hold of breach rules and what they watch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rulebooks.rules.breaches import Counting, Recorded
from rulebooks.rules.checks.places import codes, unknown
from rulebooks.rules.document import Fault, Path

if TYPE_CHECKING:
    from rulebooks.rules.breaches import BreachRule, MissedObligation
    from rulebooks.rules.edition import Edition


def breach_faults(edition: Edition) -> Iterator[Fault]:
    """Yield detectors that watch what does not exist, or cannot fire as meant."""
    for index, rule in enumerate(edition.breaches):
        path, watches = ("breaches", index, "detector"), rule.detector
        if watches.kind == "missed_obligation":
            known = codes(edition.obligations)
            yield from unknown((*path, "obligation"), watches.obligation, "obligation", known)
            yield from _never_on_the_list(path, watches)
        if isinstance(watches, Recorded):
            yield from _judged(path, watches, edition)
        if isinstance(watches, Counting):
            yield from _counted(path, watches, edition.breaches[:index])


def _judged(path: Path, watches: Recorded, edition: Edition) -> Iterator[Fault]:
    """Yield judgements that nobody makes, and outcomes that they cannot have."""
    matters = {matter.code: matter for matter in edition.judgements}
    yield from unknown((*path, "judgement"), watches.judgement, "judgement", matters)
    if watches.judgement in matters:
        allowed = matters[watches.judgement].outcomes
        for place, label in enumerate(watches.outcomes):
            what = f"outcome of {watches.judgement}"
            yield from unknown((*path, "outcomes", place), label, what, allowed)


def _never_on_the_list(path: Path, watches: MissedObligation) -> Iterator[Fault]:
    if watches.provisional_list and watches.fires == "due_passed" and watches.grace is None:
        message = "with fires: due_passed and no grace, nothing lies between due and final"
        yield Fault((*path, "provisional_list"), message)


def _counted(path: Path, watches: Counting, before: Sequence[BreachRule]) -> Iterator[Fault]:
    """Yield rules that do not stand before this one, or that count hits themselves."""
    several = not isinstance(watches.of, str)
    counting = [rule.code for rule in before if isinstance(rule.detector, Counting)]
    for place, code in enumerate(watches.counted):
        where = (*path, "of", place) if several else (*path, "of")
        yield from unknown(where, code, "breach rule before this one", codes(before))
        if code in counting:
            yield Fault(where, f"{code} counts hits itself; count what it counts")
        if code in watches.counted[:place]:
            yield Fault(where, f"{code!r} stands twice; name each rule once")
