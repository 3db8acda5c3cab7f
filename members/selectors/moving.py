"""What a membership holds on a day, and what its class pays: for tables before somebody acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from members.models import Fact, Member, Span
from members.selectors.changes import SETTLED, open_cases
from members.selectors.describing import sizes_on
from members.selectors.signatures import standing_signatures
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts as rules
from rulebooks.rules import reading
from rulebooks.rules.edition import Edition
from rulebooks.rules.fees import FeeAmount
from rulebooks.rules.obligations import FeeObligation
from rulebooks.rules.timeline.changes import Kind


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is still owed and invoiced, which cases are open, what is signed and aimed at: names."""

    duties: tuple[str, ...]
    fees: tuple[str, ...]
    cases: tuple[str, ...]
    signatures: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeeChange:
    """A fee that a member pays in its class, and would pay in another; None where it pays none."""

    title: str
    before: FeeAmount | None
    after: FeeAmount | None


def holdings(member: Member, *, on: date) -> Holdings:
    """Return what a membership holds on a day. Whose cases it may show, the caller knows."""
    edition = rulebooks.edition_in_force(on).document
    fees = {owed.code for owed in edition.obligations if isinstance(owed, FeeObligation)}
    owed = Span.objects.in_force(on).of(Kind.OBLIGATION).filter(member=member)
    keys = list(owed.exclude(state__in=SETTLED).order_by("key").values_list("key", flat=True))
    return Holdings(
        duties=_titles((key for key in keys if key.partition(":")[0] not in fees), edition),
        fees=_titles((key for key in keys if key.partition(":")[0] in fees), edition),
        cases=tuple(span.key for span in open_cases(member, on=on)),
        signatures=_signed(member, edition),
        targets=_targets(member, edition),
    )


def _titles(keys: Iterator[str], edition: Edition) -> tuple[str, ...]:
    return tuple(reading.duty(key, edition) for key in keys)


def _signed(member: Member, edition: Edition) -> tuple[str, ...]:
    standing = standing_signatures(member, edition)
    texts = edition.texts_of(member.member_class)
    return tuple(text.title for text in texts if text.code in standing)


def _targets(member: Member, edition: Edition) -> tuple[str, ...]:
    """Return the KPIs on which a target of the member's own holds."""
    approved = Fact.objects.filter(
        member=member, kind=rules.TargetApproved.kind, corrected_by=None
    ).order_by("pk")
    titles = {kpi.code: kpi.title for kpi in edition.kpis}
    aimed_at = dict.fromkeys(fact.data["kpi"] for fact in approved)
    return tuple(titles.get(code, code) for code in aimed_at)


def fee_changes(member: Member, member_class: str, *, from_on: date) -> list[FeeChange]:
    """Return each fee with a table of amounts, as it is in the member's class and in another."""
    edition = rulebooks.current_document(from_on)
    size = sizes_on(from_on, of=[member.pk]).get(member.pk)
    found = []
    for owed in edition.obligations if edition else ():
        if not isinstance(owed, FeeObligation) or not owed.amounts:
            continue
        paying = edition.classes_of(owed.applies_to)
        before, after = (
            owed.amount_for(code, size) if code in paying else None
            for code in (member.member_class, member_class)
        )
        found += [FeeChange(owed.title, before, after)] if before or after else []
    return found
