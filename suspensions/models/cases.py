"""Breaches, and the cases with due process that follow from them."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Concat
from django.urls import reverse

from accounts.models import User
from members.models import Member, Span
from rulebooks.models import Edition
from rulebooks.rules.ladder import Ladder, Step
from rulebooks.rules.terms import add_days
from rulebooks.rules.timeline.changes import Kind


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> FollowUpQuerySet:
        """Whoever may read the breaches and cases of the member: no auditor, no body."""
        return self.filter(member__in=Member.objects.followed_up_by(user))


class BreachQuerySet(FollowUpQuerySet):
    def with_state(self, on: date) -> BreachQuerySet:
        """Annotate ``state`` as at ``on``, as it follows from the facts, and ``state_since``.

        And ``clock_ends``, the first day after the time to correct facts, and ``clock_because``,
        how it was computed.
        """
        of_member = Span.objects.in_force(on).filter(member=OuterRef("member"))
        state = of_member.filter(kind=Kind.BREACH, key=OuterRef("key"))
        clock = Span.objects.filter(
            member=OuterRef("member"),
            kind=Kind.CLOCK,
            key=Concat(models.Value("correction:"), OuterRef("key")),
            state="running",
        )
        return self.annotate(
            state=Subquery(state.values("state")[:1]),
            state_since=Subquery(state.values("from_on")[:1]),
            clock_ends=Subquery(clock.values("until_on")[:1]),
            clock_because=Subquery(clock.values("because")[:1]),
        )


class CaseQuerySet(FollowUpQuerySet):
    def with_stage(self, on: date) -> CaseQuerySet:
        """Annotate ``stage`` as at ``on``, as it follows from the facts, and the running clock.

        ``clock_ends`` is the first day after the time to answer or to appeal, ``clock_because``
        how that was computed.
        """
        of_member = Span.objects.in_force(on).filter(member=OuterRef("member"))
        stage = of_member.filter(kind=Kind.CASE, key=OuterRef("code"))
        clock = of_member.filter(
            Q(key=Concat(models.Value("answer:"), OuterRef("code")))
            | Q(key=Concat(models.Value("appeal:"), OuterRef("code"))),
            kind=Kind.CLOCK,
            state="running",
        ).order_by("-from_on")
        return self.annotate(
            stage=Subquery(stage.values("state")[:1]),
            stage_since=Subquery(stage.values("from_on")[:1]),
            clock_ends=Subquery(clock.values("until_on")[:1]),
            clock_because=Subquery(clock.values("because")[:1]),
        )


class Case(models.Model):
    """A procedure against one member that aims at one step of a ladder.

    It keeps the edition that it began under. Its stage and clocks follow from the facts.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="cases")
    code = models.CharField(max_length=20, unique=True)  # "C0007": opaque, stands in the record
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    step = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The case whose step was not cured in time, where this one goes a step further.
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="then")

    objects = CaseQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.code}: {self.member}"

    def get_absolute_url(self) -> str:
        return reverse("suspensions:case", args=[self.code])

    @property
    def aim(self) -> Step:
        """The step of a ladder that the case aims at, under the edition that it began with."""
        return self.edition.document.step(self.step)

    @property
    def stands_on(self) -> BreachQuerySet:
        """The breaches that the case is about: its own, or those of the case that it follows."""
        first = self
        while first.follows is not None:
            first = first.follows
        return Breach.objects.filter(case=first)

    @property
    def ladder(self) -> Ladder:
        """The ladder on which that step stands."""
        return self.edition.document.ladder_of(self.step)

    @property
    def due_on(self) -> date | None:
        """The last day of the clock that runs, if one does; read it after ``with_stage``."""
        ends = getattr(self, "clock_ends", None)
        return ends and add_days(ends, -1)


class Breach(models.Model):
    """One hit of one rule, put to the member, with the facts that prove it."""

    class Status(models.TextChoices):
        PROVISIONAL = "provisional", "Provisional"
        CONFIRMED = "confirmed", "Confirmed"
        DISMISSED = "dismissed", "Dismissed"

    member = models.ForeignKey(Member, models.PROTECT, related_name="breaches")
    key = models.CharField(max_length=80)  # "rule:period" or "rule:requirement", as in the spans
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status, default=Status.PROVISIONAL)
    arose_on = models.DateField()
    raised_on = models.DateField()
    because = models.CharField(max_length=200)
    facts = ArrayField(models.BigIntegerField())
    contested_at = models.DateTimeField(null=True, blank=True)
    contested_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    contest = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)
    cure = models.TextField(blank=True)  # what showed that it was made good
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="breaches")

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "breaches"
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="breach_once_per_key"),
            models.CheckConstraint(
                condition=Q(contested_at=None, contested_by=None, contest="")
                | Q(contested_at__isnull=False, contested_by__isnull=False) & ~Q(contest=""),
                name="breach_contested_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(status="provisional", decided_at=None, decided_by=None)
                | ~Q(status="provisional") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="breach_decided_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(case=None) | Q(status="confirmed"),
                name="breach_in_a_case_is_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["status", "id"], name="breach_by_status")]

    def __str__(self) -> str:
        return f"{self.member}: {self.key}"

    def get_absolute_url(self) -> str:
        return reverse("suspensions:breach", args=[self.pk])

    @property
    def correct_until(self) -> date | None:
        """The last day on which the member may correct facts; read it after ``with_state``."""
        ends = getattr(self, "clock_ends", None)
        return ends and add_days(ends, -1)

    @property
    def rule(self) -> str:
        """The code of the rule that fired."""
        return self.key.partition(":")[0]

    @property
    def about(self) -> str:
        """The code of the period or requirement that it fired about."""
        return self.key.partition(":")[2]


class Paper(models.Model):
    """A paper in a case: the notice, the member's answer, the appeal, a decision carried out."""

    class Sort(models.TextChoices):
        NOTICE = "notice", "Notice"
        ANSWER = "answer", "Answer"
        MEASURE = "measure", "Decision carried out"
        APPEAL = "appeal", "Appeal"
        APPEAL_DECISION = "appeal_decision", "Decision on the appeal"
        REINSTATEMENT = "reinstatement", "Reinstatement"
        SERIOUS = "serious", "Why it enters at this step"
        HEARING = "hearing", "Hearing"
        CLOCK = "clock", "About its clocks"
        COMMITMENT = "commitment", "New commitment"
        PLAN = "plan", "Corrective action plan"

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="papers")
    sort = models.CharField(max_length=16, choices=Sort)
    text = models.TextField()
    on = models.DateField()  # the day of the act in the case: served, received, decided
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "on", "id"], name="paper_by_case")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="paper_has_text")]

    def __str__(self) -> str:
        return f"{self.get_sort_display()} in {self.case_id}"
