"""Filters shared by pages and API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from members.models import Member, Span
from members.rules import STANDING_WORDS, Standing
from reports.models import IssuedReport, Publication
from reports.rules.matrix import Held
from rulebooks.rules.timeline.changes import Kind

MEASURES = (Standing.WARNED, Standing.SUSPENDED, Standing.EXCLUDED)


class RegisterFilter(django_filters.FilterSet):
    """Of the lines of memberships, see ``selectors.entries``."""

    q = django_filters.CharFilter(method="named", label="Name or code")
    member_class = django_filters.CharFilter(field_name="state", label="Class")
    standing = django_filters.ChoiceFilter(
        choices=[(standing.value, STANDING_WORDS[standing][0]) for standing in MEASURES],
        label="Measure published",
    )

    class Meta:
        model = Publication
        fields = ["q", "member_class", "standing"]

    def named(self, lines: QuerySet, name: str, value: str) -> QuerySet:
        return lines.filter(
            Q(member__organisation__name__icontains=value) | Q(member__code__iexact=value)
        )


class ReportFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="named", label="Name or code")

    class Meta:
        model = Member
        fields = ["q"]

    def named(self, members: QuerySet, name: str, value: str) -> QuerySet:
        return members.filter(Q(organisation__name__icontains=value) | Q(code__iexact=value))


class IssuedReportFilter(django_filters.FilterSet):
    member = django_filters.CharFilter(field_name="member__code", label="Code of the member")
    period = django_filters.CharFilter(field_name="period__code", label="Code of the period")

    class Meta:
        model = IssuedReport
        fields = ["member", "period", "sha256"]


class MatrixFilter(django_filters.FilterSet):
    """Which members, and what is known of them; period and requirement say of what.

    What hangs on the period is left to the matrix itself: see ``selectors.those_asked_for``.
    """

    q = django_filters.CharFilter(method="named", label="Name or code")
    member_class = django_filters.CharFilter(method="untouched", label="Class in the period")
    chamber = django_filters.CharFilter(method="untouched", label="Chamber in the period")
    country = django_filters.CharFilter(
        field_name="organisation__country", lookup_expr="iexact", label="Country"
    )
    standing = django_filters.ChoiceFilter(
        choices=[(standing.value, words) for standing, (words, _) in STANDING_WORDS.items()],
        method="stands",
        label="Standing",
    )
    period = django_filters.CharFilter(method="untouched", label="Period")
    requirement = django_filters.CharFilter(method="untouched", label="Requirement")
    state = django_filters.ChoiceFilter(
        choices=[(held.value, held.value) for held in Held], method="untouched", label="State"
    )

    class Meta:
        model = Member
        fields = ["q", "member_class", "chamber"]

    def named(self, members: QuerySet, name: str, value: str) -> QuerySet:
        return members.filter(Q(organisation__name__icontains=value) | Q(code__iexact=value))

    def untouched(self, members: QuerySet, name: str, value: str) -> QuerySet:
        """Leave the members as they are: the matrix itself is asked for it."""
        return members

    def stands(self, members: QuerySet, name: str, value: str) -> QuerySet:
        now = Span.objects.in_force(timezone.localdate()).of(Kind.STANDING).filter(state=value)
        return members.filter(pk__in=now.values("member"))
