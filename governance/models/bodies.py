"""The bodies of the initiative, who sits on them, and what they decided."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.rules import Permission, allows
from governance.models.rounds import LEADS_FURTHER, KeptRound
from governance.rules import APPEAL, MEASURE, REINSTATEMENT, Outcome
from ledger.models import Entry
from members.models import DatedQuerySet, Member
from rulebooks.models import Edition
from rulebooks.rules.adoption import Resolved

OUTCOME_LABELS = {
    Outcome.IMPOSE: "Imposed",
    Outcome.DISMISS: "Dismissed",
    Outcome.UPHELD: "Upheld",
    Outcome.SET_ASIDE: "Set aside",
    Outcome.LIFT: "Lifted",
}


QUESTIONS = (MEASURE, APPEAL, REINSTATEMENT)
CARRIED = [question.motion.value for question in QUESTIONS]
NOT_CARRIED = [question.otherwise.value for question in QUESTIONS if question.otherwise]


MATTERS = [("class_change", "Another class"), ("merger", "Merger")]  # as members.services say


class Body(models.Model):
    """A body that decides: a board, a panel."""

    code = models.CharField(max_length=40, unique=True)  # the code that editions name
    name = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.name


class SeatQuerySet(DatedQuerySet):
    pass


class Seat(models.Model):
    """A user sits on a body for a chamber, for a time. It opens no member's unpublished data."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, models.PROTECT, related_name="seats")
    chamber = models.CharField(max_length=40, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "user"], condition=Q(until_on=None), name="seat_once_per_body"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="seat_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.body}"


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> DecisionQuerySet:
        """The member concerned and staff; and whoever records the body's decisions."""
        if user.is_authenticated and allows(user.roles, Permission.DECISION_RECORD):
            return self.all()
        return self.filter(member__in=Member.objects.visible_to(user))


class Decision(models.Model):
    """What a body decided in one matter about a member, as its clerk recorded it."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="decisions")
    body = models.ForeignKey(Body, models.PROTECT, related_name="decisions")
    matter = models.CharField(max_length=40)  # the code of the case
    outcome = models.CharField(
        max_length=20, choices=[(outcome.value, words) for outcome, words in OUTCOME_LABELS.items()]
    )
    reasons = models.TextField()
    taken_on = models.DateField()
    # None: the edition has no decision rule for it
    carried = models.BooleanField(null=True, blank=True)
    vote = models.JSONField(null=True, blank=True)  # counts and grounds, governance.rules.voting
    proof = models.TextField(blank=True)  # the standard of proof, as printed
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["matter", "id"], name="decision_by_matter")]
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="decision_has_reasons"),
            models.CheckConstraint(
                condition=Q(outcome__in=[outcome.value for outcome in Outcome]),
                name="decision_has_a_known_outcome",
            ),
            models.CheckConstraint(
                condition=Q(carried=None, vote=None)
                | Q(carried=True, vote__isnull=False, outcome__in=CARRIED)
                | Q(carried=False, vote__isnull=False, outcome__in=NOT_CARRIED),
                name="decision_is_what_the_votes_say",
            ),
            *(
                models.UniqueConstraint(
                    fields=["matter"],
                    condition=Q(outcome__in=[outcome.value for outcome in question.outcomes]),
                    name=f"decision_once_on_{question.code}",
                )
                for question in QUESTIONS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.outcome} in {self.matter}"


class Round(KeptRound):
    """A vote in a matter about a member that decided nothing: a next stage or body follows."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, related_name="rounds")
    matter = models.CharField(max_length=40)
    question = models.CharField(max_length=20)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "question", "body", "stage"], name="round_once_at_a_stage"
            ),
            models.CheckConstraint(condition=LEADS_FURTHER, name="round_leads_further"),
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.stage} in {self.matter}"


class MembershipDecision(models.Model):
    """Whether a body agreed to a change of a membership: another class, a merger."""

    class Outcome(models.TextChoices):
        AGREED = "agreed", "Agreed"
        REFUSED = "refused", "Refused"

    member = models.ForeignKey(Member, models.PROTECT, related_name="membership_decisions")
    body = models.ForeignKey(Body, models.PROTECT, related_name="membership_decisions")
    matter = models.CharField(max_length=20, choices=MATTERS)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reasons = models.TextField()
    taken_on = models.DateField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="membership_decision_has_reasons")
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.outcome} on {self.matter}"


class ResolutionQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> ResolutionQuerySet:
        """What was resolved about an edition, for those who may read it."""
        return self.filter(edition__in=Edition.objects.visible_to(user))


class Resolution(models.Model):
    """What a body resolved about the draft of an edition: about that text and no later one."""

    class Outcome(models.TextChoices):
        ADOPTED = Resolved.ADOPTED.value, "Adopted"
        REJECTED = Resolved.REJECTED.value, "Rejected"

    body = models.ForeignKey(Body, models.PROTECT, related_name="resolutions")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="resolutions")
    sha256 = models.CharField(max_length=64)  # of the text that lay before the body
    reference = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=Outcome)
    in_favor = models.PositiveIntegerField(null=True, blank=True)  # None: by consensus
    against = models.PositiveIntegerField(null=True, blank=True)
    abstained = models.PositiveIntegerField(null=True, blank=True)
    # None: no edition in force had a rule for it
    vote = models.JSONField(null=True, blank=True)  # counts and grounds, governance.rules.voting
    taken_on = models.DateField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "reference"], name="resolution_has_its_own_reference"
            ),
            models.CheckConstraint(
                condition=Q(in_favor=None, against=None, abstained=None)
                | Q(in_favor__isnull=False, against__isnull=False, abstained__isnull=False),
                name="resolution_votes_are_counted_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.reference}: {self.get_outcome_display()}"
