"""How all members came out together, read by programs and by the public where it is public."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from kpis import selectors
from kpis.models import Aggregate


class ColumnOut(serializers.Serializer):
    bands = serializers.ListField(
        child=serializers.CharField(allow_blank=True),
        help_text="Codes of the bands counted together; empty for members in no band.",
    )
    label = serializers.CharField()


class RowOut(serializers.Serializer):
    line = serializers.CharField(help_text="class, chamber, country or size")
    value = serializers.CharField(help_text="A code of the edition, or empty where not known.")
    counts = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="Members in each column; null where the rule of disclosure withholds the row.",
    )


class AggregateOut(serializers.ModelSerializer):
    period = serializers.CharField(source="period.code")
    about_from = serializers.DateField(source="period.about_from")
    about_until = serializers.DateField(source="period.about_until")
    edition = serializers.CharField(source="run.edition.code")
    columns = serializers.SerializerMethodField()
    total = serializers.ListField(
        source="table.total.counts",
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="All members in each column; null where it would give somebody away.",
    )
    rows = RowOut(source="table.rows", many=True)

    class Meta:
        model = Aggregate
        fields = [
            *("period", "about_from", "about_until", "edition", "run", "public", "drawn_on"),
            *("columns", "total", "rows"),
        ]

    @extend_schema_field(ColumnOut(many=True))
    def get_columns(self, table: Aggregate) -> list[dict]:
        found = selectors.columns_of(table)
        return [{"bands": list(one.codes), "label": one.label} for one in found]


@extend_schema_view(
    retrieve=extend_schema(parameters=[OpenApiParameter("period", str, OpenApiParameter.PATH)])
)
class ResultsViewSet(viewsets.ReadOnlyModelViewSet):
    """The last table drawn up of each period; for everybody where the edition makes it public."""

    serializer_class = AggregateOut
    permission_classes = [AllowAny]
    pagination_class = None
    lookup_field = "period__code"
    lookup_url_kwarg = "period"
    queryset = Aggregate.objects.none()

    def get_queryset(self) -> QuerySet[Aggregate]:
        return selectors.last_tables(self.request.user)

    def list(self, request: Request) -> Response:
        """Return the tables that the caller may read, the newest period first."""
        return Response(self.get_serializer(selectors.tables_told(request.user), many=True).data)
