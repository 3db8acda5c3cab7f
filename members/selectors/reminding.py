"""Who is to be reminded that a signature is due, at the days that the edition names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from members.models import Fact, Letter, Member, Span
from rulebooks.models import Edition
from rulebooks.rules import edition as rules
from rulebooks.rules import facts
from rulebooks.rules.membership import Requirement
from rulebooks.rules.obligations import Obligation, SignatureObligation
from rulebooks.rules.reminders import Reminder
from rulebooks.rules.schema import selects
from rulebooks.rules.signing import Deed
from rulebooks.rules.timeline.changes import Kind

REMINDER = "sign-due"
MARGIN = timedelta(days=3)  # months are of different lengths


@dataclass(frozen=True, slots=True)
class SignSoon:
    """The texts that a member has yet to sign by one day, and which reminder of it this is."""

    member: Member
    edition: Edition
    due_on: date
    reminder: Reminder
    texts: tuple[Deed | Requirement, ...]
    silent_on: date | None

    @property
    def key(self) -> str:
        """Tell this reminder from others: of one due day, one for each that the edition names."""
        return f"{self.member.code}:{self.edition.pk}:{self.due_on}:{self.reminder.code}"


def members_to_remind(edition: Edition, *, on: date, after: int, limit: int) -> list[int]:
    """Return the next members, by number, with a signature due within the days that are named."""
    ids = _open(edition, on).filter(member__gt=after).order_by("member")
    return list(ids.values_list("member", flat=True).distinct()[:limit])


def _open(edition: Edition, on: date) -> Sequence[Span]:
    """Return the spans, as a query, of texts that are due soon under an edition.

    A duty that was due before it is enforced has no consequences, and reminds nobody.
    """
    document, wanted = edition.document, Q(pk__in=[])
    for duty in document.obligations:
        for reminder in reminders_of(document, duty):
            reach = on - reminder.on(on, holidays=document.closed_days) + MARGIN
            begins = max(on, duty.enforced_from)
            wanted |= Q(key__startswith=f"{duty.code}:", due_on__range=(begins, on + reach))
    spans = Span.objects.in_force(on).of(Kind.OBLIGATION)
    return spans.filter(wanted, state__in=("open", "extended"))


def reminders_of(document: rules.Edition, duty: Obligation) -> list[Reminder]:
    """Return the reminders before the due day of a duty to sign; of other duties none."""
    if not isinstance(duty, SignatureObligation):
        return []
    return [r for r in document.reminders if not r.is_late and selects(r.applies_to, duty.code)]


def signatures_due(edition: Edition, member_ids: Sequence[int], *, on: date) -> list[SignSoon]:
    """Return the reminders that these members are to get on a day and have not got."""
    spans = _open(edition, on).filter(member__in=member_ids)
    found = list(_soon(edition, spans.select_related("member__organisation"), on))
    keys = [f"{REMINDER}:{soon.key}:" for soon in found]
    sent = Letter.objects.filter(member__in=member_ids, template=REMINDER)
    written = {key.rpartition(":")[0] + ":" for key in sent.values_list("key", flat=True)}
    return [soon for soon, key in zip(found, keys, strict=True) if key not in written]


def _soon(edition: Edition, spans: Sequence[Span], on: date) -> Iterator[SignSoon]:
    """Yield a reminder for each member and due day: the last one that was due by now."""
    said = _declined([span.member_id for span in spans])
    due: dict[tuple[Member, str, date], set[str]] = defaultdict(set)
    for span in spans.order_by("member", "key"):
        duty, _, about = span.key.partition(":")
        due[span.member, duty, span.due_on].add(about)
    for (member, duty, due_on), codes in due.items():
        reminder = _newest(edition.document, duty, due_on, on)
        texts = edition.document.texts_of(member.member_class)
        wanted = [t for t in texts if t.code in codes and (member.pk, t.text_sha256) not in said]
        if reminder is not None and wanted:
            silent = _silent_on(edition, member, codes)
            yield SignSoon(member, edition, due_on, reminder, tuple(wanted), silent)


def _newest(document: rules.Edition, duty: str, due_on: date, on: date) -> Reminder | None:
    """Return the last reminder whose day has come, None before the first."""
    days = [
        (reminder.on(due_on, holidays=document.closed_days), reminder)
        for reminder in reminders_of(document, document.obligation(duty))
    ]
    reached = [pair for pair in days if pair[0] <= on]
    return max(reached, key=lambda pair: pair[0])[1] if reached else None


def _declined(member_ids: Sequence[int]) -> set[tuple[int, str]]:
    rows = Fact.objects.filter(
        member__in=member_ids, kind=facts.RequirementDeclined.kind, corrected_by=None
    )
    return {(row.member_id, row.data["text_sha256"]) for row in rows}


def _silent_on(edition: Edition, member: Member, codes: set[str]) -> date | None:
    """Return the first day on which silence would accept one of the texts, if any."""
    if edition.document.signing.silence is None:
        return None
    spans = Span.objects.of(Kind.OBLIGATION).filter(member=member, ground="silence.accepted")
    days = [span.from_on for span in spans if span.key.partition(":")[2] in codes]
    return min(days, default=None)
