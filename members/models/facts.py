"""What is known of members, and the states that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable

from ledger.models import Entry
from members.models.scopes import ProcedureQuerySet
from members.rules import Source
from rulebooks.rules import facts
from rulebooks.rules.timeline.changes import Kind

# States of an obligation in which it is not done; in the others nothing more is owed for it.
UNSETTLED = ("open", "extended", "incomplete", "overdue", "missed")

# Spans that speak of breaches and cases: fewer people read them than a member's other data.
PROCEDURE = (Kind.BREACH.value, Kind.STEP.value, Kind.CASE.value, Kind.CLOCK.value)


class FactQuerySet(ProcedureQuerySet):
    of_procedure = tuple(what.kind for what in (*facts.PROCEDURE, *facts.OWN_TARGETS))

    def of_initiative(self) -> FactQuerySet:
        return self.filter(member=None)


class Fact(models.Model):
    """Something that rules read: the day it is about, and the moment it was recorded.

    Never changed and never removed (a trigger); a correction is a new row.
    """

    member = models.ForeignKey(
        "members.Member", models.PROTECT, null=True, db_index=False, related_name="facts"
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

    def placing(self, kind: Kind, codes: Sequence[str], *, on: date | Combinable) -> SpanQuerySet:
        """Those by which a member's class or chamber was one of ``codes`` on a day.

        Before its first admission a member belongs where it was admitted to.
        """
        held = Q(from_on__lte=on) & (Q(until_on=None) | Q(until_on__gt=on))
        ahead = Q(from_on__gt=on, from_on=F("member__admitted_on"))
        return self.of(kind).filter(held | ahead, state__in=codes)


class Span(models.Model):
    """A state of one thing about a member, from a day until another: derived, never decided.

    The only cache. Replaced whenever a fact is stated; ``recompute --check`` derives it again.
    Spans that begin in the future say what comes if nothing more happens.
    """

    member = models.ForeignKey(
        "members.Member", models.CASCADE, db_index=False, related_name="spans"
    )
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
