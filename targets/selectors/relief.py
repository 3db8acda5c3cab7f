"""What gave a member more time, and which extensions it may still have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from members.models import Member, Span
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from rulebooks.rules.extensions import ExtensionKind, Use
from rulebooks.rules.obligations import FeeObligation
from rulebooks.rules.schema import selects
from rulebooks.rules.timeline.changes import Kind
from targets.models import Extension, Period
from targets.rules import return_obligations

RUN_OUT = ("overdue", "missed")


@dataclass(frozen=True, slots=True)
class DueDay:
    """The last day on which something that a member owes is in time, under an edition."""

    on: date
    edition: Edition


def due_of(member: Member, key: str) -> DueDay | None:
    """Return when ``obligation:about`` is due, None when it is not owed, or settled."""
    spans = Span.objects.of(Kind.OBLIGATION).filter(member=member, key=key)
    ran_out = spans.filter(state__in=RUN_OUT).order_by("from_on").first()
    if ran_out is None:
        return None
    editions = {edition.code: edition for edition in rulebooks.adopted_documents()}
    return DueDay(ran_out.from_on - timedelta(days=1), editions[ran_out.edition])


def extension_kinds(edition: Edition, obligations: Iterable[str]) -> list[ExtensionKind]:
    """Return the kinds of extensions that an edition has for any of these obligations."""
    owed = list(obligations)
    return [
        kind for kind in edition.extensions if any(selects(kind.applies_to, code) for code in owed)
    ]


def extensions_used(member: Member, obligations: Iterable[str], key: str) -> list[Use]:
    """Return the extensions that a member had for other periods of these obligations.

    ``key`` is the period, or ``obligation:about``, that another one is asked for.
    """
    before = _right_before(member, obligations, key)
    rows = Extension.objects.filter(member=member).exclude(key=key).order_by("pk")
    return [Use(row.kind, right_before=row.key in before) for row in rows]


def _right_before(member: Member, obligations: Iterable[str], key: str) -> set[str]:
    """Return the keys of what the member owed right before, under each of these obligations."""
    found: set[str] = set()
    for obligation in obligations:
        spans = Span.objects.of(Kind.OBLIGATION).filter(
            member=member, key__startswith=f"{obligation}:"
        )
        rows = spans.order_by("key", "from_on").values_list("key", "from_on")
        begun = sorted((next(group)[1], name) for name, group in groupby(rows, key=lambda r: r[0]))
        names = [name for _, name in begun]
        for before, name in pairwise(names):
            if name in (key, f"{obligation}:{key}"):
                found |= {before, before.partition(":")[2]}
    return found


def extends_late(period: Period) -> bool:
    """Return whether an extension for a period is to be had once the deadline has passed."""
    document = period.edition.document
    owed = [o.code for o in return_obligations(document, period.code)]
    return any(not kind.only_before_deadline for kind in extension_kinds(document, owed))


def kinds_for_duty(member: Member, key: str) -> list[ExtensionKind]:
    """Return the kinds of extensions that there are for ``obligation:about``."""
    due = due_of(member, key)
    return extension_kinds(due.edition, [key.partition(":")[0]]) if due else []


def fees(member: Member, *, on: date) -> list[tuple[str, str]]:
    """Return code and title of each fee that the edition in force asks of the member's class."""
    document = rulebooks.current_document(on)
    owed = document.obligations_of(member.member_class) if document else ()
    return [(o.code, o.title) for o in owed if isinstance(o, FeeObligation)]
