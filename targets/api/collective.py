"""Collective targets, by programs: each with every way that it had, and another baseline."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading import targets as words
from rulebooks.rules.targets import Target
from targets import selectors, services
from targets.models import NewBaseline
from targets.models.promises import REASONS
from targets.selectors import Lines


class BaselineIn(serializers.Serializer):
    """Another value for the year of the baseline; the evidence is read by everybody."""

    value = serializers.DecimalField(max_digits=27, decimal_places=9)
    because = serializers.ChoiceField(REASONS)
    evidence = serializers.CharField(max_length=4_000)


class NewBaselineOut(serializers.ModelSerializer):
    """``change`` is in percent of the value before, null from nothing."""

    before, value = serializers.SerializerMethodField(), serializers.SerializerMethodField()
    above_percent = serializers.SerializerMethodField()
    change = serializers.DecimalField(max_digits=60, decimal_places=2, allow_null=True)

    class Meta:
        model = NewBaseline
        fields = [
            *("number", "before", "value", "change", "because", "evidence"),
            *("above_percent", "clause", "taken_on"),
        ]

    def get_before(self, row: NewBaseline) -> str:
        return f"{row.before.normalize():f}"

    def get_value(self, row: NewBaseline) -> str:
        return f"{row.value.normalize():f}"

    def get_above_percent(self, row: NewBaseline) -> str:
        return f"{row.above_percent.normalize():f}"


class PointOut(serializers.Serializer):
    year = serializers.IntegerField()
    value = serializers.CharField()


class TargetOut(serializers.Serializer):
    """``ways`` are from the baseline as adopted, then from each one worked out anew."""

    code = serializers.CharField()
    title = serializers.CharField()
    kpi = serializers.CharField(allow_null=True)
    node = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    trajectory = serializers.CharField()
    due_on = serializers.DateField(help_text="The day by which it is to be reached.")
    clause = serializers.CharField()
    recalculated = serializers.CharField(help_text="When its baseline is worked out anew.")
    ways = serializers.ListField(child=PointOut(many=True))
    new_baselines = NewBaselineOut(many=True)


def _told(lines: Lines, edition: Edition) -> dict[str, object]:
    target = lines.adopted
    names = ("code", "title", "kpi", "node", "trajectory", "clause")
    return {name: getattr(target, name) for name in names} | {
        "unit": words.unit(target, edition),
        "due_on": target.last_day,
        "recalculated": words.recalculated(target),
        "ways": [_way(one) for one in (*lines.earlier, lines.newest)],
        "new_baselines": lines.anew,
    }


def _way(target: Target) -> list[dict[str, object]]:
    return [{"year": one.year, "value": f"{one.value.normalize():f}"} for one in target.line]


CODE = [OpenApiParameter("code", str, OpenApiParameter.PATH)]


class TargetViewSet(viewsets.ViewSet):
    """The collective targets of the edition in force, in its order."""

    lookup_field = "code"
    serializer_class = TargetOut

    def _known(self) -> tuple[Edition | None, dict[str, Lines]]:
        edition = rulebooks.current_document(timezone.localdate())
        return edition, selectors.lines_of(edition) if edition else {}

    @extend_schema(responses=TargetOut(many=True))
    def list(self, request: Request) -> Response:
        """Return each target with every way that it had."""
        edition, known = self._known()
        return Response(TargetOut([_told(one, edition) for one in known.values()], many=True).data)

    @extend_schema(parameters=CODE, responses=TargetOut)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one target with every way that it had."""
        edition, known = self._known()
        if code not in known:
            raise Http404
        return Response(TargetOut(_told(known[code], edition)).data)

    @extend_schema(parameters=CODE, request=BaselineIn, responses={201: TargetOut})
    @action(detail=True, methods=["post"])
    def recalculate(self, request: Request, code: str) -> Response:
        """Work its baseline out anew, above the threshold and for a reason of the edition."""
        if code not in self._known()[1]:
            raise Http404
        given = BaselineIn(data=request.data)
        given.is_valid(raise_exception=True)
        services.recalculate_baseline(
            target=code, by=request.user, on=timezone.localdate(), **given.validated_data
        )
        edition, known = self._known()
        return Response(TargetOut(_told(known[code], edition)).data, status=201)
