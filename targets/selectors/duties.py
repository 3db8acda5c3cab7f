"""What a member owes, and where each obligation stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from members.models import Member, Span
from members.selectors import condition_texts
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from rulebooks.rules.obligations import Obligation
from rulebooks.rules.reading import ONCE, about_words
from rulebooks.rules.timeline.changes import Kind
from targets.rules import RECORDS, Course, course, say_days_in

COMMITMENT = "commitment"
UNTITLED = {"condition": "Condition of its admission"}  # what no edition names
RUN_OUT = {"overdue", "missed"}
MOST_PRESSING = (
    *("overdue", "incomplete", "extended", "open", "moratorium", "missed", "ahead"),
    *("met_late", "met", "exempt", "removed"),
)


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation of a member: what, about which period or requirement, and where it stands.

    ``due_on`` is its last day in time, whatever its state; None while none is set.
    ``how`` says how the due day was computed. ``records`` are the words of what may be recorded of
    it, each a fact with the key ``fact_key``.
    """

    key: str
    what: str  # return | disclosure | signature | certificate | deed | fee | commitment
    title: str
    about: str
    about_code: str
    course: Course
    since: date
    due_on: date | None
    how: str
    clause: str
    edition: str

    @property
    def state(self) -> str:
        return self.course.state

    @property
    def is_extendable(self) -> bool:
        """Whether it is something owed once that an extension may move."""
        return self.what in {"certificate", "deed", "fee"} and self.state in {"open", "overdue"}

    @property
    def is_exemptible(self) -> bool:
        return self.what != COMMITMENT and self.state in {"open", "overdue", "ahead", "moratorium"}

    @property
    def fact_key(self) -> str:
        """The key of facts about it: the period, invoice or commitment, else the obligation."""
        code = self.key.partition(":")[0]
        is_once = self.what == "certificate" or self.about_code == ONCE
        return code if is_once else self.about_code

    @property
    def records(self) -> tuple[str, ...]:
        sort = self.what
        if sort == "deed" and self.about_code != ONCE:
            sort = COMMITMENT
        if sort == "return" and self.state not in {"met", "met_late"}:
            return ()
        return tuple(word for word, recording in RECORDS.items() if recording.what == sort)


def obligations(member: Member, *, on: date) -> list[Duty]:
    """Return where each obligation of ``member`` stands on a day, the most pressing first.

    One that has not begun stands as ahead; in two queries, whatever their number, and one more
    where some are conditions.
    """
    rows = Span.objects.of(Kind.OBLIGATION).filter(member=member).order_by("key", "from_on")
    editions = {edition.code: edition for edition in rulebooks.adopted_documents()}
    texts = condition_texts(row.key for row in rows)
    duties = [
        duty_of(list(spans), editions, texts, on=on)
        for _, spans in groupby(rows, key=lambda s: s.key)
    ]
    return sorted(duties, key=_pressing)


def duty_of(
    spans: list[Span], editions: dict[str, Edition], texts: Mapping[str, str], *, on: date
) -> Duty:
    """Return the duty that the spans of one obligation of one member tell of, in their order.

    ``texts`` says what conditions of an admission are about, by their keys.
    """
    begun = [span for span in spans if span.from_on <= on]
    span = begun[-1] if begun else spans[0]
    code, _, about = span.key.partition(":")
    edition = editions.get(span.edition)
    obligation = _obligation(edition, code)
    reason = _reason(spans, span)
    clause = f"clause {span.clause} of {edition.title}" if edition and span.clause else ""
    title, name = _named(edition, obligation, about)
    if obligation is None:
        title, name = untitled(code), texts.get(span.key, about)
    return Duty(
        key=span.key,
        what=obligation.what if obligation else code,
        title=title,
        about=name,
        about_code=about,
        course=course(
            span.state,
            begins=span.from_on,
            ends=span.until_on,
            on=on,
            due_on=span.due_on,
            because=say_days_in(span.because),
        ),
        since=span.from_on,
        due_on=span.due_on,
        how=", ".join(filter(None, [_sentence(say_days_in(reason)), clause])),
        clause=span.clause,
        edition=span.edition,
    )


def _obligation(edition: Edition | None, code: str) -> Obligation | None:
    return next((o for o in edition.obligations if o.code == code), None) if edition else None


def _reason(spans: list[Span], span: Span) -> str:
    """Return why an obligation stands as it does; of an open one, why it is due that day."""
    if span.because and span.state != "open":
        return span.because
    ran_out = next((s.because for s in spans if s.state in RUN_OUT), "")
    return ran_out or spans[0].because


def _named(edition: Edition | None, obligation: Obligation | None, about: str) -> tuple[str, str]:
    """Return the title of a duty, and what it is about in words."""
    if obligation is None:
        return "", about
    if about == ONCE or obligation.what == "certificate":
        return "" if about == ONCE else about.replace("-", " "), obligation.title
    return obligation.title, about_words(about, edition)


def untitled(code: str) -> str:
    """Return what an obligation is called that no edition names."""
    return UNTITLED.get(code, "Commitment")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _pressing(duty: Duty) -> tuple[int, int]:
    """Rank what presses first; done things newest first."""
    place = MOST_PRESSING.index(duty.state) if duty.state in MOST_PRESSING else 0
    day = (duty.course.due_on or duty.since).toordinal()
    return place, day if duty.state in {"overdue", "open", "ahead"} else -day
