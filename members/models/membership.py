"""Members, who acts for them and who audits them; what is known of them, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission, Role, allows
from ledger.models import Entry
from members.models.organisations import Organisation
from members.rules import Post, Source
from rulebooks.rules import facts
from rulebooks.rules.timeline.changes import Kind

POST_LABELS = {
    Post.REPRESENTATIVE: "Representative",
    Post.SIGNATORY: "Signatory",
    Post.ADVISER: "Adviser",
}

# States of an obligation in which it is not done; in the others nothing more is owed for it.
UNSETTLED = ("open", "extended", "incomplete", "overdue", "missed")

# Spans that speak of breaches and cases: fewer people read them than a member's other data.
PROCEDURE = (Kind.BREACH.value, Kind.STEP.value, Kind.CASE.value, Kind.CLOCK.value)


class DatedQuerySet(models.QuerySet):
    """Rows that hold from ``from_on`` until ``until_on`` (exclusive, null for no end)."""

    def in_force(self, on: date) -> DatedQuerySet:
        return self.filter(Q(until_on=None) | Q(until_on__gt=on), from_on__lte=on)


class MemberScopedQuerySet(models.QuerySet):
    """Rows with a ``member`` column: whoever may read the member's data may read them."""

    def visible_to(self, user: User | AnonymousUser) -> MemberScopedQuerySet:
        if user.is_authenticated and allows(user.roles, Permission.MEMBER_VIEW_ALL):
            return self.filter(member__isnull=False)  # all: no need to look each member up
        return self.filter(member__in=Member.objects.visible_to(user))


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

        Before its first admission a member belongs where it was admitted to.
        """
        held = Q(from_on__lte=on) & (Q(until_on=None) | Q(until_on__gt=on))
        ahead = Q(from_on__gt=on, from_on=F("member__admitted_on"))
        spans = Span.objects.of(kind).filter(held | ahead, state__in=codes)
        return self.filter(pk__in=spans.values("member"))

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


class ProcedureQuerySet(MemberScopedQuerySet):
    """Rows of many kinds, some of which speak of breaches and cases."""

    of_procedure: tuple[str, ...] = ()

    def visible_to(self, user: User | AnonymousUser) -> ProcedureQuerySet:
        rows = super().visible_to(user)
        if user.is_authenticated and allows(user.roles, Permission.CASE_VIEW):
            return rows
        followed = Q(member__in=Member.objects.followed_up_by(user))
        return rows.filter(~Q(kind__in=self.of_procedure) | followed)


class FactQuerySet(ProcedureQuerySet):
    of_procedure = tuple(what.kind for what in (*facts.PROCEDURE, *facts.OWN_TARGETS))

    def of_initiative(self) -> FactQuerySet:
        return self.filter(member=None)


class Fact(models.Model):
    """Something that rules read: the day it is about, and the moment it was recorded.

    Never changed and never removed (a trigger); a correction is a new row.
    """

    member = models.ForeignKey(
        Member, models.PROTECT, null=True, db_index=False, related_name="facts"
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80, blank=True)
    about_on = models.DateField()
    recorded_at = models.DateTimeField()
    data = models.JSONField()
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    entry = models.ForeignKey(Entry, models.PROTECT, db_index=False, related_name="+")
    source = models.CharField(
        max_length=10, choices=[(Source.LIVE, "Live"), (Source.IMPORTED, "Imported")]
    )
    ref = models.CharField(max_length=120, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["member", "about_on", "id"], name="fact_by_member_and_day"),
            models.Index(fields=["entry"], name="fact_by_entry"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["ref"], condition=~Q(ref=""), name="fact_once_per_ref")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} on {self.about_on}"


class SpanQuerySet(ProcedureQuerySet):
    of_procedure = PROCEDURE

    def in_force(self, on: date) -> SpanQuerySet:
        return self.filter(Q(until_on=None) | Q(until_on__gt=on), from_on__lte=on)

    def in_halves(self, on: date) -> tuple[SpanQuerySet, SpanQuerySet]:
        """Return the same spans apart: those without an end, and those that end after a day.

        Asked at once they look like half of all spans to the planner; apart, each has an index.
        """
        return self.filter(until_on=None), self.filter(until_on__gt=on)

    def of(self, kind: Kind) -> SpanQuerySet:
        return self.filter(kind=kind)


class Span(models.Model):
    """A state of one thing about a member, from a day until another: derived, never decided.

    The only cache. Replaced whenever a fact is stated; ``recompute --check`` derives it again.
    Spans that begin in the future say what comes if nothing more happens.
    """

    member = models.ForeignKey(Member, models.CASCADE, db_index=False, related_name="spans")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=121, blank=True)
    state = models.CharField(max_length=40)  # of a class or chamber: its code
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    ground = models.CharField(max_length=40)
    because = models.CharField(max_length=200, blank=True)
    clause = models.CharField(max_length=200, blank=True)
    edition = models.CharField(max_length=40, blank=True)
    facts = ArrayField(models.BigIntegerField(), default=list)
    due_on = models.DateField(null=True)  # the last day in time; of obligations only

    objects = SpanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "key", "from_on"], name="span_begins_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")),
                name="span_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "state", "from_on"], name="span_by_state"),
            models.Index(fields=["until_on"], name="span_by_next_change"),
            models.Index(
                fields=["due_on", "id"],
                condition=Q(kind=Kind.OBLIGATION.value),
                name="span_by_due_day",
            ),
            models.Index(
                fields=["due_on", "id"],
                include=["state", "member", "from_on"],
                condition=Q(kind=Kind.OBLIGATION.value, until_on=None, state__in=UNSETTLED),
                name="span_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.state} from {self.from_on}"

    @property
    def last_day(self) -> date | None:
        """The last day in the state, None when nothing ends it."""
        return self.until_on - timedelta(days=1) if self.until_on else None
