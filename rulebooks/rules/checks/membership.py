"""What must hold between chambers, rights, classes and requirements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import codes, selected
from rulebooks.rules.document import Fault

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def membership_faults(edition: Edition) -> Iterator[Fault]:
    """Yield chambers, rights and classes that are named and do not exist."""
    for index, made in enumerate(edition.classes):
        path = ("classes", index)
        yield from selected((*path, "chambers"), made.chambers, "chamber", codes(edition.chambers))
        yield from selected((*path, "rights"), made.rights, "right", codes(edition.rights))
    for index, requirement in enumerate(edition.requirements):
        path = ("requirements", index)
        applies_to = requirement.applies_to
        yield from selected((*path, "applies_to"), applies_to, "class", codes(edition.classes))


def membership_warnings(edition: Edition) -> Iterator[Fault]:
    """Yield requirements that nobody signs, and chambers that nobody can belong to."""
    signed = [o.applies_to for o in edition.obligations if o.what == "signature"]
    for index, requirement in enumerate(edition.requirements):
        if not signed:
            message = f"{requirement.code} is signed by nobody: no obligation asks for signatures"
            yield Fault(("requirements", index), message)
    open_to = {chamber for made in edition.classes for chamber in made.chambers}
    for index, chamber in enumerate(edition.chambers):
        if chamber.code not in open_to:
            yield Fault(("chambers", index), f"no class is open to chamber {chamber.code}")
