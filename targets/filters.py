"""Filters shared by the list of obligations and the API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from members.models import Span
from members.rules import Standing
from rulebooks.rules.timeline.changes import Kind

STATES = (
    *("open", "extended", "overdue", "missed", "met", "met_late", "incomplete"),
    *("moratorium", "exempt", "removed"),
)


class ObligationFilter(django_filters.FilterSet):
    """By member and what it is, by obligation and what that is about, by state and due day."""

    member = django_filters.CharFilter(field_name="member__code", label="Code of the member")
    member_class = django_filters.CharFilter(field_name="member__member_class", label="Class")
    chamber = django_filters.CharFilter(field_name="member__chamber", label="Chamber")
    country = django_filters.CharFilter(
        field_name="member__organisation__country", lookup_expr="iexact", label="Country"
    )
    standing = django_filters.ChoiceFilter(
        choices=[(standing.value, standing.value) for standing in Standing],
        method="stands",
        label="Standing of the member",
    )
    state = django_filters.ChoiceFilter(choices=[(state, state) for state in STATES])
    obligation = django_filters.CharFilter(method="of", label="Code of the obligation")
    about = django_filters.CharFilter(method="speaks", label="Code of the period or requirement")
    due = django_filters.DateFilter(field_name="due_on", label="Due on")
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte", label="Due from")
    due_until = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label="Due by")

    class Meta:
        model = Span
        fields = ["member", "state", "obligation", "about"]

    def of(self, spans: QuerySet, name: str, value: str) -> QuerySet:
        return spans.filter(key__startswith=f"{value}:")

    def speaks(self, spans: QuerySet, name: str, value: str) -> QuerySet:
        return spans.filter(key__endswith=f":{value}")

    def stands(self, spans: QuerySet, name: str, value: str) -> QuerySet:
        now = Span.objects.in_force(timezone.localdate()).of(Kind.STANDING).filter(state=value)
        return spans.filter(member__in=now.values("member"))
