"""How a member stands and what it owed, as derived from what was known at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from members import selectors as members
from members.models import Member, Signature, Span
from members.rules import standing_words
from members.selectors import Belonged
from reports.rules import words
from reports.rules.parts import Duty, Named, Required, RightHeld, Signed, Stretch, Window
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition
from rulebooks.rules.edition import Edition as Document
from rulebooks.rules.timeline.changes import Kind
from targets.models import Extension, Period
from targets.rules import say_days_in


@dataclass(frozen=True, slots=True)
class Spans:
    """The spans of a member as known at a moment, in the order of days, that began by a day."""

    rows: tuple[Span, ...]
    documents: dict[str, Document]

    def of(self, kind: Kind) -> list[Span]:
        return [row for row in self.rows if row.kind == kind]

    def by_key(self, kind: Kind) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {}
        for row in self.of(kind):
            found.setdefault(row.key, []).append(row)
        return found


def spans_as_known(member: Member, *, on: date, at: datetime) -> Spans:
    """Derive the spans of ``member`` from what was recorded by ``at``."""
    documents = rulebooks.adopted_documents()
    rows = members.derived_spans(
        [member.pk], editions=documents, initiative=members.initiative_facts(), known_at=at
    )
    begun = sorted((r for r in rows if r.from_on <= on), key=lambda r: (r.from_on, r.kind, r.key))
    return Spans(tuple(begun), {document.code: document for document in documents})


def place(spans: Spans, member: Member, *, on: date) -> Belonged:
    """Return the class and chamber of a day; those of the member where none were known."""

    def of(kind: Kind, otherwise: str) -> str:
        rows = spans.of(kind)
        first = rows[0].state if rows else otherwise
        return next((row.state for row in reversed(rows) if row.from_on <= on), first)

    return Belonged(of(Kind.CLASS, member.member_class), of(Kind.CHAMBER, member.chamber))


def stretch(span: Span, said: tuple[str, str] | None = None) -> Stretch:
    """Return a span in words."""
    label, kind = said or words.state(span.state)
    return Stretch(
        state=span.state,
        words=label,
        kind=kind,
        since=span.from_on,
        until=span.until_on,
        ground=words.ground(span.ground),
        clause=span.clause,
        edition=span.edition,
        because=say_days_in(span.because),
    )


def standing(spans: Spans) -> tuple[Stretch, ...]:
    """Return how the member stood, from admission to the day asked about."""
    return tuple(stretch(span, standing_words(span.state)) for span in spans.of(Kind.STANDING))


def rights(spans: Spans) -> Iterator[RightHeld]:
    """Yield whether each right of the member's class is held."""
    for code, rows in sorted(spans.by_key(Kind.RIGHT).items()):
        now = rows[-1]
        document = spans.documents.get(now.edition)
        known = {r.code: r for r in document.rights} if document else {}
        right = known.get(code)
        yield RightHeld(
            right=Named(code, right.name if right else code, right.clause if right else ""),
            held=now.state == "held",
            since=now.from_on,
            ground=words.ground(now.ground),
            clause=now.clause,
        )


def requirements(
    member: Member, edition: Edition, member_class: str, *, at: datetime
) -> Iterator[Required]:
    """Yield each requirement of ``edition`` that members of a class sign, and who signed it."""
    signatures = Signature.objects.filter(member=member, signed_at__lte=at)
    rows = signatures.select_related("user", "edition").order_by("signed_at", "pk")
    signed = {(row.requirement, row.text_sha256): row for row in rows}
    texts = members.texts_that_count(edition.document)
    for requirement in edition.document.requirements_of(member_class):
        row = next((signed[text] for text in signed if text in texts[requirement.code]), None)
        yield Required(
            requirement=Named(requirement.code, requirement.title, requirement.clause),
            text_sha256=requirement.text_sha256,
            signed=row
            and Signed(
                by=row.user.name, capacity=row.capacity, at=row.signed_at, edition=row.edition.code
            ),
        )


def window(member: Member, period: Period, *, at: datetime) -> Window:
    """Return the period with the extension granted to the member by then."""
    granted = Extension.objects.filter(member=member, period=period, granted_at__lte=at).first()
    return Window(
        code=period.code,
        name=period.name,
        about_from=period.about_from,
        about_until=period.about_until,
        opens_on=period.opens_on,
        due_on=period.due_on,
        late_until=period.late_until,
        extended_until=granted.until_on if granted else None,
    )


def duties(spans: Spans, period: Window) -> Iterator[Duty]:
    """Yield what the member owed for ``period``, and its commitments, with how each came about."""
    for key, rows in sorted(spans.by_key(Kind.OBLIGATION).items()):
        code, _, about = key.partition(":")
        if about != period.code and code != "commitment":
            continue
        label, kind = words.state(rows[-1].state)
        yield Duty(
            obligation=_obligation(spans, rows[-1], code, about),
            about=about,
            state=rows[-1].state,
            words=label,
            kind=kind,
            due_on=None if code == "commitment" else period.extended_until or period.due_on,
            steps=tuple(map(stretch, rows)),
        )


def _obligation(spans: Spans, span: Span, code: str, about: str) -> Named:
    if code == "commitment":
        return Named(about, f"Commitment {about}", span.clause)
    document = spans.documents.get(span.edition)
    obligations = document.obligations if document else ()
    found = next((o for o in obligations if o.code == code), None)
    return Named(code, found.title if found else code, span.clause)
