"""Targets of members' own, by programs: proposed, withdrawn, approved and refused."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from members.api import ByNumber
from members.models import Member
from targets import services
from targets.models import MemberTarget
from targets.models.promises import REASONS, WAYS
from targets.rules.ambition import YEARS, Proposal

MOST_MILESTONES = 20
EXAMPLE = 'a year and a value in each, for example [[2027, "80"]]'
DIGITS = {"max_digits": 27, "decimal_places": 9}


@extend_schema_field(
    {"type": "array", "items": {"type": "array", "items": {}, "minItems": 2, "maxItems": 2}}
)
class MilestonesField(serializers.Field):
    """Years and values in the order in which they are written."""

    def to_internal_value(self, data: object) -> tuple[tuple[int, Decimal], ...]:
        if not isinstance(data, list) or len(data) > MOST_MILESTONES:
            raise serializers.ValidationError(f"Up to {MOST_MILESTONES} pairs: {EXAMPLE}.")
        return tuple(self._milestone(one) for one in data)

    def _milestone(self, pair: object) -> tuple[int, Decimal]:
        try:
            year, value = pair
            number = Decimal(value) if isinstance(value, str) else None
        except (TypeError, ValueError, InvalidOperation):
            number = year = None
        if type(year) is not int or number is None or not number.is_finite():
            raise serializers.ValidationError(f"{pair!r:.80} is no milestone; write {EXAMPLE}.")
        serializers.DecimalField(**DIGITS).run_validation(value)
        return year, number

    def to_representation(self, value: object) -> object:
        return value


def _year(help_text: str) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=YEARS[0], max_value=YEARS[-1], help_text=help_text)


class ProposalIn(serializers.Serializer):
    """From where, to where, by when, on which way; on a KPI on which one stands, a revision."""

    member = serializers.SlugRelatedField(slug_field="code", queryset=Member.objects.none())
    rule = serializers.CharField(max_length=40, help_text="The edition's kind of target.")
    kpi = serializers.CharField(max_length=40)
    baseline_year = _year("Year of the baseline")
    baseline_value = serializers.DecimalField(**DIGITS)
    baseline_source = serializers.CharField(max_length=200)
    goal_year = _year("Year of the goal")
    goal_value = serializers.DecimalField(**DIGITS)
    due_on = serializers.DateField(allow_null=True, default=None)
    trajectory = serializers.ChoiceField(WAYS, default="straight_line")
    milestones = MilestonesField(default=())
    reason = serializers.CharField(max_length=2_000, allow_blank=True, default="")
    because = serializers.ChoiceField(
        REASONS, allow_blank=True, default="", help_text="Where the baseline is worked out anew."
    )
    evidence = serializers.CharField(max_length=4_000, allow_blank=True, default="")

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["member"].queryset = Member.objects.visible_to(request.user)
        return fields

    def asked(self) -> dict[str, object]:
        """Return what is asked of the service."""
        given = dict(self.validated_data)
        apart = ("member", "rule", "reason", "because", "evidence")
        member, rule, reason, because, evidence = (given.pop(name) for name in apart)
        anew = services.Anew(because, evidence) if because else None
        proposal = Proposal(**given)
        return {
            "member": member, "rule": rule, "proposal": proposal, "reason": reason, "anew": anew,
        }  # fmt: skip


class RefusalIn(serializers.Serializer):
    reason = serializers.CharField(max_length=2_000, help_text="The member reads it.")


class MemberTargetOut(serializers.ModelSerializer):
    """A target of a member's own; numbers are those that were proposed."""

    member = serializers.CharField(source="member.code")
    edition = serializers.CharField(source="edition.code")
    revises = serializers.CharField(source="revises.code", default=None)

    class Meta:
        model = MemberTarget
        fields = [
            *("id", "member", "code", "edition", "rule", "kpi", "trajectory"),
            *("baseline_year", "baseline_value", "baseline_source", "milestones"),
            *("goal_year", "goal_value", "due_on", "reason", "revises", "because", "evidence"),
            *("outcome", "proposed_at", "decided_at", "decision_reason"),
        ]


class MemberTargetViewSet(viewsets.ReadOnlyModelViewSet):
    """Targets of members' own that the caller reads: a member's people, staff, who approves."""

    serializer_class = MemberTargetOut
    pagination_class = ByNumber
    filterset_fields = ["kpi", "outcome", "rule"]
    queryset = MemberTarget.objects.none()

    def get_queryset(self) -> QuerySet[MemberTarget]:
        rows = MemberTarget.objects.visible_to(self.request.user)
        return rows.select_related("member", "edition", "revises").order_by("pk")

    @extend_schema(request=ProposalIn, responses={201: MemberTargetOut})
    def create(self, request: Request) -> Response:
        """Propose a target for a member; nothing changes until it is approved."""
        given = ProposalIn(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        made = services.propose_target(**given.asked(), by=request.user, on=timezone.localdate())
        return Response(MemberTargetOut(self.get_queryset().get(pk=made.pk)).data, status=201)

    @extend_schema(request=None, responses=MemberTargetOut)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve a proposal: it holds from today."""
        return self._done(services.approve_target)

    @extend_schema(request=RefusalIn, responses=MemberTargetOut)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """Do not approve a proposal, with the reason that the member reads."""
        found, given = self.get_object(), RefusalIn(data=request.data)
        given.is_valid(raise_exception=True)
        return self._done(services.refuse_target, found=found, **given.validated_data)

    @extend_schema(request=None, responses=MemberTargetOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a proposal back before it is decided."""
        return self._done(services.withdraw_target)

    def _done(self, act, *, found: MemberTarget | None = None, **said: object) -> Response:
        found = found or self.get_object()
        act(target_id=found.pk, by=self.request.user, on=timezone.localdate(), **said)
        return Response(MemberTargetOut(self.get_object()).data)
