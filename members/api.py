"""Members, their spans, signatures and facts, and applications, read by programs."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules.addressing import row_number
from members import selectors
from members.filters import ApplicationFilter, MemberFilter
from members.forms import DaysForm
from members.models import Application, Contact, EarlierName, InSector, Member, Signature, Span
from rulebooks.rules.joining import Course


class ByNumber(CursorPagination):
    ordering = "pk"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1_000

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Refuse a cursor whose place is no number, instead of asking the database for it."""
        cursor = super().decode_cursor(request)
        if cursor is not None and not is_place(cursor.position):
            raise NotFound(self.invalid_cursor_message)
        return cursor


def is_place(position: str | None) -> bool:
    """Whether a cursor may stand there: at a row number, or at the beginning."""
    return position is None or row_number(position) is not None


class NewestFirst(ByNumber):
    ordering = "-pk"


class MemberOut(serializers.ModelSerializer):
    name = serializers.CharField(source="organisation.name")
    country = serializers.CharField(source="organisation.country")
    standing = serializers.CharField(allow_null=True, help_text="Today; null before admission.")

    class Meta:
        model = Member
        fields = ["code", "name", "country", "member_class", "chamber", "admitted_on", "standing"]


class SpanOut(serializers.ModelSerializer):
    class Meta:
        model = Span
        fields = [
            *("kind", "key", "state", "from_on", "until_on"),
            *("ground", "because", "clause", "edition"),
        ]


class SignatureOut(serializers.ModelSerializer):
    edition = serializers.CharField(source="edition.code")
    signed_by = serializers.CharField(source="user.name")

    class Meta:
        model = Signature
        fields = [
            *("requirement", "edition", "text_sha256", "deed_sha256", "signed_sha256"),
            *("signed_by", "capacity", "language", "reservation", "signed_at"),
        ]


class ContactOut(serializers.ModelSerializer):
    class Meta:
        model = Contact
        fields = ["role", "name", "email", "phone", "from_on", "unreachable_on"]


class InSectorOut(serializers.ModelSerializer):
    class Meta:
        model = InSector
        fields = ["sector", "from_on", "source"]


class EarlierNameOut(serializers.ModelSerializer):
    class Meta:
        model = EarlierName
        fields = ["name", "until_on"]


class NamesOut(serializers.ModelSerializer):
    name = serializers.CharField(source="organisation.name")
    earlier = serializers.SerializerMethodField()
    part_of = serializers.SerializerMethodField()

    class Meta:
        model = Member
        fields = ["code", "name", "earlier", "part_of"]

    @extend_schema_field(EarlierNameOut(many=True))
    def get_earlier(self, member: Member) -> list[dict]:
        rows = member.organisation.earlier_names.order_by("-until_on")
        return EarlierNameOut(rows, many=True).data

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_part_of(self, member: Member) -> str | None:
        """The code of the member that answers for it, null where it stands by itself."""
        after = member.successions.filter(until_on=None).select_related("successor").first()
        return after.successor.code if after else None


class ApplicationOut(serializers.ModelSerializer):
    organisation = serializers.CharField(
        source="organisation.name", allow_null=True, default=None,
        help_text="Null until the secretariat has said which one it is.",
    )  # fmt: skip
    edition = serializers.CharField(source="edition.code")
    stage = serializers.SerializerMethodField(help_text="Where it stands today.")
    due_next = serializers.SerializerMethodField(help_text="The first time to run out; null: none.")

    class Meta:
        model = Application
        fields = [
            *("id", "code", "name", "country", "organisation", "edition", "member_class"),
            *("chamber", "statement", "filed_at", "stage", "due_next"),
            *("outcome", "criterion", "reason", "decided_at"),
        ]

    def get_stage(self, application: Application) -> str:
        return self._course(application).stage.value

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_due_next(self, application: Application) -> date | None:
        due = self._course(application).next
        return due and due.due_on

    def _course(self, application: Application) -> Course:
        return selectors.course_of(application, on=timezone.localdate())


class ApplicantOut(serializers.ModelSerializer):
    """What other members learn until it is decided: name, class and country."""

    class Meta:
        model = Application
        fields = ["name", "member_class", "country"]


class MemberViewSet(viewsets.ReadOnlyModelViewSet):
    """The members that the caller may read, each with its standing today."""

    serializer_class = MemberOut
    pagination_class = ByNumber
    filterset_class = MemberFilter
    lookup_field = "code"
    queryset = Member.objects.none()

    def get_queryset(self) -> QuerySet[Member]:
        members = Member.objects.visible_to(self.request.user)
        return members.with_standing(timezone.localdate()).select_related("organisation")

    @extend_schema(
        parameters=[
            OpenApiParameter("known", str, description="Only what was recorded by this day."),
        ],
        responses=SpanOut(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def spans(self, request: Request, code: str) -> Response:
        """Standing, rights, obligations, clocks, breaches and cases over time, also to come."""
        form = DaysForm(request.query_params)
        if not form.is_valid():
            raise serializers.ValidationError(form.errors)
        _, known = form.days()
        spans, _ = selectors.spans_of(self.get_object(), reader=request.user, known_on=known)
        return Response(SpanOut(spans, many=True).data)

    @extend_schema(responses=ContactOut(many=True), filters=False)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def contacts(self, request: Request, code: str) -> Response:
        """The contacts in force today, by role: for the member, staff and its auditors."""
        today = timezone.localdate()
        named = Contact.objects.visible_to(request.user).in_force(today)
        found = named.filter(member=self.get_object()).order_by("role", "pk")
        return Response(ContactOut(found, many=True).data)

    @extend_schema(responses=InSectorOut(many=True), filters=False)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def sectors(self, request: Request, code: str) -> Response:
        """The sectors in which it works today, by code, with the source that says so."""
        held = self.get_object().organisation.in_sectors.in_force(timezone.localdate())
        return Response(InSectorOut(held.order_by("sector", "pk"), many=True).data)

    @extend_schema(responses=NamesOut, filters=False)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def names(self, request: Request, code: str) -> Response:
        """The present name, earlier ones with their last days, and the member it is part of."""
        return Response(NamesOut(self.get_object()).data)

    @extend_schema(responses=SignatureOut(many=True), filters=False)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def signatures(self, request: Request, code: str) -> Response:
        """Requirements signed: who, in what capacity, when, and the hash of the text."""
        return Response(SignatureOut(selectors.signed_texts(self.get_object()), many=True).data)


class ApplicationViewSet(viewsets.ReadOnlyModelViewSet):
    """Applications: all for who decides on them, else those of one's own organisations."""

    serializer_class = ApplicationOut
    pagination_class = ByNumber
    filterset_class = ApplicationFilter
    queryset = Application.objects.none()

    def get_queryset(self) -> QuerySet[Application]:
        found = Application.objects.visible_to(self.request.user).distinct()
        return selectors.in_course(found)


class ApplicantViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Open applications, as members and the secretariat learn of them; nothing for others."""

    serializer_class = ApplicantOut
    pagination_class = ByNumber
    filterset_class = None
    queryset = Application.objects.none()

    def get_queryset(self) -> QuerySet[Application]:
        if not selectors.learns_of_applicants(self.request.user):
            return Application.objects.none()
        told = [one.pk for one in selectors.announced(on=timezone.localdate())]
        return Application.objects.filter(pk__in=told).only("pk", "name", "member_class", "country")
