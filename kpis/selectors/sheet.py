"""A return as it is read: line by line, with evidence and what auditors said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from kpis.models import Evidence, Return, Value, Verification
from kpis.rules.confidentiality import SEEN_BY
from kpis.rules.marks import WITH_VALUE, Outcome, falls_to, outcomes
from kpis.rules.reading import digits, fields_of, words
from kpis.selectors.returns import covers_period
from kpis.selectors.sites import rolled_up
from members.models import Assignment, Mandate, Member
from members.rules import Post
from rulebooks.rules.answers import Answer, State
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.scales.numbers import RatioScale
from targets import selectors as targets
from targets.models import Extension, Period
from targets.rules import Window


@dataclass(slots=True)
class SheetLine:
    """One KPI of a return: the value, what shows it, and the auditors' words, latest last."""

    kpi: Kpi
    value: Value | None
    evidence: list[Evidence] = field(default_factory=list)
    marks: list[Verification] = field(default_factory=list)
    beside_period: set[int] = field(default_factory=set)  # evidence about other days
    rolled: Answer | None = None  # what its sites come to, where any is held

    @property
    def said(self) -> str:
        """The value in words, empty where there is none."""
        return words(self.answer) if self.answer else ""

    @property
    def answer(self) -> Answer | None:
        """What sites come to, else the answer of the member itself; None where neither is held."""
        return self.rolled or (self.value.answer if self.value else None)

    @property
    def of_sites(self) -> str:
        """How what the sites come to came about, empty where none is held."""
        return self.rolled.read_with.remark if self.rolled else ""

    @property
    def unit(self) -> str:
        """The unit behind the value; behind the parts of a ratio what they come to."""
        if self.is_ratio:
            return self._share_of(self.answer) if self.answer else ""
        plain = fields_of(self.kpi.scale) == ("number",)
        return self.kpi.unit if plain else ""

    @property
    def is_ratio(self) -> bool:
        return isinstance(self.kpi.scale, RatioScale)

    @property
    def adjusted_unit(self) -> str:
        """The same behind the value that counts instead."""
        return self._share_of(self.last_mark.answer) if self.is_ratio else self.unit

    def _share_of(self, answer: Answer) -> str:
        if answer.state is not State.ANSWERED:
            return ""
        exact = self.kpi.scale.share(answer)
        shown = Decimal(round(exact * 100)).scaleb(-2)
        return f"{'=' if shown == exact else '≈'} {digits(shown)} {self.kpi.unit}"

    @property
    def missing(self) -> str:
        return self.value.get_state_display().lower() if self.value else "not answered"

    @property
    def seen_by(self) -> str:
        return SEEN_BY[self.kpi.confidentiality]

    @property
    def falls_to(self) -> frozenset[str]:
        """Whose word counts on the value, by office; empty where there is none."""
        return falls_to(self.kpi, self.value.answer) if self.value else frozenset()

    @property
    def waits(self) -> str:
        """What the value waits for, empty where it counts as it stands."""
        if not self.kpi.is_asked and not self.marks:
            return f"Waits for the judgement of the {self.kpi.scale.by}"
        if self.value is None or self.marks:
            return ""
        if Outcome.APPROVED in outcomes(self.kpi, self.value.answer):
            return "Counts as missing until it is approved"
        return ""

    @property
    def last_mark(self) -> Verification | None:
        return self.marks[-1] if self.marks else None

    @property
    def adjusted(self) -> str:
        """The value that counts instead, in words; empty where none does."""
        mark = self.last_mark
        return words(mark.answer) if mark is not None and mark.outcome in WITH_VALUE else ""


def sheet(of_return: Return, *, kpis: Collection[str]) -> list[SheetLine]:
    """Return the lines of a return for those ``kpis``, in three queries, and one more
    where sites answer. Others are not read.
    """
    values = {v.kpi: v for v in of_return.values_reported.filter(kpi__in=kpis)}
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for row in of_return.evidence.filter(kpi__in=kpis).order_by("pk"):
        evidence[row.kpi].append(row)
    marks: dict[int, list[Verification]] = defaultdict(list)
    said = Verification.objects.of_return(of_return).filter(value__kpi__in=kpis)
    for mark in said.select_related("marked_by").order_by("pk"):
        marks[mark.value_id].append(mark)
    lines, rolled = [], rolled_up(of_return, kpis=kpis)
    for kpi in of_return.edition.document.kpis:
        if kpi.code in kpis:
            value, shown = values.get(kpi.code), evidence[kpi.code]
            line = SheetLine(kpi, value, shown, marks[value.pk] if value else [])
            line.rolled = rolled.get(kpi.code)
            line.beside_period = {
                e.pk
                for e in shown
                if not covers_period(of_return.period, e.covers_from, e.covers_until)
            }
            lines.append(line)
    return lines


def history(of_return: Return, lines: list[SheetLine]) -> list[dict[str, Any]]:
    """Return what happened to a return, newest first, as the timeline component takes it."""
    events: list[tuple[datetime, str, str, str]] = [
        (sent.sent_at, "Sent back", str(sent.sent_by), "soon")
        for sent in of_return.sent_back.select_related("sent_by")
    ]
    if of_return.submitted_at:
        events.append((of_return.submitted_at, "Submitted", str(of_return.submitted_by), ""))
    if of_return.filed_at:
        events.append((of_return.filed_at, "Signed off, filed", str(of_return.filed_by), "good"))
    if of_return.status == Return.Status.DRAFT:
        events.append((of_return.saved_at, "Saved", str(of_return.saved_by), ""))
    marks = sorted((m for line in lines for m in line.marks), key=lambda mark: mark.marked_at)
    for (_, by), act in groupby(marks, key=lambda mark: (_minute(mark), str(mark.marked_by))):
        marked = list(act)
        said = f"{len(marked)} value{'s' if len(marked) > 1 else ''} marked"
        events.append((marked[-1].marked_at, said, by, ""))
    newest_first = sorted(events, key=lambda event: event[0], reverse=True)
    return [{"on": at, "text": text, "by": by, "kind": k} for at, text, by, k in newest_first]


def _minute(mark: Verification) -> datetime:
    return mark.marked_at.replace(second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class ToFile:
    """A period that is open for a member, and the return begun for it, if any."""

    member: Member
    period: Period
    window: Window
    of_return: Return | None
    may_fill_in: bool
    may_sign: bool


def to_file(user: User, *, on: date) -> list[ToFile]:
    """Return the open periods of the members that ``user`` acts for, in seven queries."""
    posts: dict[Member, set[str]] = defaultdict(set)
    held = Mandate.objects.in_force(on).filter(user=user)
    for mandate in held.select_related("member__organisation").order_by("member_id"):
        posts[mandate.member].add(mandate.post)
    begun = Period.objects.begun(on).exclude(code__in=targets.cancelled_periods())
    periods = list(begun.select_related("edition").order_by("-about_from"))
    extended = {
        (e.member_id, e.period_id): e.until_on for e in Extension.objects.filter(member__in=posts)
    }
    filers = targets.filers([member.pk for member in posts], periods)
    candidates = [
        (member, period, _window(period).extended_until(extended.get((member.pk, period.pk))))
        for member in posts
        for period in periods
        if (member.pk, period.code) in filers
    ]
    rows = Return.objects.filter(member__in=posts).latest().with_context()
    returns = {(r.member_id, r.period_id): r for r in rows}
    return [
        ToFile(
            member,
            period,
            window,
            returns.get((member.pk, period.pk)),
            Post.REPRESENTATIVE in posts[member],
            Post.SIGNATORY in posts[member],
        )
        for member, period, window in candidates
        if on <= window.late_until
    ]


def _window(period: Period) -> Window:
    return Window(period.opens_on, period.due_on, period.late_until)


def audits(user: User, *, on: date) -> QuerySet[Return]:
    """Return the filed returns of the members that ``user`` audits, with how far they are.

    ``values_to_mark`` leaves out what is for counsel alone. The newest period first.
    """
    assigned = Assignment.objects.in_force(on).filter(user=user)
    marked = Exists(Verification.objects.filter(value=OuterRef("values_reported")))
    mine = ~_for_counsel()
    return (
        Return.objects.counting()
        .filter(member__in=assigned.values("member"))
        .with_context()
        .alias(is_marked=marked)
        .annotate(
            values_to_mark=Count("values_reported", filter=mine),
            values_marked=Count("values_reported", filter=mine & Q(is_marked=True)),
        )
        .order_by("-period__about_from", "member_id", "pk")
    )


def _for_counsel() -> Q:
    """Return what selects the values of KPIs that only counsel may read."""
    found = Q(pk__in=[])
    for period in Period.objects.select_related("edition"):
        kpis = [k.code for k in period.edition.document.kpis if k.confidentiality == "counsel"]
        found |= Q(edition=period.edition, values_reported__kpi__in=kpis)
    return found


def members_without_return(user: User, *, on: date) -> list[Member]:
    """Return the members that ``user`` audits of which no return is filed."""
    assigned = Assignment.objects.in_force(on).filter(user=user).values("member")
    filed = Return.objects.filed().filter(member=OuterRef("pk"))
    members = Member.objects.filter(~Exists(filed), pk__in=assigned)
    return list(members.select_related("organisation").order_by("pk"))
