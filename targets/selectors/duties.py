"""What a member owes, and where each obligation stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from members.models import Member, Span
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from rulebooks.rules.timeline.changes import Kind
from targets.rules import Course, course, say_days_in

ONE_DAY = timedelta(days=1)
MOST_PRESSING = ("overdue", "open", "missed", "ahead", "met_late", "met")


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation of a member: what, about which period or requirement, and where it stands.

    ``how`` says how the due day was computed.
    """

    key: str
    what: str  # return | signature
    title: str
    about: str
    about_code: str
    course: Course
    since: date
    how: str
    clause: str
    edition: str

    @property
    def state(self) -> str:
        return self.course.state


def obligations(member: Member, *, on: date) -> list[Duty]:
    """Return where each obligation of ``member`` stands on a day, the most pressing first.

    One that has not begun stands as ahead; in two queries, whatever their number.
    """
    rows = Span.objects.of(Kind.OBLIGATION).filter(member=member).order_by("key", "from_on")
    editions = {edition.code: edition for edition in rulebooks.adopted_documents()}
    duties = [
        _duty(list(spans), editions, on=on) for _, spans in groupby(rows, key=lambda s: s.key)
    ]
    return sorted(duties, key=_pressing)


def _duty(spans: list[Span], editions: dict[str, Edition], *, on: date) -> Duty:
    begun = [span for span in spans if span.from_on <= on]
    span = begun[-1] if begun else spans[0]
    following = next((s for s in spans if s.from_on == span.until_on), None)
    overdue = next((s.from_on - ONE_DAY for s in spans if s.state == "overdue"), None)
    code, _, about = span.key.partition(":")
    edition = editions[span.edition]
    obligation = edition.obligation(code)
    reason = span.because or (following.because if following else "")
    clause = f"clause {span.clause} of {edition.title}"
    return Duty(
        key=span.key,
        what=obligation.what,
        title=obligation.title,
        about=_about(edition, obligation.what, about),
        about_code=about,
        course=course(span.state, begins=span.from_on, ends=span.until_on, on=on, due_on=overdue),
        since=span.from_on,
        how=", ".join(filter(None, [_sentence(say_days_in(reason)), clause])),
        clause=span.clause,
        edition=span.edition,
    )


def _about(edition: Edition, what: str, code: str) -> str:
    try:
        return edition.period(code).name if what == "return" else edition.requirement(code).title
    except KeyError:
        return code


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _pressing(duty: Duty) -> tuple[int, int]:
    """Rank what presses first; done things newest first."""
    place = MOST_PRESSING.index(duty.state) if duty.state in MOST_PRESSING else 0
    day = (duty.course.due_on or duty.since).toordinal()
    return place, day if duty.state in {"overdue", "open", "ahead"} else -day
