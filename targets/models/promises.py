"""Targets that members set themselves."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission, Role, allows
from governance.models import Seat
from members.models import Affiliation, GroupMembership, InSector, Mandate, Member
from members.rules import Post
from rulebooks.models import Edition
from targets.rules.ambition import Proposal

REASONS = (
    ("structural_change", "Structural change"),
    ("method_change", "Change of method"),
    ("error", "Error"),
)
WAYS = (
    ("straight_line", "On a straight line"),
    ("milestones", "From milestone to milestone"),
    ("steps", "In steps"),
)
NUMBER = {"max_digits": 42, "decimal_places": 12}


class MemberTargetQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> MemberTargetQuerySet:
        """The member's own people, staff, and whoever approves it: no auditor, no competitor.

        Of a body that approves, those members see it who have no tie to the member, no place in its
        chamber, and do not work in its sector.
        """
        if not user.is_authenticated:
            return self.none()
        if allows(user.roles, Permission.MEMBER_VIEW_ALL):
            return self.all()
        today = timezone.localdate()
        posts = [post.value for post in Post if allows([Role(post)], Permission.MEMBER_VIEW)]
        mandates = Mandate.objects.in_force(today).filter(user=user, post__in=posts)
        own = mandates.filter(member=OuterRef("member"))
        return self.filter(Exists(own) | self._approved_by(user, mandates))

    def _approved_by(self, user: User, mandates: models.QuerySet) -> Q:
        """Return which of them a user without a tie approves by a seat."""
        today = timezone.localdate()
        seats = Seat.objects.in_force(today).filter(user=user)
        chambers = Member.objects.filter(
            Q(pk__in=mandates.values("member"))
            | Q(organisation__in=Affiliation.objects.filter(user=user).values("organisation"))
        ).values("chamber")
        belongs = Affiliation.objects.filter(user=user).values("organisation")
        groups = GroupMembership.objects.in_force(today)
        kin = groups.filter(
            organisation=OuterRef("member__organisation"),
            group__in=groups.filter(organisation__in=belongs).values("group"),
        )
        works = InSector.objects.in_force(today)
        rivals = works.filter(
            organisation=OuterRef("member__organisation"),
            sector__in=works.filter(
                Q(organisation__in=belongs) | Q(organisation__member__in=mandates.values("member"))
            ).values("sector"),
        )
        return (
            ~Exists(kin)
            & ~Exists(rivals)
            & Exists(seats.filter(body__code=OuterRef("body")))
            & ~Q(member__chamber__in=chambers)
            & ~Q(member__chamber__in=seats.values("chamber"))
        )

    def waiting(self) -> MemberTargetQuerySet:
        return self.filter(outcome="")

    def approved(self) -> MemberTargetQuerySet:
        return self.filter(outcome=MemberTarget.Outcome.APPROVED)

    def standing(self) -> MemberTargetQuerySet:
        """Those approved that no other approved one has taken the place of."""
        later = MemberTarget.objects.approved().filter(revises=OuterRef("pk"))
        return self.approved().filter(~Exists(later))


class MemberTarget(models.Model):
    """A target that a member proposed for itself, and what was decided about it.

    It never changes: a revision, or a baseline worked out anew (``because``), is a new one that
    names the old. ``rule`` is the edition's kind; ``body`` or ``role`` says who approves it. A
    proposal that was taken back has ``decided_by`` who did so.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    member = models.ForeignKey(Member, models.PROTECT, related_name="own_targets")
    code = models.CharField(max_length=30)  # T1, T2, … of each member
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40)
    kpi = models.CharField(max_length=40)
    baseline_year = models.PositiveSmallIntegerField()
    baseline_value = models.DecimalField(**NUMBER)
    baseline_source = models.CharField(max_length=200, blank=True)
    milestones = models.JSONField(default=list)  # [[year, "value"], …]
    goal_year = models.PositiveSmallIntegerField()
    goal_value = models.DecimalField(**NUMBER)
    due_on = models.DateField(null=True, blank=True)
    trajectory = models.CharField(max_length=20, choices=WAYS)
    reason = models.TextField(blank=True)
    revises = models.ForeignKey("self", models.PROTECT, null=True, related_name="revisions")
    because = models.CharField(max_length=20, choices=REASONS, blank=True)
    evidence = models.TextField(blank=True)
    body = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=30, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    decision_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = MemberTargetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "code"], name="own_target_once_per_code"),
            models.UniqueConstraint(
                fields=["member", "kpi"], condition=Q(outcome=""), name="own_target_one_waits"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | ~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="own_target_decided_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(decision_reason=""),
                name="own_target_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(because="") | ~Q(evidence="") & Q(revises__isnull=False),
                name="own_target_recalculated_on_evidence",
            ),
            models.CheckConstraint(
                condition=Q(goal_year__gt=F("baseline_year")), name="own_target_years_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.member}"

    def get_absolute_url(self) -> str:
        return reverse("targets:own_target", args=[self.member.code, self.code])

    @property
    def proposal(self) -> Proposal:
        """What was promised, in digits without zeros that say nothing."""
        return Proposal(
            kpi=self.kpi,
            baseline_year=self.baseline_year,
            baseline_value=self.baseline_value.normalize(),
            baseline_source=self.baseline_source,
            goal_year=self.goal_year,
            goal_value=self.goal_value.normalize(),
            milestones=tuple((year, Decimal(value)) for year, value in self.milestones),
            trajectory=self.trajectory,
            due_on=self.due_on,
        )
