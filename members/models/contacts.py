"""Whom a member named for a purpose: people, with or without an account."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from members.models.membership import Member
from members.models.scopes import DatedQuerySet, MemberScopedQuerySet


class ContactQuerySet(DatedQuerySet, MemberScopedQuerySet):
    def reachable(self) -> ContactQuerySet:
        return self.filter(unreachable_on=None, erased_at=None)


class Contact(models.Model):
    """A person who is written to for a member, in one role of the edition, for a time.

    Personal data: read by the member's people, by staff and by the auditors assigned to it. The
    ledger knows a contact by its number only, so that the person can be corrected and erased.
    ``unreachable_on`` is the day on which a letter was found not to reach them.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="contacts")
    role = models.CharField(max_length=40)  # the code of the edition
    name = models.CharField(max_length=150)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="contacts_as"
    )
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    unreachable_on = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="contact_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(name="", email="", phone="", user=None),
                name="contact_erased_holds_nothing",
            ),
        ]
        indexes = [models.Index(fields=["member", "role", "from_on"], name="contact_by_member")]

    def __str__(self) -> str:
        return f"{self.name or 'erased'} ({self.role}) of {self.member}"
