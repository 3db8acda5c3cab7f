"""KPI returns, with the values and the evidence in them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format

from accounts.models import User
from members.models import Member, MemberScopedQuerySet, Site
from rulebooks.models import Edition
from rulebooks.rules.answers import Answer, counts_of
from rulebooks.rules.answers import State as AnswerState
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

    def open_under(self, period: Period, edition: Edition) -> ReturnQuerySet:
        """Those of a period that were begun under an edition and have not been filed."""
        return self.filter(period=period, edition=edition).exclude(status=Return.Status.FILED)

    def filed(self) -> ReturnQuerySet:
        return self.filter(status=Return.Status.FILED)

    def with_context(self) -> ReturnQuerySet:
        """Join all that says whose return this is, for when, and who did what."""
        people = ("saved_by", "submitted_by", "filed_by")
        return self.select_related("member__organisation", "period", "edition", *people)

    def for_change(self) -> ReturnQuerySet:
        """Lock the returns, and nothing else, until the transaction ends."""
        return self.with_context().select_for_update(of=("self",))

    def member_of(self, pk: int, user: User) -> Member:
        """Return the member whose return this is.

        :raises Return.DoesNotExist: there is none that ``user`` may see.
        """
        return self.visible_to(user).select_related("member").get(pk=pk).member

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

    @property
    def stands(self) -> str:
        """Where the return stands, in words."""
        if self.status == self.Status.DRAFT:
            return f"The return for {self.period} is a draft"
        filed = self.status == self.Status.FILED
        word, at, who = (
            ("signed off and filed", self.filed_at, self.filed_by)
            if filed
            else ("submitted", self.submitted_at, self.submitted_by)
        )
        when = date_format(timezone.localtime(at), "j M Y, H:i")
        return f"The return for {self.period} was {word} on {when} by {who}"

    def is_newest(self) -> bool:
        newer = Return.objects.filter(member=self.member_id, period=self.period_id)
        return not newer.filter(version__gt=self.version).exists()

    def codes(self) -> dict[str, str | int]:
        """What names this return in the record."""
        return {"member": self.member.code, "period": self.period.code, "version": self.version}


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


class Answered(models.Model):
    """An answer as it is stored. Zero is a value; missing is a state."""

    class State(models.TextChoices):
        ANSWERED = "answered", "Answered"
        MISSING = "missing", "Not answered"
        UNKNOWN = "unknown", "Not known"
        NOT_APPLICABLE = "not_applicable", "Does not apply"

    kpi = models.CharField(max_length=40)
    state = models.CharField(max_length=14, choices=State)
    number = models.DecimalField(max_digits=36, decimal_places=12, null=True, blank=True)
    numerator = models.DecimalField(max_digits=36, decimal_places=12, null=True, blank=True)
    denominator = models.DecimalField(max_digits=36, decimal_places=12, null=True, blank=True)
    labels = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    counts = models.JSONField(default=dict, blank=True)  # severity → how many

    class Meta:
        abstract = True

    @property
    def answer(self) -> Answer:
        numbers = (self.number, self.numerator, self.denominator)
        counts = counts_of(self.counts)
        return Answer(AnswerState(self.state), *numbers, tuple(self.labels), counts)

    def take(self, answer: Answer) -> None:
        """Set every field to what ``answer`` is; it is not saved yet."""
        self.state, self.number, self.labels = answer.state.value, answer.number, [*answer.labels]
        self.numerator, self.denominator = answer.numerator, answer.denominator
        self.counts = dict(answer.counts)


def _sound(what: str) -> list[models.CheckConstraint]:
    """What holds of every stored answer; the names begin with ``what`` it is."""
    return [
        models.CheckConstraint(
            condition=Q(state="answered")
            | Q(number=None, numerator=None, denominator=None, labels=[]),
            name=f"{what}_only_where_answered",
        ),
        models.CheckConstraint(
            condition=Q(state="answered") | Q(counts={}), name=f"{what}_counts_where_answered"
        ),
        models.CheckConstraint(
            condition=Q(numerator=None, denominator=None)
            | Q(numerator__isnull=False, denominator__isnull=False),
            name=f"{what}_ratio_has_both_parts",
        ),
    ]


class Value(Answered):
    """The answer to one KPI in one return."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    of_return = models.ForeignKey(Return, models.CASCADE, related_name="values_reported")
    note = models.TextField(blank=True)

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of_return", "kpi"], name="value_once_per_kpi"),
            *_sound("value"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} of return {self.of_return_id}"


class SiteValue(Answered):
    """The answer of one site to one KPI in one return; a site that is silent has its row too."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    of_return = models.ForeignKey(Return, models.CASCADE, related_name="site_values")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of_return", "kpi", "site"], name="site_value_once_per_kpi_and_site"
            ),
            *_sound("site_value"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} of {self.site_id} in return {self.of_return_id}"


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
