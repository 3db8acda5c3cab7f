"""The API of breaches and cases: it reads, as far as the reader may see."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from members.api import NewestFirst
from members.models import Span
from suspensions import selectors
from suspensions.filters import BreachFilter, CaseFilter, QuietFilter
from suspensions.models import Breach, Case


class BreachOut(serializers.ModelSerializer):
    member = serializers.CharField(source="member.code")
    member_name = serializers.CharField(source="member.name")
    edition = serializers.CharField(source="edition.code")
    state = serializers.CharField(help_text="Where it stands today.")
    clause = serializers.SerializerMethodField()
    correct_until = serializers.DateField(allow_null=True)
    case = serializers.CharField(source="case.code", default=None, allow_null=True)

    class Meta:
        model = Breach
        fields = [
            *("id", "member", "member_name", "key", "edition", "clause", "state"),
            *("arose_on", "raised_on", "because", "facts", "correct_until"),
            *("contest", "contested_at", "reason", "decided_at", "case"),
        ]

    def get_clause(self, breach: Breach) -> str:
        return breach.edition.document.breach(breach.rule).clause


class CaseOut(serializers.ModelSerializer):
    member = serializers.CharField(source="member.code")
    member_name = serializers.CharField(source="member.name")
    edition = serializers.CharField(source="edition.code")
    stage = serializers.CharField(help_text="Where it stands today.")
    stage_since = serializers.DateField()
    due_on = serializers.DateField(allow_null=True, help_text="Last day of the clock that runs.")
    due_because = serializers.CharField(
        source="clock_because", allow_null=True, help_text="How that day was computed."
    )
    clause = serializers.SerializerMethodField()
    breaches = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = [
            *("code", "member", "member_name", "edition", "step", "clause"),
            *("opened_at", "stage", "stage_since", "due_on", "due_because", "breaches"),
        ]

    def get_clause(self, case: Case) -> str:
        return case.aim.clause

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_breaches(self, case: Case) -> list[str]:
        return sorted(breach.key for breach in case.breaches.all())


def today() -> date:
    return timezone.localdate()


class BreachViewSet(viewsets.ReadOnlyModelViewSet):
    """Breaches that were put to members, as far as the reader may see."""

    serializer_class = BreachOut
    filterset_class = BreachFilter
    pagination_class = NewestFirst
    queryset = Breach.objects.none()

    def get_queryset(self) -> QuerySet:
        rows = Breach.objects.visible_to(self.request.user).with_state(today())
        return rows.select_related("member__organisation", "edition", "case")


class CaseViewSet(viewsets.ReadOnlyModelViewSet):
    """Cases, as far as the reader may see."""

    serializer_class = CaseOut
    filterset_class = CaseFilter
    pagination_class = NewestFirst
    lookup_field = "code"
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet:
        rows = Case.objects.visible_to(self.request.user).with_stage(today())
        return rows.select_related("member__organisation", "edition").prefetch_related("breaches")


class QuietOut(serializers.ModelSerializer):
    member = serializers.CharField(source="member.code")
    member_name = serializers.CharField(source="member.name")
    rule = serializers.CharField(help_text="The code of the breach rule.")

    class Meta:
        model = Span
        fields = [
            *("id", "member", "member_name", "rule", "key", "edition", "clause"),
            *("from_on", "because", "facts"),
        ]


class QuietViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """What imported facts, and facts from before a rule was enforced, would have led to.

    For staff; to everybody else the list is empty.
    """

    serializer_class = QuietOut
    filterset_class = QuietFilter
    pagination_class = NewestFirst
    queryset = Span.objects.none()

    def get_queryset(self) -> QuerySet:
        return selectors.quiet_hits(self.request.user, on=today()).select_related(
            "member__organisation"
        )
