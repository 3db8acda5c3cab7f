"""Filters shared by pages and API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from members.models import Member
from members.rules import STANDING_WORDS, Standing
from reports.models import IssuedReport, Publication

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
