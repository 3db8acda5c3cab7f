"""Members, who acts for them and who audits them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission, Role, allows
from members.models.facts import Span
from members.models.organisations import Organisation
from members.models.scopes import DatedQuerySet, MemberScopedQuerySet
from members.rules import Post
from rulebooks.rules.timeline.changes import Kind

POST_LABELS = {
    Post.REPRESENTATIVE: "Representative",
    Post.SIGNATORY: "Signatory",
    Post.ADVISER: "Adviser",
}


class MemberQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> MemberQuerySet:
        """Members whose unpublished data ``user`` may read. Every other app builds on this one.

        Staff read all; others those they hold a mandate for or are assigned to audit, today, and
        those that became part of a member they hold a mandate for. A seat on a body opens nothing.
        """
        if not user.is_authenticated:
            return self.none()
        if allows(user.roles, Permission.MEMBER_VIEW_ALL):
            return self.all()
        today = timezone.localdate()
        own = {"member": OuterRef("pk"), "user": user}
        return self.filter(
            Exists(Mandate.objects.in_force(today).filter(**own))
            | Q(pk__in=self.model.objects.answered_for_by(user))
            | Exists(Assignment.objects.in_force(today).filter(**own))
        )

    def answered_for_by(self, user: User, posts: Sequence[Post] = tuple(Post)) -> MemberQuerySet:
        """Members that became part of another for which ``user`` holds one of ``posts`` today."""
        mandates = Mandate.objects.in_force(timezone.localdate())
        held = mandates.filter(user=user, post__in=[post.value for post in posts])
        return self.filter(
            successions__until_on=None,
            successions__history=True,
            successions__successor__in=held.values("member"),
        ).values("pk")

    def followed_up_by(self, user: User | AnonymousUser) -> MemberQuerySet:
        """Members whose breaches and cases ``user`` may read: fewer than read their data.

        Those who follow up for the initiative, and the members' own people; no auditor.
        """
        if not user.is_authenticated:
            return self.none()
        if allows(user.roles, Permission.CASE_VIEW):
            return self.all()
        posts = [post for post in Post if allows([Role(post)], Permission.CASE_VIEW)]
        own = Mandate.objects.in_force(timezone.localdate()).filter(
            user=user, post__in=[post.value for post in posts]
        )
        taken_over = self.model.objects.answered_for_by(user, posts)
        return self.filter(Q(pk__in=own.values("member")) | Q(pk__in=taken_over))

    def placed(self, kind: Kind, codes: Sequence[str], *, on: date) -> MemberQuerySet:
        """Those whose class or chamber was one of ``codes`` on a day.

        Of whom nothing is stated it is what stands in its row. See ``selectors.places_on``.
        """
        of_row = "member_class" if kind is Kind.CLASS else "chamber"
        own = Span.objects.filter(member=OuterRef("pk"))
        unstated = ~Exists(own.of(kind)) & Q(**{f"{of_row}__in": codes})
        return self.filter(Exists(own.placing(kind, codes, on=on)) | unstated)

    def with_standing(self, on: date) -> MemberQuerySet:
        """Annotate ``standing`` as at ``on`` (null before admission)."""
        of_it = {"member": OuterRef("pk"), "kind": Kind.STANDING, "key": ""}  # as the index has it
        standing = Span.objects.in_force(on).filter(**of_it)
        return self.annotate(standing=models.Subquery(standing.values("state")[:1]))


class Member(models.Model):
    """An organisation that was admitted to the initiative."""

    code = models.CharField(max_length=20, unique=True)  # "M0042": opaque, stands in the record
    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="member")
    # Codes of the edition, as of today: kept from the spans, see services.keep_places.
    member_class = models.CharField(max_length=40)
    chamber = models.CharField(max_length=40)
    admitted_on = models.DateField()

    objects = MemberQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["member_class", "id"], name="member_by_class")]

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        return reverse("members:member", args=[self.code])

    @property
    def name(self) -> str:
        return self.organisation.name


class MandateQuerySet(DatedQuerySet, MemberScopedQuerySet):
    pass


class Mandate(models.Model):
    """A user acts for a member, in one post, for a time; a signatory in one capacity or several."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="mandates")
    user = models.ForeignKey(User, models.PROTECT, related_name="mandates")
    post = models.CharField(
        max_length=20, choices=[(post.value, label) for post, label in POST_LABELS.items()]
    )
    capacity = models.CharField(max_length=100)  # "Chief executive", "Compliance manager"
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "user", "post", "capacity"],
                condition=Q(until_on=None),
                name="mandate_once_per_capacity",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="mandate_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["user", "member"], name="mandate_by_user")]

    def __str__(self) -> str:
        return f"{self.user} for {self.member}"

    @property
    def role(self) -> Role:
        return Role(self.post)


class Assignment(models.Model):
    """An auditor checks a member, for a time."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="assignments")
    user = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "user"],
                condition=Q(until_on=None),
                name="assignment_once_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["user", "member"], name="assignment_by_user")]

    def __str__(self) -> str:
        return f"{self.user} audits {self.member}"
