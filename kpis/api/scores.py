"""Runs and scorecards, read by programs."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kpis import access, selectors, services
from kpis.filters import ScorecardFilter, ScoreRunFilter
from kpis.models import Scorecard, ScoreRun
from kpis.rules import shortfalls
from kpis.rules.receipts import as_plain
from members.api import ByNumber


class ScoreRunOut(serializers.ModelSerializer):
    period = serializers.CharField(source="period.code")
    edition = serializers.CharField(source="edition.code")
    members = serializers.IntegerField(help_text="Cards that are there so far.")
    parts = serializers.IntegerField(help_text="Into how many parts the run is split.")
    parts_done = serializers.IntegerField(help_text="How many of them are scored.")

    class Meta:
        model = ScoreRun
        fields = [
            *("id", "period", "edition", "status", "members", "parts", "parts_done"),
            *("started_at", "finished_at"),
            *("published_at", "fingerprint", "root", "cohort"),
        ]


class ScorecardOut(serializers.ModelSerializer):
    member = serializers.CharField(source="member.code")
    name = serializers.CharField(source="member.organisation.name")
    period = serializers.CharField(source="period.code")
    edition = serializers.CharField(source="edition.code")
    status = serializers.CharField(source="run.status")
    published_at = serializers.DateTimeField(source="run.published_at", allow_null=True)
    total = serializers.SerializerMethodField(help_text="In the digits that are published.")
    return_version = serializers.IntegerField(
        source="of_return.version",
        allow_null=True,
        help_text="Of the return that was scored; null where none was filed.",
    )

    class Meta:
        model = Scorecard
        fields = [
            *("id", "member", "name", "period", "edition", "run", "status", "published_at"),
            *("return_version", "total", "band", "verdict", "fingerprint", "digest"),
        ]

    def get_total(self, card: Scorecard) -> str | None:
        total = card.content.total
        return None if total is None else f"{total:f}"


class LineOut(serializers.Serializer):
    """A line of the receipt; ``lines`` holds those that it was made from."""

    code = serializers.CharField()
    label = serializers.CharField()
    figure = serializers.CharField(help_text="A decimal, a fraction, a word, or hidden.")
    role = serializers.ChoiceField(choices=["input", "subtotal", "rounding", "total"])
    weight = serializers.CharField(required=False)
    note = serializers.CharField(required=False)
    clause = serializers.CharField(required=False)
    evidence = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="SHA-256 of each file."
    )
    lines = serializers.ListField(child=serializers.DictField(), required=False)


class ShortAnswerOut(serializers.Serializer):
    """An answer that gives less than its scale can; numbers in full."""

    code = serializers.CharField()
    title = serializers.CharField()
    number = serializers.CharField(allow_null=True)
    best = serializers.CharField(allow_null=True, help_text="The best that its scale can give.")
    share = serializers.CharField(allow_null=True, help_text="Its part when all apply: 0 to 1.")
    says = serializers.CharField(help_text="Why there is no answer, where there is none.")
    clause = serializers.CharField()


class ShortRequirementOut(serializers.Serializer):
    requirement = serializers.CharField(help_text="Empty for answers that belong to none.")
    title = serializers.CharField()
    clause = serializers.CharField()
    answers = ShortAnswerOut(many=True)


class ShortfallOut(serializers.Serializer):
    """What kept the card from the next band: all of it, and no advice which part is least."""

    next_band = serializers.CharField()
    label = serializers.CharField()
    clause = serializers.CharField()
    needs = serializers.CharField()
    number = serializers.CharField(allow_null=True)
    lacks = serializers.CharField(allow_null=True)
    held_back = serializers.ListField(child=serializers.CharField())
    requirements = ShortRequirementOut(many=True)
    hidden = serializers.IntegerField(help_text="KPIs that the caller may not see, short or not.")


class ReadingOut(serializers.Serializer):
    trace = LineOut(many=True)
    grounds = serializers.ListField(child=serializers.CharField())
    alone = serializers.CharField(help_text="What the number alone gives, where grounds prevail.")
    assured = serializers.ListField(child=serializers.CharField())
    problems = serializers.DictField(
        child=serializers.CharField(), help_text="Answers that could not be scored, and why not."
    )
    problems_hidden = serializers.IntegerField(help_text="More, that the caller may not see.")
    shortfall = ShortfallOut(allow_null=True)
    hidden = serializers.IntegerField(help_text="Lines on answers that the caller may not see.")


class ScorecardWithTraceOut(ScorecardOut):
    reading = serializers.SerializerMethodField()

    class Meta(ScorecardOut.Meta):
        fields = [*ScorecardOut.Meta.fields, "reading"]

    @extend_schema_field(ReadingOut)
    def get_reading(self, card: Scorecard) -> dict:
        allowed = access.classes_seen(self.context["request"].user, card.member)
        edition = card.edition.document
        found = selectors.reading(
            edition, card.card, card.inputs, allowed=allowed, of_return=card.of_return_id
        )
        return {
            "trace": as_plain(found.receipt),
            "grounds": [f"{ground.label}: {ground.note}" for ground in found.grounds],
            "alone": found.alone,
            "assured": [f"{line.label}: {line.note}" for line in found.assured],
            "problems": found.problems,
            "problems_hidden": found.problems_hidden,
            "shortfall": shortfalls.as_plain(found.shortfall),
            "hidden": found.hidden,
        }


class ScoreRunViewSet(viewsets.ReadOnlyModelViewSet):
    """Runs of the scoring; for staff."""

    serializer_class = ScoreRunOut
    pagination_class = ByNumber
    filterset_class = ScoreRunFilter
    queryset = ScoreRun.objects.none()

    def get_queryset(self) -> QuerySet[ScoreRun]:
        found = ScoreRun.objects.visible_to(self.request.user).with_cards().with_progress()
        return found.select_related("period", "edition").defer("edition__text")

    @extend_schema(request=None, responses=ScoreRunOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop a run that is going on; what was scored is kept, and seen by nobody."""
        found = self.get_object()
        services.cancel_run(run_id=found.pk, by=request.user, on=timezone.localdate())
        return self.retrieve(request, pk=pk)

    @extend_schema(request=None, responses=ScoreRunOut)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Take a cancelled run up again with the parts that were left."""
        found = self.get_object()
        services.resume_run(run_id=found.pk, by=request.user, on=timezone.localdate())
        return self.retrieve(request, pk=pk)


class ScorecardViewSet(viewsets.ReadOnlyModelViewSet):
    """Scorecards that the caller may read: those that stand, or with ``run`` those of a run.

    One alone comes with its trace, as far as the caller may see it.
    """

    serializer_class = ScorecardOut
    pagination_class = ByNumber
    filterset_class = ScorecardFilter
    queryset = Scorecard.objects.none()

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return ScorecardWithTraceOut if self.action == "retrieve" else ScorecardOut

    def get_queryset(self) -> QuerySet[Scorecard]:
        found = Scorecard.objects.visible_to(self.request.user)
        parts = ("member__organisation", "period", "edition", "run", "of_return")
        return found.select_related(*parts)

    def filter_queryset(self, queryset: QuerySet[Scorecard]) -> QuerySet[Scorecard]:
        """Filter lists only: a corrected card keeps its address."""
        return queryset if self.action == "retrieve" else super().filter_queryset(queryset)
