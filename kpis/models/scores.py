"""Runs of the scoring, and the cards that they leave."""

from __future__ import annotations

from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User
from accounts.rules import Permission, allows
from kpis.models.returns import Return
from kpis.rules.cards import Card
from kpis.rules.stored import PROBLEMS
from members.models import Member, MemberScopedQuerySet
from rulebooks.models import Edition
from rulebooks.rules.bands import Band
from targets.models import Period


class ScoreRunQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> ScoreRunQuerySet:
        """Staff read how a run went; everybody else reads the cards that concern them."""
        may = user.is_authenticated and allows(user.roles, Permission.MEMBER_VIEW_ALL)
        return self.all() if may else self.none()

    def running(self) -> ScoreRunQuerySet:
        return self.filter(status=ScoreRun.Status.RUNNING)

    def told(self) -> ScoreRunQuerySet:
        """Those after whose publication numbers about all members were drawn up, oldest first."""
        return self.filter(told=True).order_by("pk")

    def with_cards(self) -> ScoreRunQuerySet:
        """Annotate ``members``, how many cards a run has."""
        cards = Scorecard.objects.filter(run=models.OuterRef("pk")).order_by().values("run")
        counted = cards.annotate(count=models.Count("pk")).values("count")
        return self.annotate(members=Coalesce(models.Subquery(counted), 0))

    def with_progress(self) -> ScoreRunQuerySet:
        """Annotate ``parts``, how many shards a run has, and ``parts_done``."""
        return self.annotate(
            parts=models.Count("shards"),
            parts_done=models.Count("shards", filter=Q(shards__done_at__isnull=False)),
        )


class ScoreRun(models.Model):
    """One scoring of a period under its edition: provisional until published, then for good.

    While it is going on or cancelled nobody sees a card of it.
    """

    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        PROVISIONAL = "provisional", "Provisional"
        PUBLISHED = "published", "Published"
        CANCELLED = "cancelled", "Cancelled"

    FINISHED = (Status.PROVISIONAL, Status.PUBLISHED)

    period = models.ForeignKey(Period, models.PROTECT, related_name="runs")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status, default=Status.RUNNING)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # of edition and inputs
    root = models.CharField(max_length=64, blank=True)  # Merkle root over the cards' digests
    cohort = models.JSONField(default=dict)  # cohort word → member code → value
    settled = models.BooleanField(default=True)  # root and cohort are of the cards as they are
    corrects = models.ForeignKey(  # a run of a few members after a publication
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    shown_on = models.DateField(null=True, blank=True)  # to its members, still provisional
    contest_until = models.DateField(null=True, blank=True)  # the last day to contest it
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    told = models.BooleanField(default=False)  # numbers about all members count its cards
    withheld = ArrayField(models.CharField(max_length=40), null=True)  # targets, beside others

    objects = ScoreRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="run_published_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="run_published_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(told=False) | Q(status="published"), name="run_told_once_published"
            ),
            models.UniqueConstraint(
                fields=["period"], condition=Q(status="running"), name="run_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(shown_on=None, contest_until=None)
                | Q(shown_on__isnull=False, contest_until__gte=F("shown_on")),
                name="run_contest_ends_after_it_was_shown",
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk} of {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("kpis:run", args=[self.pk])


class Shard(models.Model):
    """A part of a run: the members that one worker scores in one transaction."""

    run = models.ForeignKey(ScoreRun, models.CASCADE, related_name="shards")
    number = models.PositiveIntegerField()
    member_ids = ArrayField(models.BigIntegerField())
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="shard_once_per_run")]
        indexes = [
            models.Index(fields=["run", "number"], condition=Q(done_at=None), name="shard_open")
        ]

    def __str__(self) -> str:
        return f"Shard {self.number} of run {self.run_id}"


class ScorecardQuerySet(MemberScopedQuerySet):
    def visible_to(self, user: User | AnonymousUser) -> ScorecardQuerySet:
        """Of the members one may read, all of a run at once: none while it is going on.

        Provisional cards are for staff until they are shown.
        """
        cards = super().visible_to(user).filter(run__status__in=ScoreRun.FINISHED)
        if user.is_authenticated and allows(user.roles, Permission.MEMBER_VIEW_ALL):
            return cards
        published = Q(run__status=ScoreRun.Status.PUBLISHED)
        return cards.filter(published | Q(run__shown_on__isnull=False))

    def published(self) -> ScorecardQuerySet:
        return self.filter(run__status=ScoreRun.Status.PUBLISHED)

    def standing(self, *, until: int | None = None) -> ScorecardQuerySet:
        """Published cards that no later published run has corrected.

        With ``until``, the number of a run: as they stood once that was published.
        """
        later = Scorecard.objects.published().filter(
            member=models.OuterRef("member"),
            period=models.OuterRef("period"),
            run__gt=models.OuterRef("run"),
        )
        if until is None:
            return self.published().filter(~models.Exists(later))
        later = later.filter(run__lte=until)
        return self.published().filter(~models.Exists(later), run__lte=until)

    def with_problems(self) -> ScorecardQuerySet:
        """Those with an answer that could not be scored."""
        return self.filter(inputs__contains=PROBLEMS)

    def latest(self) -> ScorecardQuerySet:
        """The newest card of each member and period among those selected."""
        return self.order_by("member", "period", "-run").distinct("member", "period")


class Scorecard(models.Model):
    """What a member scored in a period: stored as computed, never rewritten once published.

    ``card`` is the canonical JSON of the result with its trace lines; ``digest`` its SHA-256;
    ``fingerprint`` the hash of edition and inputs. The same inputs give the same bytes.
    """

    # Keys of the database hold these, and are checked for every card: (run, period, edition) in the
    # runs, (return, member) in the returns; without a return that of the member.
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="scorecards", db_constraint=False
    )
    run = models.ForeignKey(
        ScoreRun, models.PROTECT, related_name="cards", db_constraint=False, db_index=False
    )
    period = models.ForeignKey(
        Period, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    of_return = models.ForeignKey(
        Return, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    card = models.TextField()
    inputs = models.TextField()  # canonical JSON of what was scored
    digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    total = models.DecimalField(max_digits=1000, decimal_places=12, null=True)  # PostgreSQL's most
    band = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=200, blank=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "member"], name="scorecard_once_per_run")
        ]
        indexes = [models.Index(fields=["period", "band"], name="scorecard_by_band")]

    def __str__(self) -> str:
        return f"{self.member} in {self.period_id}: {self.total}"

    def get_absolute_url(self) -> str:
        return reverse("kpis:scorecard", args=[self.pk])

    @cached_property
    def content(self) -> Card:
        """What was published, in its own digits: 50.0, where ``total`` fills up with zeros."""
        return Card.read(self.card)

    @property
    def places(self) -> int:
        """How many decimals the total is published with."""
        total = self.content.total
        return 0 if total is None else max(0, -total.as_tuple().exponent)

    @property
    def band_in_words(self) -> Band | None:
        """The band as the edition words it."""
        bands = self.edition.document.bands
        return next((b for b in bands.bands if b.code == self.band), None) if bands else None
