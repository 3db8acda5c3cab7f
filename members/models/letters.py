"""The outbox."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.rules import Permission, allows
from members.models.applications import Application
from members.models.contacts import Contact
from members.models.membership import Member
from members.models.scopes import MemberScopedQuerySet
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
    """One outgoing e-mail about a member or to an applicant, waiting in the outbox or sent.

    A letter to an applicant goes to the address of the application; where its text says ``LINK``,
    the link is put in when it is sent, so that no row holds it.
    """

    LINK: ClassVar[str] = "{link to the application, made when this letter is sent}"

    class Status(models.TextChoices):
        HELD = "held", "Waiting for release"
        RELEASED = "released", "Being sent"
        SENT = "sent", "Sent"
        DISCARDED = "discarded", "Discarded"

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="letters", null=True, blank=True
    )
    to = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    application = models.ForeignKey(
        Application, models.CASCADE, related_name="letters", null=True, blank=True
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="letters"
    )  # somebody without an account
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
                condition=Q(member__isnull=False, to__isnull=False, contact=None, application=None)
                | Q(member__isnull=False, to=None, contact__isnull=False, application=None)
                | Q(member=None, to=None, contact=None, application__isnull=False),
                name="letter_to_a_person_or_an_applicant",
            ),
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
        return f"{self.template_id} to {self.about}"

    @property
    def about(self) -> str:
        """The name of the member or the applicant that it is about."""
        return self.member.name if self.member else self.application.name

    @property
    def recipient(self) -> User | Contact | Application:
        """Who gets it: each has a name and an e-mail address."""
        return self.to or self.contact or self.application

    @property
    def addressee(self) -> str:
        """The name of whoever gets it."""
        return self.recipient.name

    @property
    def address(self) -> str:
        """The e-mail address that it goes to."""
        return self.recipient.email
