"""What a member is asked to sign, as it is held to it, and what differs from what it signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from members.models import Fact, Mandate, Member, Signature, Span
from members.rules import Post
from members.selectors.signatures import signed_texts, text_signed, unsigned
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition
from rulebooks.rules import edition as rules
from rulebooks.rules import facts
from rulebooks.rules.continuity import texts_before
from rulebooks.rules.membership import Requirement
from rulebooks.rules.obligations import SignatureObligation
from rulebooks.rules.reading.held import HeldTo, held_to
from rulebooks.rules.reading.redline import Piece, text_differences
from rulebooks.rules.signing import Deed, DeedTerm
from rulebooks.rules.timeline.changes import Kind

SILENCE = "silence.accepted"


@dataclass(frozen=True, slots=True)
class ToSign:
    """A text that is asked for: how the member is held to it, and what changed since it signed.

    ``title``, ``words`` and the ``terms`` of the deed are in the ``language`` that it is read in:
    the one that was chosen, or that of the edition where it is not translated into it.
    ``silence`` is the span from which it is, or will be, accepted by silence, if nothing is said.
    """

    text: Deed | Requirement
    title: str
    words: str
    terms: tuple[tuple[str, DeedTerm], ...]
    language: str
    held: HeldTo | None
    before: Signature | None
    changes: tuple[tuple[str, tuple[Piece, ...]], ...]
    due_on: date | None
    silence: Span | None
    declined: bool

    def accepted_by(self, on: date) -> bool:
        """Return whether silence has accepted the text by a day."""
        return self.silence is not None and self.silence.from_on <= on


def to_sign(member: Member, edition: Edition, *, on: date, language: str = "") -> list[ToSign]:
    """Return what ``member`` has yet to sign of the edition in force, in the edition's order.

    Texts come in ``language`` where they are translated into it.
    """
    asked = unsigned(member, on=on)
    if not asked:
        return []
    before = _signed_before(member, edition)
    said, spans = declined(member), _spans(member, edition.document)
    return [
        ToSign(
            text=text,
            **_read(text, language, edition.document),
            held=held_to(text, edition.document) if isinstance(text, Requirement) else None,
            before=before.get(text.code),
            changes=_changes(before.get(text.code), text),
            due_on=_due_on(spans.get(text.code, []), on),
            silence=_silence(spans.get(text.code, [])),
            declined=(text.code, text.text_sha256) in said,
        )
        for text in asked
    ]


def _read(text: Deed | Requirement, language: str, edition: rules.Edition) -> dict[str, object]:
    read = text.translated_into(language) or text
    return {
        "title": read.title,
        "words": read.text if isinstance(text, Requirement) else "",
        "terms": tuple(text.terms(language)) if isinstance(text, Deed) else (),
        "language": language_read(text, language, edition),
    }


def language_read(text: Deed | Requirement, language: str, edition: rules.Edition) -> str:
    """Return in which language a text is read: the one chosen, else the edition's."""
    return language if text.translated_into(language) else edition.language


def _signed_before(member: Member, edition: Edition) -> dict[str, Signature]:
    """Return by code the latest signature on a text that the one asked for comes from."""
    earlier = texts_before(rulebooks.adopted_documents(), edition.document)
    found: dict[str, Signature] = {}
    for signature in signed_texts(member):
        text = (signature.requirement, signature.text_sha256)
        for code, texts in earlier.items():
            if text in texts:
                found.setdefault(code, signature)
    return found


def _changes(
    before: Signature | None, text: Deed | Requirement
) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    if before is None:
        return ()
    old = text_signed(before)
    return text_differences(old, text) if old else ()


def _spans(member: Member, edition: rules.Edition) -> dict[str, list[Span]]:
    """Return the spans of the duties to sign, by the code of the text, the last to come last."""
    duties = [o.code for o in edition.obligations if isinstance(o, SignatureObligation)]
    found: dict[str, list[Span]] = {}
    rows = Span.objects.of(Kind.OBLIGATION).filter(member=member)
    for span in rows.order_by("from_on", "pk"):
        duty, _, about = span.key.partition(":")
        if duty in duties:
            found.setdefault(about, []).append(span)
    return found


def _silence(spans: list[Span]) -> Span | None:
    """Return the span in which silence accepts a text, if that is what comes in the end."""
    return spans[-1] if spans and spans[-1].ground == SILENCE else None


def _due_on(spans: list[Span], on: date) -> date | None:
    now = [span for span in spans if span.from_on <= on]
    return now[-1].due_on if now else None


def declined(member: Member) -> set[tuple[str, str]]:
    """Return the texts, by code and hash, that were said not to be accepted for ``member``."""
    rows = Fact.objects.filter(
        member=member, kind=facts.RequirementDeclined.kind, corrected_by=None
    )
    return {(row.key, row.data["text_sha256"]) for row in rows}


def languages(edition: rules.Edition) -> tuple[str, ...]:
    """Return the languages in which the texts of an edition can be read."""
    named = edition.signing.languages
    if named is None:
        return (edition.language,)
    return tuple(dict.fromkeys((edition.language, *named.authoritative, *named.translations)))


def capacities_signed_in(person: User, edition: Edition) -> set[str]:
    """Return the capacities in which somebody has signed under an edition, for any member."""
    signed = Signature.objects.filter(user=person, edition=edition)
    return set(signed.values_list("capacity", flat=True))


def signing_mandates(member: Member, user: User, *, on: date) -> list[Mandate]:
    """Return somebody's mandates to sign for a member on a day, by capacity."""
    held = Mandate.objects.in_force(on).filter(member=member, user=user, post=Post.SIGNATORY)
    return list(held.order_by("capacity", "pk"))


def kept_apart(person: User, edition: Edition, capacity: str) -> tuple[str, str] | None:
    """Return the capacity that somebody signed in and that is kept apart from another, by a clause.

    None where nothing keeps them apart.
    """
    if not (rules_apart := edition.document.signing.kept_apart):
        return None
    used = sorted(capacities_signed_in(person, edition))
    pairs = ((one, rule) for one in used for rule in rules_apart)
    return next(((one, rule.clause) for one, rule in pairs if rule.excludes(one, capacity)), None)


def ended_mandate(user: User, code: str, *, on: date) -> Mandate | None:
    """Return the signatory's own mandate for a member that has ended by a day, if there is one."""
    ended = Mandate.objects.filter(
        user=user, member__code=code, post=Post.SIGNATORY, until_on__lte=on
    )
    return ended.select_related("member__organisation").order_by("-until_on", "-pk").first()
