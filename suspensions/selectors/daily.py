"""What the daily run finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from members.models import Letter, Member, Span
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition
from rulebooks.rules.breaches import BreachRule
from rulebooks.rules.obligations import ReturnObligation
from rulebooks.rules.periods import Occurrence
from rulebooks.rules.timeline.changes import Kind
from suspensions.models import Breach

REMIND_DAYS = 14  # before a return is due, each member is reminded once
REMINDER = "return-due"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A hit that no breach has been raised on yet."""

    span: Span
    edition: Edition
    rule: BreachRule

    @property
    def member(self) -> Member:
        return self.span.member


@dataclass(frozen=True, slots=True)
class DueSoon:
    """A return that a member still owes, and its last day."""

    member: Member
    key: str
    period: Occurrence
    due_on: date


def proposed(*, on: date, up_to: date) -> Sequence[Span]:
    """Return the spans, as a query, of hits that came about by ``up_to`` and are not raised."""
    raised = Breach.objects.filter(member=OuterRef("member"), key=OuterRef("key"))
    spans = Span.objects.in_force(max(on, up_to)).of(Kind.BREACH)
    return spans.filter(~Exists(raised), state="proposed", from_on__lte=up_to)


def proposals(spans: Sequence[Span]) -> Iterator[Proposal]:
    """Yield each of these spans with the edition and the rule that it was derived from."""
    editions = {row.code: row for row in Edition.objects.adopted()}
    for span in spans.select_related("member__organisation").order_by("member", "key"):
        edition = editions[span.edition]
        yield Proposal(span, edition, edition.document.breach(span.key.partition(":")[0]))


def members_of(spans: Sequence[Span], *, after: int, limit: int) -> list[int]:
    """Return the next members, by number, that spans speak of."""
    ids = spans.filter(member__gt=after).order_by("member").values_list("member", flat=True)
    return list(ids.distinct()[:limit])


def open_returns(*, on: date) -> Sequence[Span]:
    """Return the spans, as a query, of duties due soon about which no letter was written."""
    key = Concat(
        Value(f"{REMINDER}:"), OuterRef("member__code"), Value(":"), OuterRef("key"), Value(":")
    )
    reminded = Letter.objects.filter(
        member=OuterRef("member"), template=REMINDER, key__startswith=key
    )
    last = on + timedelta(days=REMIND_DAYS + 1)
    open_now = Span.objects.in_force(on).of(Kind.OBLIGATION).filter(state="open")
    return open_now.filter(~Exists(reminded), until_on__lte=last)


def returns_due(spans: Sequence[Span]) -> Iterator[DueSoon]:
    """Yield those of these duties that are returns and already enforced."""
    editions = {document.code: document for document in rulebooks.adopted_documents()}
    for span in spans.select_related("member__organisation").order_by("member", "key"):
        duty, _, about = span.key.partition(":")
        edition = editions.get(span.edition)
        obligation = edition and next((o for o in edition.obligations if o.code == duty), None)
        if not isinstance(obligation, ReturnObligation) or edition.reminders:
            continue  # an edition with reminders of its own says when
        period, due_on = edition.period(about), span.until_on - timedelta(days=1)
        if period.due_on >= obligation.enforced_from:
            yield DueSoon(span.member, span.key, period, due_on)
