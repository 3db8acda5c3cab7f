"""What people judged and found about a member."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from members.models import Fact, Member
from rulebooks.rules import facts

KINDS = (facts.JudgementRecorded.kind, facts.FindingRecorded.kind, facts.FindingClosed.kind)


def recorded(member: Member) -> QuerySet[Fact]:
    """Return the judgements and findings about a member that were not corrected since."""
    return Fact.objects.filter(member=member, kind__in=KINDS, corrected_by=None)


def open_findings(member: Member) -> QuerySet[Fact]:
    """Return the findings about a member that nobody has closed, the oldest first."""
    found = recorded(member)
    closed = found.filter(kind=facts.FindingClosed.kind, key=OuterRef("key"))
    still = found.filter(~Exists(closed), kind=facts.FindingRecorded.kind)
    return still.order_by("about_on", "pk")
