"""Contests of provisional scores, by programs."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kpis import services
from kpis.filters import ContestFilter
from kpis.forms.contests import ANSWERS
from kpis.models import Contest
from kpis.services.contests import LONGEST
from members.api import NewestFirst
from members.models import Member


class ContestIn(serializers.Serializer):
    member = serializers.SlugRelatedField(slug_field="code", queryset=Member.objects.none())
    run = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    of = serializers.CharField(
        max_length=40, allow_blank=True, default="", help_text="A KPI or node; empty for all of it."
    )
    reasons = serializers.CharField(max_length=LONGEST)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["member"].queryset = Member.objects.visible_to(request.user)
        return fields


class ContestAnswerIn(serializers.Serializer):
    outcome = serializers.ChoiceField([one.value for one in ANSWERS])
    answer = serializers.CharField(max_length=LONGEST)


class ContestOut(serializers.ModelSerializer):
    member = serializers.CharField(source="member.code")
    period = serializers.CharField(source="run.period.code")

    class Meta:
        model = Contest
        fields = [
            *("id", "member", "period", "run", "digest", "of", "reasons", "filed_on", "outcome"),
            *("answer", "answered_at"),
        ]


class ContestViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """What members say against provisional scores that were shown to them."""

    serializer_class = ContestOut
    pagination_class = NewestFirst
    filterset_class = ContestFilter
    queryset = Contest.objects.none()

    def get_queryset(self) -> QuerySet[Contest]:
        return Contest.objects.visible_to(self.request.user).select_related("member", "run__period")

    @extend_schema(request=ContestIn, responses={201: ContestOut})
    def create(self, request: Request) -> Response:
        """Contest a part of a member's provisional card."""
        given = ContestIn(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        fields = {**given.validated_data, "run_id": given.validated_data["run"]}
        del fields["run"]
        made = services.contest_score(**fields, by=request.user, on=timezone.localdate())
        return Response(ContestOut(made).data, status=201)

    @extend_schema(request=ContestAnswerIn, responses=ContestOut)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Uphold or reject a contest, with reasons."""
        found, given = self.get_object(), ContestAnswerIn(data=request.data)
        given.is_valid(raise_exception=True)
        fields = given.validated_data
        services.answer_contest(
            contest_id=found.pk, **fields, by=request.user, on=timezone.localdate()
        )
        return Response(ContestOut(self.get_object()).data)

    @extend_schema(request=None, responses=ContestOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a contest back before it is answered."""
        found = self.get_object()
        services.withdraw_contest(contest_id=found.pk, by=request.user, on=timezone.localdate())
        return Response(ContestOut(self.get_object()).data)
