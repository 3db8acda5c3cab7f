"""Of what members are reminded: by the reminders of the edition under which they owe it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from members.models import Fact, Letter, Member, Span
from members.rules import Source
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts
from rulebooks.rules.edition import Edition
from rulebooks.rules.obligations import SignatureObligation
from rulebooks.rules.reading import duty
from rulebooks.rules.reminders import Reminder
from rulebooks.rules.schema import selects
from rulebooks.rules.terms import add_days
from rulebooks.rules.timeline.changes import Kind

BEFORE, AFTER = "obligation-due", "obligation-late"
STILL_OWED = ("open", "extended")
LATE = ("overdue",)
STILL_NEWS = 31  # days after a reminder's day; what was not written by then is not written


@dataclass(frozen=True, slots=True)
class ToRemind:
    """One thing of which one member is reminded, by one reminder of its edition."""

    member: Member
    key: str
    title: str
    reminder: Reminder
    due_on: date

    @property
    def template(self) -> str:
        return AFTER if self.reminder.is_late else BEFORE

    @property
    def letter(self) -> str:
        """The occasion: the same reminder of the same thing due on the same day is one."""
        return f"{self.member.code}:{self.key}:{self.reminder.code}:{self.due_on}"


def may_remind(*, on: date) -> QuerySet[Span]:
    """Return the spans, as a query, of which some reminder may have to be written on a day."""
    wanted = Q(pk__in=[])
    for edition in rulebooks.adopted_documents():
        if edition.reminders:
            wanted |= Q(edition=edition.code) & _near(edition, on)
    return Span.objects.in_force(on).of(Kind.OBLIGATION).filter(wanted)


def _near(edition: Edition, on: date) -> Q:
    """Match what is due so near a day that a reminder of the edition may be about it."""
    near = Q(pk__in=[])
    for reminder in edition.reminders:
        reach = abs(reminder.on(on, holidays=edition.closed_days) - on) + timedelta(days=3)
        if reminder.is_late:
            earliest = on - reach - timedelta(days=STILL_NEWS)
            near |= Q(state__in=LATE, due_on__range=(earliest, on))
        else:
            near |= Q(state__in=STILL_OWED, due_on__range=(on, on + reach))
    return near


def to_remind(spans: QuerySet[Span], *, on: date) -> list[ToRemind]:
    """Return the reminders to be written of these spans on a day, the newest of each alone.

    What was written already is left out; so is what was late before the member's own admission
    was brought in with earlier records.
    """
    editions = {document.code: document for document in rulebooks.adopted_documents()}
    rows = spans.select_related("member__organisation").order_by("member", "key")
    found = [one for row in rows if (one := _reminder(row, editions[row.edition], on)) is not None]
    members = {one.member.pk for one in found}
    written = _written(members)
    brought_in = _brought_in(members)
    return [
        one
        for one in found
        if f"{one.template}:{one.letter}" not in written
        and one.due_on >= brought_in.get(one.member.pk, date.min)
    ]


def _reminder(span: Span, edition: Edition, on: date) -> ToRemind | None:
    code = span.key.partition(":")[0]
    obligation = next((o for o in edition.obligations if o.code == code), None)
    if obligation is None or span.due_on is None or span.due_on < obligation.enforced_from:
        return None
    is_late = span.state in LATE
    if isinstance(obligation, SignatureObligation) and not is_late:
        return None  # one letter about all that is to be signed: members.remind_to_sign
    reached = [
        (day, reminder)
        for reminder in edition.reminders
        if reminder.is_late is is_late and selects(reminder.applies_to, code)
        for day in [reminder.on(span.due_on, holidays=edition.closed_days)]
        if day <= on <= add_days(day, STILL_NEWS) or (day <= on and not is_late)
    ]
    if not reached:
        return None
    _, newest = max(reached, key=lambda pair: pair[0])
    return ToRemind(span.member, span.key, duty(span.key, edition), newest, span.due_on)


def _written(members: set[int]) -> set[str]:
    """Return the keys of the reminders these members were written, without the person's number."""
    letters = Letter.objects.filter(member__in=members, template__in=(BEFORE, AFTER))
    return {key.rpartition(":")[0] for key in letters.values_list("key", flat=True)}


def _brought_in(members: set[int]) -> dict[int, date]:
    """Return the day on which the admission of a member was brought in with earlier records."""
    admitted = Fact.objects.filter(
        member__in=members,
        kind=facts.MemberAdmitted.kind,
        source=Source.IMPORTED,
        corrected_by=None,
    )
    return {fact.member_id: fact.recorded_at.date() for fact in admitted.order_by("-pk")}


def reminders_of(spans: QuerySet[Span], *, on: date) -> Iterator[Sequence[ToRemind]]:
    """Yield the reminders to be written by template."""
    found = to_remind(spans, on=on)
    for template in (BEFORE, AFTER):
        chosen = [one for one in found if one.template == template]
        if chosen:
            yield chosen
