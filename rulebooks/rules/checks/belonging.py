"""What must hold of a membership that changes, and of fees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.belonging import SECRETARIAT
from rulebooks.rules.checks.bodies import named_body
from rulebooks.rules.checks.places import codes, selected
from rulebooks.rules.document import Fault, Path
from rulebooks.rules.obligations import FeeObligation

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def belonging_faults(edition: Edition) -> Iterator[Fault]:
    """Yield bodies and classes that do not exist, and roles of contacts that stand twice."""
    for name in ("class_change", "merger"):
        part = getattr(edition.belonging, name)
        if part is not None and part.decided_by is not None:
            yield from named_body(("belonging", name, "decided_by"), part.decided_by, edition)
    if edition.belonging.withdrawal is not None:
        for place, code in enumerate(edition.belonging.withdrawal.tells):
            if code != SECRETARIAT:
                path = ("belonging", "withdrawal", "tells", place)
                yield from named_body(path, code, edition)
    yield from _contacts(edition)
    for index, owed in enumerate(edition.obligations):
        if isinstance(owed, FeeObligation):
            yield from _fee(("obligations", index), owed, edition)


def _contacts(edition: Edition) -> Iterator[Fault]:
    roles, seen = edition.belonging.contacts, set()
    for index, role in enumerate(roles):
        path = ("belonging", "contacts", index)
        yield from selected((*path, "applies_to"), role.applies_to, "class", codes(edition.classes))
        if role.code in seen:
            yield Fault((*path, "code"), f"{role.code!r} is taken; a code names one thing")
        seen.add(role.code)
    if roles and sum(role.main for role in roles) != 1:
        message = "exactly one role of contacts is the main one; write main: true in it"
        yield Fault(("belonging", "contacts"), message)


def _fee(path: Path, owed: FeeObligation, edition: Edition) -> Iterator[Fault]:
    """Yield rows for classes and bands that do not exist, and a cap in another currency."""
    for index, row in enumerate(owed.amounts):
        at = (*path, "amounts", index)
        yield from selected((*at, "applies_to"), row.applies_to, "class", codes(edition.classes))
        yield from selected((*at, "sizes"), row.sizes, "size", codes(edition.sizes))
    currencies = {row.currency for row in owed.amounts}
    if owed.group_cap is None:
        return
    if currencies != {owed.group_cap.currency}:
        said = ", ".join(sorted(currencies)) or "no amounts"
        message = f"the cap is in {owed.group_cap.currency}, amounts are in {said}; use one"
        yield Fault((*path, "group_cap", "currency"), message)
    if not edition.belonging.counts_as_one("fees"):
        message = "a cap of a group needs counts_as_one: [fees] under belonging.corporate_groups"
        yield Fault((*path, "group_cap"), message)


def belonging_warnings(edition: Edition) -> Iterator[Fault]:
    """Yield caps of votes that say nothing, classes without a fee, and rows nobody comes to."""
    yield from _idle_caps(edition)
    for index, owed in enumerate(edition.obligations):
        if not isinstance(owed, FeeObligation) or not owed.amounts:
            continue
        path = ("obligations", index, "amounts")
        bands = [*codes(edition.sizes), None]
        used = set()
        for member_class in edition.classes_of(owed.applies_to):
            rows = [owed.amount_for(member_class, band) for band in bands]
            used |= {id(row) for row in rows if row}
            if None in rows:
                yield Fault(path, f"some members of class {member_class} have no amount")
        for place, row in enumerate(owed.amounts):
            if id(row) not in used:
                yield Fault((*path, place), "no member comes to this row: one before it fits")


def _idle_caps(edition: Edition) -> Iterator[Fault]:
    if not edition.belonging.counts_as_one("votes"):
        return
    clause = edition.belonging.corporate_groups.clause
    for index, rule in enumerate(edition.decision_rules):
        if (rule.caps.per_corporate_group or 1) > 1:
            path = ("decision_rules", index, "caps", "per_corporate_group")
            yield Fault(path, f"members of one group have one vote together, clause {clause}")
