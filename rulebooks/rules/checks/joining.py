"""What must hold of how one applies for membership."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.bodies import named_body
from rulebooks.rules.checks.places import codes, selected
from rulebooks.rules.document import Fault, Path
from rulebooks.rules.schema import selects

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition
    from rulebooks.rules.joining import Admission

LISTS = ("questions", "documents", "contacts", "criteria", "due_diligence")


def admission_faults(edition: Edition) -> Iterator[Fault]:
    """Yield classes and bodies that do not exist, classes in two admissions, codes that repeat."""
    taken: dict[str, str] = {}
    for index, admission in enumerate(edition.admissions):
        path = ("admissions", index)
        known = codes(edition.classes)
        yield from selected((*path, "applies_to"), admission.applies_to, "class", known)
        for code in known:
            if selects(admission.applies_to, code) and (before := taken.get(code)):
                message = f"admission {before} takes in class {code} already; a class has one"
                yield Fault((*path, "applies_to"), message)
            elif selects(admission.applies_to, code):
                taken[code] = admission.code
        yield from _bodies(path, admission, edition)
        if admission.sectors != "none" and not edition.sectors:
            yield Fault((*path, "sectors"), "the edition names no sectors; list them under sectors")
        yield from _repeated(path, admission)


def _bodies(path: Path, admission: Admission, edition: Edition) -> Iterator[Fault]:
    if admission.decided_by is not None:
        yield from named_body((*path, "decided_by"), admission.decided_by, edition)
    if admission.appeal is not None:
        yield from named_body((*path, "appeal", "to"), admission.appeal.to, edition)


def _repeated(path: Path, admission: Admission) -> Iterator[Fault]:
    for name in LISTS:
        seen: set[str] = set()
        for index, part in enumerate(getattr(admission, name)):
            if part.code in seen:
                message = f"{part.code!r} is taken; a code names one thing"
                yield Fault((*path, name, index, "code"), message)
            seen.add(part.code)


def admission_warnings(edition: Edition) -> Iterator[Fault]:
    """Yield admissions that can be refused without appeal, or wait for a decision without end."""
    for index, admission in enumerate(edition.admissions):
        path = ("admissions", index)
        if admission.decided_by is not None and admission.appeal is None:
            yield Fault(path, f"{admission.code} can be refused, and there is no appeal")
        if admission.decide_within is None:
            yield Fault(path, f"{admission.code} has no decide_within: it may wait for ever")
