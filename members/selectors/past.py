"""What happened with an organisation before an application of it was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from members.models import Application, Fact, Member, Span
from rulebooks.rules.facts import MemberAdmitted
from rulebooks.rules.timeline.changes import Kind

WEIGHED = (Kind.STANDING, Kind.BREACH, Kind.CASE)  # of an earlier membership


@dataclass(frozen=True, slots=True)
class Past:
    """A membership that ended, how it stood and what it was found to have done; applications."""

    member: Member | None
    applications: list[Application]
    spans: list[Span]


def past_of(application: Application, *, on: date) -> Past:
    """Return what happened with the organisation that an applicant is before this application.

    Of one that was decided, until it was: what it led to itself is not before it.
    """
    organisation = application.organisation
    if organisation is None:
        return Past(None, [], [])
    others = organisation.applications.exclude(pk=application.pk).filter(filed_at__isnull=False)
    if application.filed_at:
        others = others.filter(filed_at__lt=application.filed_at)
    last = _last_day_before(application, on)
    member = Member.objects.filter(organisation=organisation, admitted_on__lte=last).first()
    spans = Span.objects.filter(member=member, kind__in=WEIGHED, from_on__lte=last)
    return Past(
        member=member,
        applications=list(others.order_by("-filed_at", "-pk")),
        spans=list(spans.order_by("from_on", "pk")) if member else [],
    )


def _last_day_before(application: Application, on: date) -> date:
    """Return the last day before an application was decided; where it is open, ``on``."""
    if application.decided_at is None:
        return on
    admitted = Fact.objects.filter(
        member__organisation=application.organisation_id,
        kind=MemberAdmitted.kind,
        recorded_at__gte=application.decided_at,
    ).order_by("recorded_at", "pk")
    begun = admitted.values_list("about_on", flat=True).first()
    if application.outcome == Application.Outcome.ADMITTED and begun:
        return begun - timedelta(days=1)
    return min(on, application.edition.document.day_of(application.decided_at))
