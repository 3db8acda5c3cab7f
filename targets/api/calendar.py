"""Periods and obligations, read by programs."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from members.api import ByNumber
from members.models import Member, Span
from targets import selectors
from targets.filters import ObligationFilter
from targets.models import Period


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


class ObligationOut(serializers.ModelSerializer):
    """``until_on`` is the first day of the next state, if nothing more happens.

    ``due_on`` is the last day in time, null while none is set.
    """

    member = serializers.CharField(source="member.code")
    obligation = serializers.SerializerMethodField()
    about = serializers.SerializerMethodField(help_text="The period or requirement.")

    class Meta:
        model = Span
        fields = [
            *("member", "obligation", "about", "state", "from_on", "until_on", "due_on"),
            *("ground", "because", "clause", "edition"),
        ]

    def get_obligation(self, span: Span) -> str:
        return span.key.partition(":")[0]

    def get_about(self, span: Span) -> str:
        return span.key.partition(":")[2]


class DueChangeOut(serializers.Serializer):
    """Without ``after`` the obligation rests, or is not owed any more (``is_owed``)."""

    key = serializers.CharField(help_text="obligation:about")
    title = serializers.CharField()
    word = serializers.CharField(help_text="What moved the day: an extension, an outage …")
    before = serializers.DateField(allow_null=True)
    after = serializers.DateField(allow_null=True)
    is_owed = serializers.BooleanField()
    since = serializers.DateTimeField()
    by = serializers.CharField()
    reason = serializers.CharField()


class ObligationViewSet(viewsets.ReadOnlyModelViewSet):
    """Where each obligation stands today, of the members that the caller may read."""

    http_method_names = ["get", "head", "options"]
    serializer_class = ObligationOut
    pagination_class = ByNumber
    filterset_class = ObligationFilter
    queryset = Span.objects.none()

    def get_queryset(self) -> QuerySet[Span]:
        return selectors.owed_by_all(self.request.user, on=timezone.localdate())

    @extend_schema(
        parameters=[OpenApiParameter("member", str, required=True, description="Code")],
        responses=DueChangeOut(many=True),
        filters=False,
    )
    @action(detail=False, pagination_class=None, filterset_class=None)
    def changes(self, request: Request) -> Response:
        """What moved the due days of one member, by whom, since when and why; the newest first."""
        members = Member.objects.visible_to(request.user).select_related("organisation")
        member = get_object_or_404(members, code=request.query_params.get("member", ""))
        return Response(DueChangeOut(selectors.changes_of([member])[member.pk], many=True).data)
