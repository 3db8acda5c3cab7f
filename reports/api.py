"""Reports issued and the public register, read by programs; a report, made for one."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from members.api import ByNumber
from members.models import Member
from reports import selectors, services
from reports.filters import IssuedReportFilter, MatrixFilter, RegisterFilter
from reports.models import IssuedReport, Publication
from reports.rules.matrix import FIRST, Held
from reports.selectors import paper
from reports.selectors.matrix import Matrix
from targets.models import Period


class ByMember(ByNumber):
    ordering = "member_id"


class Pdf(BaseRenderer):
    """Lets a client ask for the file; the view answers with it whole."""

    media_type = "application/pdf"
    format = "pdf"
    charset = None
    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        """Return an error, which is all that is ever rendered, as JSON."""
        return JSONRenderer().render(data)


class IssuedReportOut(serializers.ModelSerializer):
    member = serializers.CharField(source="member.code")
    period = serializers.CharField(source="period.code")

    class Meta:
        model = IssuedReport
        fields = ["id", "member", "period", "reader", "sha256", "content_sha256", "issued_at"]


class IssueIn(serializers.Serializer):
    member = serializers.CharField(max_length=20)
    period = serializers.CharField(max_length=40)
    size = serializers.ChoiceField(choices=paper.SIZES, default="a4")


class IssuedReportViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Reports that were made: staff read of all, everybody else of those made for themselves."""

    serializer_class = IssuedReportOut
    pagination_class = ByNumber
    filterset_class = IssuedReportFilter
    renderer_classes = [JSONRenderer, Pdf]
    queryset = IssuedReport.objects.none()

    def get_queryset(self) -> QuerySet[IssuedReport]:
        return IssuedReport.objects.visible_to(self.request.user).select_related("member", "period")

    @extend_schema(
        request=IssueIn,
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def create(self, request: Request) -> HttpResponse:
        """Have the accountability report of a member for a period made, as a PDF."""
        given = IssueIn(data=request.data)
        given.is_valid(raise_exception=True)
        members = Member.objects.visible_to(request.user).select_related("organisation")
        periods = Period.objects.select_related("edition")
        issued = services.issue_report(
            member=get_object_or_404(members, code=given.validated_data["member"]),
            period=get_object_or_404(periods, code=given.validated_data["period"]),
            by=request.user,
            on=timezone.localdate(),
            at=timezone.now(),
            size=given.validated_data["size"],
        )
        answer = HttpResponse(issued.pdf, content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="{issued.name}"'
        answer["Cache-Control"] = "no-store"
        return answer


class CellOut(serializers.Serializer):
    """One cell: what is known of a requirement, of which several may hold."""

    requirement = serializers.CharField()
    held = serializers.ListField(child=serializers.ChoiceField(choices=[h.value for h in Held]))


class MatrixRowOut(serializers.Serializer):
    member = serializers.CharField()
    cells = CellOut(many=True)


class MatrixViewSet(viewsets.GenericViewSet):
    """The compliance matrix of a period, a row for each member that the caller may read."""

    serializer_class = MatrixRowOut
    pagination_class = ByNumber
    filterset_class = MatrixFilter
    queryset = Member.objects.none()

    def get_queryset(self) -> QuerySet[Member]:
        return Member.objects.visible_to(self.request.user)

    @extend_schema(
        parameters=[OpenApiParameter("period", str, required=True, description="Code")],
        responses=MatrixRowOut(many=True),
    )
    def list(self, request: Request) -> Response:
        """Return the cells of each member; ``period`` is needed, the other filters are not."""
        asked = request.query_params
        if "\0" in asked.get("period", ""):
            raise NotFound("there is no such period")
        period = get_object_or_404(
            Period.objects.select_related("edition"), code=asked.get("period", "")
        )
        found = selectors.matrix(
            period,
            reader=request.user,
            on=timezone.localdate(),
            requirement=asked.get("requirement", ""),
        )
        rows = self.filter_queryset(self.get_queryset())
        try:
            rows = selectors.those_asked_for(found, rows, asked)
        except selectors.NeedsRequirement as error:
            raise ValidationError({"state": [f"{error}"]}) from None
        page = self.paginate_queryset(rows)
        cells = selectors.cells(found, page)
        lines = [_matrix_row(found, member, cells) for member in page]
        return self.get_paginated_response(MatrixRowOut(lines, many=True).data)


def _matrix_row(found: Matrix, member: Member, cells: dict) -> dict:
    held = ((one.code, cells.get((member.pk, one.code))) for one in found.columns)
    return {
        "member": member.code,
        "cells": [
            {"requirement": code, "held": [state.value for state in FIRST if state in known]}
            for code, known in held
            if known is not None  # else it is not asked of the member's class
        ],
    }


class EntryOut(serializers.ModelSerializer):
    member = serializers.CharField(source="member.code")
    name = serializers.CharField(source="member.organisation.name")
    country = serializers.CharField(source="member.organisation.country")
    member_class = serializers.CharField(source="state")
    measure = serializers.CharField(
        source="standing", allow_null=True, help_text="Published against the member; null if none."
    )

    class Meta:
        model = Publication
        fields = ["member", "name", "country", "member_class", "since_on", "measure"]


class PublishedLineOut(serializers.ModelSerializer):
    """One line: ``state`` is the class, the standing, or the band of the score."""

    content = serializers.DictField()

    class Meta:
        model = Publication
        fields = ["sort", "about", "state", "since_on", "content", "published_at"]


class RegisterViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The public register: members, and the measures published against them. For everybody."""

    serializer_class = EntryOut
    permission_classes = [AllowAny]
    pagination_class = ByMember
    filterset_class = RegisterFilter
    lookup_field = "code"
    queryset = Publication.objects.none()

    def get_queryset(self) -> QuerySet[Publication]:
        return selectors.entries(self.request.user)

    @extend_schema(
        operation_id="register_entry",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH)],
        responses=PublishedLineOut(many=True),
        filters=False,
    )
    def retrieve(self, request: Request, code: str) -> HttpResponse:
        """Return all that is published of one member."""
        lines = selectors.lines_by_code(request.user, code)
        if not lines:
            raise NotFound("no such member stands in the register")
        return Response(PublishedLineOut(lines, many=True).data)
