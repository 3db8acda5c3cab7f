"""What must hold of breach rules and what they watch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import codes, unknown
from rulebooks.rules.document import Fault

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def breach_faults(edition: Edition) -> Iterator[Fault]:
    """Yield detectors that watch what does not exist, or cannot fire as meant."""
    for index, rule in enumerate(edition.breaches):
        path, watches = ("breaches", index, "detector"), rule.detector
        if watches.kind == "missed_obligation":
            known = codes(edition.obligations)
            yield from unknown((*path, "obligation"), watches.obligation, "obligation", known)
        if watches.kind == "consecutive":
            earlier = codes(edition.breaches[:index])
            yield from unknown((*path, "of"), watches.of, "breach rule before this one", earlier)
