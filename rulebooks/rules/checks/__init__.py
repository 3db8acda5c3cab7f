"""What must hold between the parts of an edition, each fault at its place in the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.belonging import belonging_faults, belonging_warnings
from rulebooks.rules.checks.bodies import body_faults, body_warnings
from rulebooks.rules.checks.breaches import breach_faults
from rulebooks.rules.checks.due_process import due_process_faults
from rulebooks.rules.checks.entry import entry_faults
from rulebooks.rules.checks.joining import admission_faults, admission_warnings
from rulebooks.rules.checks.ladders import ladder_faults, ladder_warnings
from rulebooks.rules.checks.legal_text import legal_text_faults, legal_text_warnings
from rulebooks.rules.checks.measures import measure_faults
from rulebooks.rules.checks.membership import membership_faults, membership_warnings
from rulebooks.rules.checks.obligations import (
    extension_faults,
    obligation_faults,
    period_faults,
)
from rulebooks.rules.checks.places import repeated_codes
from rulebooks.rules.checks.publicity import publicity_faults, publicity_warnings
from rulebooks.rules.checks.scoring import scoring_faults, scoring_warnings
from rulebooks.rules.checks.signing import signing_faults, signing_warnings
from rulebooks.rules.checks.targets import target_faults
from rulebooks.rules.continuity import declaration_faults
from rulebooks.rules.coverage import coverage_warnings
from rulebooks.rules.document import Fault

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def faults(edition: Edition) -> Iterator[Fault]:
    """Yield every fault between the parts of ``edition``."""
    yield from repeated_codes(edition)
    yield from membership_faults(edition)
    yield from signing_faults(edition)
    yield from admission_faults(edition)
    yield from belonging_faults(edition)
    yield from period_faults(edition)
    yield from obligation_faults(edition)
    yield from extension_faults(edition)
    yield from target_faults(edition)
    yield from measure_faults(edition)
    yield from scoring_faults(edition)
    yield from breach_faults(edition)
    yield from ladder_faults(edition)
    yield from entry_faults(edition)
    yield from body_faults(edition)
    yield from publicity_faults(edition)
    yield from legal_text_faults(edition)
    yield from due_process_faults(edition)
    if edition.replaces == edition.code:
        yield Fault(("replaces",), "an edition cannot replace itself; name the one before, or null")
    else:
        yield from declaration_faults(edition)


def warnings(edition: Edition) -> Iterator[Fault]:
    """Yield what is allowed in ``edition`` and may still be a mistake."""
    yield from scoring_warnings(edition)
    yield from membership_warnings(edition)
    yield from signing_warnings(edition)
    yield from admission_warnings(edition)
    yield from belonging_warnings(edition)
    yield from ladder_warnings(edition)
    yield from body_warnings(edition)
    yield from publicity_warnings(edition)
    yield from legal_text_warnings(edition)
    yield from coverage_warnings(edition)
