"""Returns by API: read them, and take one from the member's own systems."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from kpis import selectors, services
from kpis.access import readable_kpis
from kpis.api.answers import (
    AnswersIn,
    EvidenceIn,
    EvidenceOut,
    NotAnAnswer,
    ReasonIn,
    ReturnIn,
    ReturnOut,
    ReturnSheetOut,
    SignatureIn,
    SiteIn,
    SiteOut,
    by_kpi,
)
from kpis.filters import ReturnFilter
from kpis.models import Return
from members.api import NewestFirst
from targets import selectors as targets
from targets.models import Period


class ReturnViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Returns that the caller may see. A member's own can be filled in, submitted and signed."""

    queryset = Return.objects.none()  # only so that the router can name the routes
    serializer_class = ReturnOut
    filterset_class = ReturnFilter
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Return]:
        rows = Return.objects.visible_to(self.request.user).with_context()
        return rows.defer("edition__text") if self.action == "list" else rows

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return ReturnOut if self.action == "list" else ReturnSheetOut

    @extend_schema(request=ReturnIn, responses={201: ReturnSheetOut})
    def create(self, request: Request) -> Response:
        """Take a return: begin the draft if there is none, and save the answers, all or none."""
        given = ReturnIn(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        member, period = given.validated_data["member"], given.validated_data["period"]
        with transaction.atomic():
            begun = services.start_return(member=member, period=period, **self._acts(period))
            self._save(begun, given)
        return self._answer(begun.pk, status=201)

    @extend_schema(request=AnswersIn, responses=ReturnSheetOut)
    def update(self, request: Request, pk: str) -> Response:
        """Save answers of a draft, all or none; KPIs that are not named stay as they are."""
        draft, given = self.get_object(), AnswersIn(data=request.data)
        given.is_valid(raise_exception=True)
        with transaction.atomic():
            self._save(draft, given)
        return self._answer(draft.pk)

    @extend_schema(responses=SiteOut(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def sites(self, request: Request, pk: str) -> Response:
        """The sites that stand in a return, by code."""
        of_return = self.get_object()
        found = selectors.sites_of(of_return, kpis=readable_kpis(request.user, of_return))
        return Response(SiteOut(found, many=True).data)

    @extend_schema(request=SiteIn, responses={201: SiteOut})
    @sites.mapping.post
    def add_site(self, request: Request, pk: str) -> Response:
        """Add a site to a draft whose edition asks sites; it is silent until it is answered for."""
        draft, given = self.get_object(), SiteIn(data=request.data)
        given.is_valid(raise_exception=True)
        added = services.add_site(
            return_id=draft.pk, **given.validated_data, **self._acts(draft.period)
        )
        return Response(SiteOut(added).data, status=201)

    @extend_schema(responses=ReturnSheetOut)
    @action(detail=True, methods=["delete"], url_path=r"sites/(?P<site>[^/]+)")
    def site(self, request: Request, pk: str, site: str) -> Response:
        """Take a site with its answers out of a draft. The member keeps the site."""
        draft = self.get_object()
        services.leave_site_out(return_id=draft.pk, site=site, **self._acts(draft.period))
        return self._answer(draft.pk)

    @extend_schema(request=EvidenceIn, responses={201: EvidenceOut})
    @action(detail=True, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def evidence(self, request: Request, pk: str) -> Response:
        """Add a file to a KPI of a draft."""
        draft, given = self.get_object(), EvidenceIn(data=request.data)
        given.is_valid(raise_exception=True)
        added = services.add_evidence(
            return_id=draft.pk, **given.validated_data, **self._acts(draft.period)
        )
        return Response(EvidenceOut(added).data, status=201)

    @extend_schema(request=None, responses=ReturnSheetOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Hand a complete draft to the signatories."""
        draft = self.get_object()
        services.submit(return_id=draft.pk, **self._acts(draft.period))
        return self._answer(draft.pk)

    @extend_schema(request=SignatureIn, responses=ReturnSheetOut)
    @action(detail=True, methods=["post"], url_path="sign-off")
    def sign_off(self, request: Request, pk: str) -> Response:
        """Sign a submitted return as a signatory: it is filed."""
        waiting, given = self.get_object(), SignatureIn(data=request.data)
        given.is_valid(raise_exception=True)
        services.sign_off(
            return_id=waiting.pk, seen=given.validated_data["seen"], **self._acts(waiting.period)
        )
        return self._answer(waiting.pk)

    @extend_schema(request=ReasonIn, responses=ReturnSheetOut)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """Give a submitted return back, as a signatory."""
        waiting, given = self.get_object(), ReasonIn(data=request.data)
        given.is_valid(raise_exception=True)
        services.send_back(
            return_id=waiting.pk, **given.validated_data, **self._acts(waiting.period)
        )
        return self._answer(waiting.pk)

    @extend_schema(request=ReasonIn, responses={201: ReturnSheetOut})
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """Begin the next version of a filed return."""
        filed, given = self.get_object(), ReasonIn(data=request.data)
        given.is_valid(raise_exception=True)
        begun = services.start_correction(
            return_id=filed.pk, **given.validated_data, **self._acts(filed.period)
        )
        return self._answer(begun.pk, status=201)

    def _acts(self, period: Period) -> dict[str, Any]:
        return {"by": self.request.user, "on": targets.filing_day(period)}

    def _save(self, draft: Return, given: AnswersIn) -> None:
        """Save answers; whatever cannot be read undoes all of it."""
        seen, acts = given.validated_data.get("seen"), self._acts(draft.period)
        saved = services.save_draft(return_id=draft.pk, typed=given.typed(), seen=seen, **acts)
        problems: dict[str, Any] = dict(saved.problems)
        if of_sites := given.typed_of_sites():
            seen = None if saved.changed else seen  # what was saved since is our own
            found = services.answer_sites(return_id=draft.pk, typed=of_sites, seen=seen, **acts)
            problems |= by_kpi(found)
        if problems:
            raise NotAnAnswer({"answers": problems})

    def _answer(self, pk: int, *, status: int = 200) -> Response:
        found = get_object_or_404(
            Return.objects.visible_to(self.request.user).with_context(), pk=pk
        )
        out = ReturnSheetOut(found, context=self.get_serializer_context())
        return Response(out.data, status=status)
