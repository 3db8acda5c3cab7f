"""What a body decided about an application for membership."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission, allows
from governance.models.bodies import Body, Seat
from governance.models.rounds import LEADS_FURTHER, KeptRound
from ledger.models import Entry
from members.models import Application
from rulebooks.rules.joining import Condition


class AdmissionDecisionQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> AdmissionDecisionQuerySet:
        """Those who decide on applications, the clerk, and whoever sits on the body."""
        if not user.is_authenticated:
            return self.none()
        if allows(user.roles, Permission.APPLICATION_DECIDE) or allows(
            user.roles, Permission.DECISION_RECORD
        ):
            return self.all()
        held = Seat.objects.in_force(timezone.localdate()).filter(user=user)
        return self.filter(body__in=held.values("body"))


class AdmissionDecision(models.Model):
    """A body admitted or refused an applicant, or decided on its appeal, as the clerk recorded."""

    class Question(models.TextChoices):
        ADMISSION = "admission", "Admission"
        APPEAL = "appeal", "Appeal"

    class Outcome(models.TextChoices):
        ADMIT = "admit", "Admit"
        REFUSE = "refuse", "Refuse"
        OVERTURNED = "overturned", "The refusal is overturned"
        UPHELD = "upheld", "The refusal is upheld"

    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    body = models.ForeignKey(Body, models.PROTECT, related_name="admissions")
    question = models.CharField(max_length=10, choices=Question)
    outcome = models.CharField(max_length=10, choices=Outcome)
    criterion = models.CharField(max_length=40, blank=True)
    reasons = models.TextField()
    conditions = models.JSONField(default=list)  # text, clause and due day of each
    taken_on = models.DateField()
    carried = models.BooleanField(null=True, blank=True)  # None: no decision rule asks for a vote
    vote = models.JSONField(null=True, blank=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = AdmissionDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "question"], name="admission_decided_once_a_question"
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="admission_decided_with_reasons"),
            models.CheckConstraint(
                condition=Q(question="admission", outcome__in=["admit", "refuse"])
                | Q(question="appeal", outcome__in=["overturned", "upheld"]),
                name="admission_decided_as_asked",
            ),
            models.CheckConstraint(
                condition=Q(carried=None, vote=None)
                | Q(carried=True, vote__isnull=False, outcome__in=["admit", "overturned"])
                | Q(carried=False, vote__isnull=False, outcome__in=["refuse", "upheld"]),
                name="admission_is_what_the_votes_say",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.outcome} {self.application_id}"

    @property
    def admitted_on(self) -> list[Condition]:
        """The conditions of an admission, each with its day."""
        return [
            Condition(said["text"], said["clause"], date.fromisoformat(said["due_on"]))
            for said in self.conditions
        ]


class AdmissionRound(KeptRound):
    """A vote on an application that decided nothing: a next stage or another body follows."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="rounds")
    body = models.ForeignKey(Body, models.PROTECT, related_name="admission_rounds")
    question = models.CharField(max_length=10, choices=AdmissionDecision.Question)

    objects = AdmissionDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "question", "body", "stage"],
                name="admission_round_once_at_a_stage",
            ),
            models.CheckConstraint(condition=LEADS_FURTHER, name="admission_round_leads_further"),
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.stage} on {self.application_id}"
