"""KPI returns with evidence, what auditors made of them, and the scores that follow."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from accounts.rules import Permission, allows
from kpis.rules.stored import PROBLEMS
from members.models import Member, MemberScopedQuerySet
from rulebooks.models import Edition
from targets.models import Period


class ReturnQuerySet(MemberScopedQuerySet):
    def latest(self) -> ReturnQuerySet:
        """The newest version of each member's return for each period."""
        newer = Return.objects.filter(
            member=models.OuterRef("member"),
            period=models.OuterRef("period"),
            version__gt=models.OuterRef("version"),
        )
        return self.filter(~models.Exists(newer))

    def filed(self) -> ReturnQuerySet:
        return self.filter(status=Return.Status.FILED)

    def counting(self) -> ReturnQuerySet:
        """The newest filed version of each member's return for each period: what is scored."""
        newer = Return.objects.filed().filter(
            member=models.OuterRef("member"),
            period=models.OuterRef("period"),
            version__gt=models.OuterRef("version"),
        )
        return self.filed().filter(~models.Exists(newer))


class Return(models.Model):
    """One version of a member's KPI return for a period: drafted, submitted, signed off and filed.

    A filed return never changes; a correction is the next version, with its reason. ``unread``
    keeps what was typed into a draft and is not (yet) on its scale: KPI → field → text.
    ``seal`` is the key of the digest of the content that the record holds since the filing.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Waiting for sign-off"
        FILED = "filed", "Filed"

    member = models.ForeignKey(Member, models.PROTECT, related_name="returns")
    period = models.ForeignKey(Period, models.PROTECT, related_name="returns")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    reason = models.TextField(blank=True)  # why a filed return is corrected
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    unread = models.JSONField(default=dict, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    seal = models.CharField(max_length=64, blank=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "period", "version"], name="return_once_per_version"
            ),
            models.UniqueConstraint(
                fields=["member", "period"],
                condition=~Q(status="filed"),
                name="return_one_open_per_period",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="return_submitted_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(filed_at=None, filed_by=None)
                | Q(filed_at__isnull=False, filed_by__isnull=False),
                name="return_filed_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=~Q(status="filed") | Q(filed_at__isnull=False),
                name="return_filed_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(unread={}),
                name="return_submitted_has_nothing_unread",
            ),
        ]
        indexes = [models.Index(fields=["period", "status", "id"], name="return_by_status")]

    def __str__(self) -> str:
        return f"{self.member}: {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("kpis:return", args=[self.pk])


class SentBack(models.Model):
    """A signatory gave a submitted return back to be worked on, and said why."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    of_return = models.ForeignKey(Return, models.PROTECT, related_name="sent_back")
    reason = models.TextField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "sent back"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="sent_back_with_a_reason")
        ]

    def __str__(self) -> str:
        return f"return {self.of_return_id} on {self.sent_at:%Y-%m-%d}"


class Value(models.Model):
    """The answer to one KPI in one return. Zero is a value; missing is a state."""

    class State(models.TextChoices):
        ANSWERED = "answered", "Answered"
        MISSING = "missing", "Not answered"
        UNKNOWN = "unknown", "Not known"
        NOT_APPLICABLE = "not_applicable", "Does not apply"

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    of_return = models.ForeignKey(Return, models.CASCADE, related_name="values_reported")
    kpi = models.CharField(max_length=40)
    state = models.CharField(max_length=14, choices=State)
    number = models.DecimalField(max_digits=36, decimal_places=12, null=True, blank=True)
    numerator = models.DecimalField(max_digits=36, decimal_places=12, null=True, blank=True)
    denominator = models.DecimalField(max_digits=36, decimal_places=12, null=True, blank=True)
    labels = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    note = models.TextField(blank=True)

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of_return", "kpi"], name="value_once_per_kpi"),
            models.CheckConstraint(
                condition=Q(state="answered")
                | Q(number=None, numerator=None, denominator=None, labels=[]),
                name="value_only_where_answered",
            ),
            models.CheckConstraint(
                condition=Q(numerator=None, denominator=None)
                | Q(numerator__isnull=False, denominator__isnull=False),
                name="value_ratio_has_both_parts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} of return {self.of_return_id}"


class Evidence(models.Model):
    """A file that shows one value of a return. Its content is known by its SHA-256."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    of_return = models.ForeignKey(Return, models.PROTECT, related_name="evidence")
    kpi = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    file = models.FileField(max_length=300)
    covers_from = models.DateField(null=True, blank=True)
    covers_until = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField()
    received_from = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(
                fields=["of_return", "kpi", "sha256"], name="evidence_once_per_value"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_is_not_empty"),
            models.CheckConstraint(
                condition=Q(covers_from=None)
                | Q(covers_until=None)
                | Q(covers_from__lte=F("covers_until")),
                name="evidence_covers_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.sha256[:12]}"


class VerificationQuerySet(MemberScopedQuerySet):
    def latest(self) -> VerificationQuerySet:
        """The newest word on each value."""
        return self.order_by("value", "-pk").distinct("value")


class Verification(models.Model):
    """An auditor's word on one value. A later word stands beside the earlier one and counts."""

    class Outcome(models.TextChoices):
        VERIFIED = "verified", "Verified"
        ADJUSTED = "adjusted", "Adjusted"
        UNSUPPORTED = "unsupported", "Unsupported"

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    value = models.ForeignKey(Value, models.PROTECT, related_name="verifications")
    outcome = models.CharField(max_length=12, choices=Outcome)
    number = models.DecimalField(max_digits=36, decimal_places=12, null=True, blank=True)
    numerator = models.DecimalField(max_digits=36, decimal_places=12, null=True, blank=True)
    denominator = models.DecimalField(max_digits=36, decimal_places=12, null=True, blank=True)
    labels = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    reason = models.TextField(blank=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = VerificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="verified") | ~Q(reason=""),
                name="verification_gives_reasons_unless_verified",
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: value {self.value_id}"


class ScoreRunQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> ScoreRunQuerySet:
        """Staff read how a run went; everybody else reads the cards that concern them."""
        may = user.is_authenticated and allows(user.roles, Permission.MEMBER_VIEW_ALL)
        return self.all() if may else self.none()

    def running(self) -> ScoreRunQuerySet:
        return self.filter(status=ScoreRun.Status.RUNNING)

    def with_progress(self) -> ScoreRunQuerySet:
        """Annotate ``parts``, how many shards a run has, and ``parts_done``."""
        return self.annotate(
            parts=models.Count("shards"),
            parts_done=models.Count("shards", filter=Q(shards__done_at__isnull=False)),
        )


class ScoreRun(models.Model):
    """One scoring of a period under its edition: provisional until published, then for good."""

    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        PROVISIONAL = "provisional", "Provisional"
        PUBLISHED = "published", "Published"

    period = models.ForeignKey(Period, models.PROTECT, related_name="runs")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status, default=Status.RUNNING)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # of edition and inputs
    root = models.CharField(max_length=64, blank=True)  # Merkle root over the cards' digests
    cohort = models.JSONField(default=dict)  # cohort word → member code → value
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

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
            models.UniqueConstraint(
                fields=["period"], condition=Q(status="running"), name="run_one_at_a_time"
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
        """Of the members one may read: provisional cards are for staff only."""
        cards = super().visible_to(user)
        if user.is_authenticated and allows(user.roles, Permission.MEMBER_VIEW_ALL):
            return cards
        return cards.published()

    def published(self) -> ScorecardQuerySet:
        return self.filter(run__status=ScoreRun.Status.PUBLISHED)

    def standing(self) -> ScorecardQuerySet:
        """Published cards that no later published run has corrected."""
        later = Scorecard.objects.published().filter(
            member=models.OuterRef("member"),
            period=models.OuterRef("period"),
            run__gt=models.OuterRef("run"),
        )
        return self.published().filter(~models.Exists(later))

    def with_problems(self) -> ScorecardQuerySet:
        """Those with an answer that could not be scored."""
        return self.filter(inputs__contains=PROBLEMS)

    def latest(self) -> ScorecardQuerySet:
        """The newest card of each member and period among those selected."""
        return self.order_by("member", "period", "-run").distinct("member", "period")


class Scorecard(models.Model):
    """What a member scored in a period: stored as computed, never rewritten.

    ``card`` is the canonical JSON of the result with its trace lines; ``digest`` its SHA-256;
    ``fingerprint`` the hash of edition and inputs. The same inputs give the same bytes.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="scorecards")
    run = models.ForeignKey(ScoreRun, models.PROTECT, related_name="cards")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    of_return = models.ForeignKey(Return, models.PROTECT, null=True, related_name="+")
    card = models.TextField()
    inputs = models.TextField()  # canonical JSON of what was scored
    digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    total = models.DecimalField(max_digits=26, decimal_places=12, null=True)
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
