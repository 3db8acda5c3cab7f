"""Issuing accountability reports."""

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
from reports import events, selectors
from reports.models import IssuedReport
from reports.rules.report import Report, digest
from reports.selectors import paper, seal
from targets.models import Period


class NotYet(ValueError):
    """The period has not begun for anybody: there is nothing to report."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A report that left the platform: its bytes, what is in them, and the row that says so."""

    pdf: bytes
    report: Report
    row: IssuedReport

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"accountability-{self.report.member.code}-{self.report.period.code}.pdf"


@transaction.atomic
def issue_report(
    *, member: Member, period: Period, by: User, on: date, at: datetime, size: str = "a4"
) -> Issued:
    """Make the accountability report of a member for a period, as known at ``at``, for ``by``.

    It is signed where the platform has a key.

    :raises PermissionDenied: ``by`` may not issue reports about this member.
    :raises NotYet: the window of the period has not opened by ``on``.
    """
    access.require(by, Permission.REPORT_ISSUE, member=member)
    if on < period.opens_on:
        raise NotYet(f"{period.name} opens on {period.opens_on}; there is nothing to report yet")
    report = selectors.accountability(member, period, by=by, on=on, at=at)
    pdf = paper.pdf_of(report, size=size)
    if seal.can_sign():
        pdf = seal.sealed(pdf, at=report.known_at)
    row = IssuedReport.objects.create(
        member=member,
        period=period,
        reader=report.reader.code,
        sha256=sha256(pdf).hexdigest(),
        content_sha256=digest(report),
        issued_at=report.known_at,
        issued_to=by,
    )
    event = events.ReportIssued(
        member=member.code,
        period=period.code,
        edition=report.edition.code,
        reader=row.reader,
        known_at=report.known_at,
        sha256=row.sha256,
        content_sha256=row.content_sha256,
    )
    ledger.record(event, subject=row, actor=by, on=on)
    return Issued(pdf, report, row)
