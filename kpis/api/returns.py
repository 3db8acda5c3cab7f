"""Returns by API: read them, and take one from the member's own systems."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from kpis import selectors, services
from kpis.access import readable_kpis
from kpis.filters import ReturnFilter
from kpis.models import Evidence, Return
from kpis.rules.marks import WITH_VALUE
from kpis.rules.plain import plain
from kpis.rules.reading import LONGEST_NOTE, MOST_DIGITS, Typed, digits
from kpis.selectors import SheetLine
from members.api import NewestFirst
from members.models import Member
from targets import selectors as targets
from targets.models import Period


class AnswerIn(serializers.Serializer):
    """One answer as text: what the KPI's scale asks for, or ``instead`` of it."""

    number = serializers.CharField(required=False, allow_blank=True, max_length=MOST_DIGITS)
    numerator = serializers.CharField(required=False, allow_blank=True, max_length=MOST_DIGITS)
    denominator = serializers.CharField(required=False, allow_blank=True, max_length=MOST_DIGITS)
    labels = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, max_length=100
    )
    counts = serializers.DictField(
        child=serializers.CharField(max_length=9, allow_blank=True),
        required=False,
        help_text="Of findings: how many of each severity.",
    )
    instead = serializers.ChoiceField(["unknown", "not_applicable", "none"], required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)

    def to_typed(self, given: dict[str, Any]) -> Typed:
        lists = {
            "labels": tuple(given.get("labels", ())),
            "counts": tuple(given.get("counts", {}).items()),
        }
        return Typed(**{**given, **lists})


class AnswersIn(serializers.Serializer):
    """Answers by KPI. KPIs that are not named stay as they are."""

    answers = serializers.DictField(child=AnswerIn())
    seen = serializers.DateTimeField(
        required=False, help_text="saved_at of the draft that was changed; guards against others."
    )

    def typed(self) -> dict[str, Typed]:
        answers = self.validated_data["answers"]
        return {code: AnswerIn().to_typed(given) for code, given in answers.items()}


class ReturnIn(AnswersIn):
    """A return for a period. Begins the draft, or goes on with it."""

    member = serializers.SlugRelatedField(slug_field="code", queryset=Member.objects.none())
    period = serializers.SlugRelatedField(slug_field="code", queryset=Period.objects.all())

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["member"].queryset = Member.objects.visible_to(request.user)
        return fields


class EvidenceIn(serializers.Serializer):
    kpi = serializers.CharField(max_length=40)
    file = serializers.FileField(allow_empty_file=True)
    covers_from = serializers.DateField(required=False, allow_null=True)
    covers_until = serializers.DateField(required=False, allow_null=True)


class ReasonIn(serializers.Serializer):
    reason = serializers.CharField(max_length=2_000)


class SignatureIn(serializers.Serializer):
    seen = serializers.DateTimeField(help_text="submitted_at of the return that was read.")


class EvidenceOut(serializers.ModelSerializer):
    class Meta:
        model = Evidence
        fields = [
            *("id", "kpi", "name", "size", "sha256", "media_type", "covers_from", "covers_until"),
            "received_at",
        ]


class ValueOut(serializers.Serializer):
    """One answer as reported, and the auditors' last word on it."""

    kpi = serializers.CharField(source="kpi.code")
    state = serializers.SerializerMethodField()
    number = serializers.SerializerMethodField()
    numerator = serializers.SerializerMethodField()
    denominator = serializers.SerializerMethodField()
    labels = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField(help_text="Severity → how many.")
    note = serializers.SerializerMethodField()
    verification = serializers.SerializerMethodField()
    verified = serializers.SerializerMethodField(help_text="The value that counts instead.")
    evidence = EvidenceOut(many=True)

    def get_state(self, line: SheetLine) -> str:
        return line.value.state if line.value else "missing"

    def get_number(self, line: SheetLine) -> str | None:
        return self._digits(line, "number")

    def get_numerator(self, line: SheetLine) -> str | None:
        return self._digits(line, "numerator")

    def get_denominator(self, line: SheetLine) -> str | None:
        return self._digits(line, "denominator")

    def get_labels(self, line: SheetLine) -> list[str]:
        return line.value.labels if line.value else []

    def get_counts(self, line: SheetLine) -> dict[str, int]:
        return line.value.counts if line.value else {}

    def get_note(self, line: SheetLine) -> str:
        return line.value.note if line.value else ""

    def get_verification(self, line: SheetLine) -> str | None:
        return line.last_mark.outcome if line.last_mark else None

    def get_verified(self, line: SheetLine) -> dict[str, Any] | None:
        mark = line.last_mark
        return plain(mark.answer) if mark and mark.outcome in WITH_VALUE else None

    def _digits(self, line: SheetLine, name: str) -> str | None:
        number = getattr(line.value, name) if line.value else None
        return None if number is None else digits(number)


class ReturnOut(serializers.ModelSerializer):
    member = serializers.CharField(source="member.code")
    period = serializers.CharField(source="period.code")
    edition = serializers.CharField(source="edition.code")

    class Meta:
        model = Return
        fields = [
            *("id", "member", "period", "edition", "version", "status", "saved_at"),
            *("submitted_at", "filed_at"),
        ]


class ReturnSheetOut(ReturnOut):
    """A return with the answers that the caller may read."""

    values = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField(help_text="KPI → what a draft still needs.")

    class Meta(ReturnOut.Meta):
        fields = [*ReturnOut.Meta.fields, "values", "missing"]

    def get_values(self, of_return: Return) -> list[dict[str, Any]]:
        kpis = readable_kpis(self.context["request"].user, of_return)
        return ValueOut(selectors.sheet(of_return, kpis=kpis), many=True).data

    def get_missing(self, of_return: Return) -> dict[str, str]:
        readable = readable_kpis(self.context["request"].user, of_return)
        if of_return.status != Return.Status.DRAFT or not readable:
            return {}
        return selectors.still_missing(of_return)


class NotAnAnswer(ValidationError):
    """Some answers cannot be read; nothing was saved."""


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
        seen = given.validated_data.get("seen")
        saved = services.save_draft(
            return_id=draft.pk, typed=given.typed(), seen=seen, **self._acts(draft.period)
        )
        if saved.problems:
            raise NotAnAnswer({"answers": saved.problems})

    def _answer(self, pk: int, *, status: int = 200) -> Response:
        found = get_object_or_404(
            Return.objects.visible_to(self.request.user).with_context(), pk=pk
        )
        out = ReturnSheetOut(found, context=self.get_serializer_context())
        return Response(out.data, status=status)
