"""One member as it stood on a day, by what was known on another: nothing that came later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from accounts.models import User
from kpis.models import Return, Scorecard
from members.models import Member, Span
from members.selectors.timelines import LAST_DAY
from rulebooks.rules.timeline.changes import Kind
from suspensions.models import Breach, Case
from suspensions.rules.procedure import OPEN


@dataclass(frozen=True, slots=True)
class Then:
    """The day that a page is about, and the day whose knowledge it is read with, if another."""

    on: date
    known: date | None = None

    @property
    def moment(self) -> datetime:
        """The end of the day by which something had been done, and was known to be."""
        return _end_of(min(self.on, self.known or self.on))

    @property
    def recorded_by(self) -> datetime | None:
        """The end of the day by which a fact had to be recorded, None for any day."""
        return None if self.known is None else _end_of(self.known)


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(min(day, LAST_DAY), time.max))


def cards_then(member: Member, *, user: User, then: Then) -> list[Scorecard]:
    """Return the scorecards that stood, the newest period first."""
    cards = Scorecard.objects.visible_to(user).published().filter(member=member)
    found = cards.filter(run__published_at__lte=then.moment).latest()
    rows = found.select_related("period", "edition", "run").defer("card", "inputs")
    return sorted(rows, key=lambda card: card.period.about_from, reverse=True)


def returns_then(member: Member, *, user: User, then: Then) -> list[Return]:
    """Return the version of each return that counted, the newest period first."""
    filed = Return.objects.visible_to(user).filed().filter(member=member)
    newest = filed.filter(filed_at__lte=then.moment).order_by("period", "-version")
    rows = newest.distinct("period").select_related("period", "filed_by")
    return sorted(rows, key=lambda row: row.period.about_from, reverse=True)


def breaches_then(
    member: Member, now: Sequence[Span], *, user: User, then: Then
) -> list[tuple[Breach, str]]:
    """Return the breaches that had been raised with their state; ``now`` are the spans of it."""
    states = {span.key: span.state for span in now if span.kind == Kind.BREACH}
    rows = Breach.objects.visible_to(user).filter(member=member, raised_on__lte=then.on)
    rows = rows.filter(key__in=states).select_related("edition").order_by("-raised_on", "-pk")
    return [(row, states[row.key]) for row in rows]


def cases_then(member: Member, now: Sequence[Span], *, user: User) -> list[Case]:
    """Return the cases that had been opened with stage and clock, those that went on first."""
    stages = {span.key: span.state for span in now if span.kind == Kind.CASE}
    clocks = {
        span.key.partition(":")[2]: span.until_on
        for span in sorted(now, key=lambda span: span.from_on)
        if span.kind == Kind.CLOCK
        and span.state == "running"
        and span.key.startswith(("answer:", "appeal:"))
    }
    rows = Case.objects.visible_to(user).filter(member=member, code__in=stages)
    found = list(rows.select_related("edition", "member__organisation").order_by("-opened_at"))
    for case in found:
        case.stage, case.clock_ends = stages[case.code], clocks.get(case.code)
    return sorted(found, key=lambda case: case.stage not in OPEN)
