"""Periods and obligations, read by programs."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers, viewsets

from members.api import ByNumber
from members.models import Span
from rulebooks.rules.timeline.changes import Kind
from targets.models import Period

STATES = (
    *("open", "extended", "overdue", "missed", "met", "met_late", "incomplete"),
    *("moratorium", "exempt", "removed"),
)


class PeriodOut(serializers.ModelSerializer):
    edition = serializers.CharField(source="edition.code")

    class Meta:
        model = Period
        fields = [
            *("code", "name", "edition", "about_from", "about_until"),
            *("opens_on", "due_on", "late_until"),
        ]


class PeriodViewSet(viewsets.ReadOnlyModelViewSet):
    """The reporting periods of the calendar, the newest first."""

    serializer_class = PeriodOut
    pagination_class = None
    filter_backends = []
    lookup_field = "code"
    queryset = Period.objects.none()

    def get_queryset(self) -> QuerySet[Period]:
        periods = Period.objects.select_related("edition").defer("edition__text")
        return periods.order_by("-about_from", "-pk")


class ObligationFilter(django_filters.FilterSet):
    member = django_filters.CharFilter(field_name="member__code", label="Code of the member")
    state = django_filters.ChoiceFilter(choices=[(state, state) for state in STATES])
    obligation = django_filters.CharFilter(method="of", label="Code of the obligation")
    about = django_filters.CharFilter(method="speaks", label="Code of the period or requirement")

    class Meta:
        model = Span
        fields = ["member", "state", "obligation", "about"]

    def of(self, spans: QuerySet, name: str, value: str) -> QuerySet:
        return spans.filter(key__startswith=f"{value}:")

    def speaks(self, spans: QuerySet, name: str, value: str) -> QuerySet:
        return spans.filter(key__endswith=f":{value}")


class ObligationOut(serializers.ModelSerializer):
    """``until_on`` is the first day of the next state, if nothing more happens."""

    member = serializers.CharField(source="member.code")
    obligation = serializers.SerializerMethodField()
    about = serializers.SerializerMethodField(help_text="The period or requirement.")

    class Meta:
        model = Span
        fields = [
            *("member", "obligation", "about", "state", "from_on", "until_on"),
            *("ground", "because", "clause", "edition"),
        ]

    def get_obligation(self, span: Span) -> str:
        return span.key.partition(":")[0]

    def get_about(self, span: Span) -> str:
        return span.key.partition(":")[2]


class ObligationViewSet(viewsets.ReadOnlyModelViewSet):
    """Where each obligation stands today, of the members that the caller may read."""

    http_method_names = ["get", "head", "options"]
    serializer_class = ObligationOut
    pagination_class = ByNumber
    filterset_class = ObligationFilter
    queryset = Span.objects.none()

    def get_queryset(self) -> QuerySet[Span]:
        spans = Span.objects.visible_to(self.request.user).in_force(timezone.localdate())
        return spans.of(Kind.OBLIGATION).select_related("member")
