"""The certificate of what one member has signed, and the paper that it is written on."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from django.template.loader import render_to_string
from django.utils import timezone

from members import selectors as members
from members.models import Member, Signature, Span
from members.rules import Standing
from members.selectors import Belonged
from reports.rules import certificate as rules
from reports.rules.certificate import Certificate, SignedText
from reports.rules.parts import Named
from reports.rules.report import canonical
from reports.selectors import paper
from reports.selectors.accountability import rules_of, who
from rulebooks.models import Edition
from rulebooks.rules.edition import Edition as Document
from rulebooks.rules.membership import Requirement
from rulebooks.rules.signing import Deed
from rulebooks.rules.timeline.changes import Kind

DATA = "certificate.json"


def certificate(member: Member, edition: Edition, *, on: date, at: datetime) -> Certificate:
    """Return what ``member`` has signed of the edition in force, as known at a moment."""
    document = edition.document
    signed = members.standing_signatures(member, document, at=at)
    asked = members.to_sign(member, edition, on=on)
    texts = {text.code: text for text in document.texts_of(member.member_class)}
    ended_on = _ended_on(member, on)
    return Certificate(
        initiative=document.initiative,
        language=document.language,
        time_zone=document.time_zone,
        known_at=at,
        on=on,
        member=who(member, document, Belonged(member.member_class, member.chamber), on=on, at=at),
        edition=rules_of(edition),
        legal_text_sha256=document.legal_text.sha256 if document.legal_text else None,
        deed=_deed(document),
        texts=tuple(_signed(texts[code], row) for code, row in signed.items()),
        by_silence=tuple(_silent(row) for row in asked if row.accepted_by(on)),
        unsigned=()
        if ended_on
        else tuple(_named(row.text) for row in asked if not row.accepted_by(on)),
        ended_on=ended_on,
    )


def _ended_on(member: Member, on: date) -> date | None:
    """Return the first day without membership, None where it lasts on a day."""
    standing = Span.objects.in_force(on).of(Kind.STANDING).filter(member=member)
    gone = standing.filter(state__in=[Standing.LEFT, Standing.EXCLUDED]).first()
    return gone.from_on if gone else None


def _deed(document: Document) -> rules.Deed | None:
    deed = document.signing.deed
    if deed is None:
        return None
    terms = (rules.DeedTermSaid(about, term.says, term.clause) for about, term in deed.terms())
    return rules.Deed(deed.code, deed.title, deed.clause, deed.text_sha256, tuple(terms))


def _named(text: Deed | Requirement) -> Named:
    return Named(text.code, text.title, text.clause)


def _silent(row: members.ToSign) -> rules.BySilence:
    span = row.silence
    return rules.BySilence(_named(row.text), span.from_on, span.clause, span.because)


def _signed(asked: Deed | Requirement, row: Signature) -> SignedText:
    text = members.text_signed(row) or asked
    mandate = rules.UnderMandate(
        number=row.mandate_id,
        since=row.mandate.from_on,
        document_sha256=row.document.sha256 if row.document else "",
    )
    return SignedText(
        code=asked.code,
        code_signed=row.requirement,
        title=text.title,
        clause=text.clause,
        text=text.text if isinstance(text, Requirement) else "",
        text_sha256=row.text_sha256,
        signed_sha256=row.signed_sha256,
        by=row.user.name,
        capacity=row.capacity,
        mandate=mandate,
        language=row.language,
        reservation=row.reservation,
        at=row.signed_at,
        edition=row.edition.code,
        form=members.form_of(row, text) if row.signed_sha256 else None,
        entry=_entry(row),
    )


def _entry(row: Signature) -> rules.RecordEntry | None:
    entry = row.entry
    if entry is None:
        return None
    return rules.RecordEntry(entry.pk, entry.digest, entry.canonical_fields())


def pdf_of(certificate: Certificate, *, size: str = "a4") -> bytes:
    """Return a certificate as PDF, on A4 or Letter, yet to be signed."""
    html = html_of(certificate, size=size)
    return paper.written(html, data=canonical(certificate), name=DATA, at=certificate.known_at)


def html_of(certificate: Certificate, *, size: str = "a4") -> str:
    """Return the document that becomes the PDF, its days in the initiative's time zone."""
    with timezone.override(certificate.time_zone):
        context = {
            "certificate": certificate,
            "static": paper.STATIC,
            "letter": size == "letter",
            "digest": sha256(canonical(certificate)).hexdigest(),
        }
        return render_to_string("reports/certificate.html", context)
