"""Issuing certificates of what members have signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access
from members.models import Member
from reports import events
from reports.models import IssuedCertificate
from reports.rules.certificate import Certificate
from reports.rules.report import digest
from reports.selectors import certificates, seal
from rulebooks import selectors as rulebooks


class NothingSigned(ValueError):
    """The member has signed nothing of the edition in force."""


@dataclass(frozen=True, slots=True)
class IssuedPdf:
    """A certificate that left the platform: its bytes, what is in them, and the row."""

    pdf: bytes
    certificate: Certificate
    row: IssuedCertificate

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"signatures-{self.certificate.member.code}-{self.certificate.edition.code}.pdf"


@transaction.atomic
def issue_certificate(
    *, member: Member, by: User, on: date, at: datetime, size: str = "a4"
) -> IssuedPdf:
    """Make and sign the certificate of what ``member`` has signed of the edition in force.

    :raises PermissionDenied: ``by`` may not issue reports about this member.
    :raises NothingSigned: there is nothing to certify yet.
    :raises seal.NoKey: the platform has no key to sign it with.
    """
    access.require(by, Permission.REPORT_ISSUE, member=member)
    member = Member.objects.visible_to(by).select_related("organisation").get(pk=member.pk)
    edition = rulebooks.edition_in_force(on)
    certificate = certificates.certificate(member, edition, on=on, at=at)
    if not certificate.texts:
        raise NothingSigned(f"{member.code} has signed nothing of {edition.code} yet")
    pdf = seal.sealed(certificates.pdf_of(certificate, size=size), at=at)
    row = IssuedCertificate.objects.create(
        member=member,
        edition=edition,
        sha256=sha256(pdf).hexdigest(),
        content_sha256=digest(certificate),
        issued_at=at,
        issued_to=by,
    )
    event = events.CertificateIssued(
        member=member.code,
        edition=edition.code,
        sha256=row.sha256,
        content_sha256=row.content_sha256,
    )
    ledger.record(event, subject=row, actor=by, on=on)
    return IssuedPdf(pdf, certificate, row)
