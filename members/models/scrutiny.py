"""What comes between filing and a decision: checks, ties, comments; and what follows a decision."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.rules import Permission, allows
from ledger.models import Entry
from members.models.applications import Application
from members.models.membership import Member
from members.models.scopes import MemberScopedQuerySet
from rulebooks.rules.joining.market import DECLARED, SAME_GROUP


class TieDeclaration(models.Model):
    """Somebody of the staff said whether they have a tie to an applicant. The last word counts."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="ties")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    has_tie = models.BooleanField()
    text = models.TextField(blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(has_tie=False) | ~Q(text=""), name="tie_says_what_it_is"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {'a tie' if self.has_tie else 'no tie'}"


class DiligenceCheck(models.Model):
    """One item of the due diligence was looked into. The last finding of an item counts."""

    class Result(models.TextChoices):
        CLEAR = "clear", "Nothing stands against it"
        CONCERN = "concern", "A concern"
        NOT_APPLICABLE = "not_applicable", "Does not apply"

    application = models.ForeignKey(Application, models.PROTECT, related_name="checks")
    item = models.CharField(max_length=40)
    result = models.CharField(max_length=15, choices=Result)
    finding = models.TextField()
    checked_on = models.DateField()
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(finding=""), name="check_states_its_finding")
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.result}"


class ObjectionQuerySet(MemberScopedQuerySet):
    def visible_to(self, user: User | AnonymousUser) -> ObjectionQuerySet:
        """All for those who decide on applications; else those of the user's own members.

        Other staff read a comment no more than other members do. The body that decides reads it
        with the application, not by this.
        """
        if not user.is_authenticated:
            return self.none()
        if allows(user.roles, Permission.APPLICATION_DECIDE):
            return self.all()
        own = Member.objects.filter(mandates__in=user.mandates.all())
        return super().visible_to(user).filter(member__in=own)


GROUNDS = {
    "declared": "as it says itself",
    "same_class": "of the same class",
    "same_chamber": "of the same chamber",
    "same_class_and_chamber": "of the same class and chamber",
    "same_sector": "works in the same sector",
    "same_class_and_sector": "of the same class and sector",
    "same_group": "of the same corporate group",
}


class Objection(models.Model):
    """A member's comment on an application: about a criterion, with evidence. It is no vote.

    Staff put it to the applicant in substance, without saying whose it is.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="objections")
    criterion = models.CharField(max_length=40)
    text = models.TextField()
    evidence = models.TextField(blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_content = models.BinaryField(null=True)
    competitor = models.BooleanField()  # by the edition's rule, or as the member says itself
    declared = models.BooleanField()
    # Why it is marked: rulebooks.rules.joining.marks; empty for comments from before it was kept.
    grounds = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    substance = models.TextField(blank=True)
    put_at = models.DateTimeField(null=True, blank=True)
    put_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(evidence="") | ~Q(file_sha256=""), name="objection_carries_evidence"
            ),
            models.CheckConstraint(
                condition=Q(put_at=None, put_by=None, substance="")
                | Q(put_at__isnull=False, put_by__isnull=False) & ~Q(substance=""),
                name="objection_put_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(replied_at=None, reply="")
                | Q(replied_at__isnull=False, put_at__isnull=False) & ~Q(reply=""),
                name="objection_replied_to_once_put",
            ),
            models.UniqueConstraint(
                fields=["member", "application", "criterion"], name="objection_once_per_criterion"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} on {self.criterion}"

    @property
    def marked(self) -> list[str]:
        """Why it is marked, in words: as the member says, by the edition's rule, by the group."""
        found = self.grounds or [DECLARED] * self.declared
        return [GROUNDS[ground] for ground in found]

    @property
    def of_the_group(self) -> bool:
        """Whether the member is of the applicant's own corporate group."""
        return SAME_GROUP in self.grounds


class Appeal(models.Model):
    """An applicant that was refused asked another body to look again."""

    class Outcome(models.TextChoices):
        OPEN = "", "Open"
        UPHELD = "upheld", "The refusal is upheld"
        OVERTURNED = "overturned", "The refusal is overturned"

    application = models.OneToOneField(Application, models.PROTECT, related_name="appeal")
    text = models.TextField()
    refused_at = models.DateTimeField()
    filed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True)
    reasons = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | ~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="appeal_of_applicant_decided_at_and_by_together",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="appeal_says_why"),
        ]

    def __str__(self) -> str:
        return f"appeal of {self.application}"


class Condition(models.Model):
    """What a member was admitted on, to be met by a day; it is one of its duties."""

    class Outcome(models.TextChoices):
        OPEN = "", "Open"
        MET = "met", "Met"
        UNMET = "unmet", "Not met"

    member = models.ForeignKey(Member, models.PROTECT, related_name="conditions")
    application = models.ForeignKey(Application, models.PROTECT, related_name="conditions")
    code = models.CharField(max_length=40, unique=True)  # "A00012-1", the key of its facts
    text = models.TextField()
    clause = models.CharField(max_length=200)
    due_on = models.DateField()
    outcome = models.CharField(max_length=5, choices=Outcome, default=Outcome.OPEN, blank=True)
    finding = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None, settled_by=None)
                | ~Q(outcome="") & Q(settled_at__isnull=False, settled_by__isnull=False),
                name="condition_settled_at_and_by_together",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="condition_says_what"),
        ]

    def __str__(self) -> str:
        return self.code
