"""The outbox."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.rules import Permission, allows
from members.models.membership import Member, MemberScopedQuerySet
from members.rules import Mode


class LetterQuerySet(MemberScopedQuerySet):
    def visible_to(self, user: User | AnonymousUser) -> LetterQuerySet:
        """Staff see the outbox; everybody else what was sent to themselves."""
        if not user.is_authenticated:
            return self.none()
        if allows(user.roles, Permission.MEMBER_VIEW_ALL):
            return self.all()
        return self.filter(to=user, status=Letter.Status.SENT)


class LetterTemplate(models.Model):
    """How letters of one kind leave: held for a person, or by themselves."""

    code = models.CharField(max_length=60, primary_key=True)
    mode = models.CharField(
        max_length=10,
        choices=[(Mode.HELD, "Held until released"), (Mode.AUTOMATIC, "Sent automatically")],
        default=Mode.HELD,
    )

    def __str__(self) -> str:
        return self.code


class Letter(models.Model):
    """One outgoing e-mail about a member, waiting in the outbox or sent."""

    class Status(models.TextChoices):
        HELD = "held", "Waiting for release"
        RELEASED = "released", "Being sent"
        SENT = "sent", "Sent"
        DISCARDED = "discarded", "Discarded"

    member = models.ForeignKey(Member, models.PROTECT, related_name="letters")
    to = models.ForeignKey(User, models.PROTECT, related_name="+")
    template = models.ForeignKey(LetterTemplate, models.PROTECT, related_name="letters")
    key = models.CharField(max_length=120, unique=True)  # Message-ID follows from it
    subject = models.CharField(max_length=200)
    body = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.HELD)
    queued_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="letter_released_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False),
                name="letter_sent_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["status", "id"], name="letter_by_status")]

    def __str__(self) -> str:
        return f"{self.template_id} to {self.member}"
