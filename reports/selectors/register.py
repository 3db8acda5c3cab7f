"""What stands in the public register, and what does not agree with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef

from accounts.models import User
from kpis.models import ScoreRun
from members.models import Member, MemberQuerySet, Span, SpanQuerySet
from members.rules import Standing
from reports.models import Publication, PublicationQuerySet
from rulebooks.rules.timeline.changes import Kind
from targets.models import Period

Sort = Publication.Sort
GRAVITY = {
    Standing.GOOD: 0,
    Standing.PROBATION: 0,
    Standing.WARNED: 1,
    Standing.SUSPENDED: 2,
    Standing.EXCLUDED: 3,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A member's standing that the register does not show, or shows and that does not hold."""

    member: Member
    span: Span | None  # the measure in force
    line: Publication | None  # what the register says


@dataclass(frozen=True, slots=True)
class ScoreAct:
    """A period with the run last published to members, and the run that the register shows."""

    period: Period
    run: ScoreRun
    shown: int | None

    @property
    def is_shown(self) -> bool:
        """Whether the register shows that run."""
        return self.shown == self.run.pk


def entries(user: User | AnonymousUser) -> PublicationQuerySet:
    """Return the members in the register, by name, each with the measure published against it."""
    lines = Publication.objects.visible_to(user).of(Sort.MEMBERSHIP).with_published_standing()
    return lines.select_related("member__organisation").order_by(
        "member__organisation__name", "member"
    )


def lines_by_code(user: User | AnonymousUser, code: str) -> list[Publication]:
    """Return all that the register says of the member ``code``, the newest period first."""
    lines = Publication.objects.visible_to(user).filter(member__code=code)
    return list(
        lines.select_related("member__organisation").order_by("sort", "-since_on", "-about", "pk")
    )


def standing_on(member: Member, on: date) -> str | None:
    """Return how a member stands on a day, None before its admission."""
    span = Span.objects.in_force(on).of(Kind.STANDING).filter(member=member).first()
    return span.state if span else None


def measure_on(member: Member, on: date) -> Span | None:
    """Return the standing of a member on a day if a measure against it may be published."""
    return _measures(on).filter(member=member).first()


def _measures(on: date) -> SpanQuerySet:
    """Return the measures in force that no longer wait to be published, as their steps say."""
    grave = [standing.value for standing, gravity in GRAVITY.items() if gravity]
    spans = Span.objects.in_force(on)
    ripe = spans.of(Kind.PUBLISHED).filter(
        member=OuterRef("member"), key="standing", state=OuterRef("state")
    )
    return spans.of(Kind.STANDING).filter(Exists(ripe), state__in=grave)


def is_lighter(now: str | None, *, than: Publication) -> bool:
    """Return whether a member stands better now than a line of the register says."""
    if than.sort != Sort.STANDING:
        return False
    return GRAVITY.get(now, 0) < GRAVITY[Standing(than.state)]


def not_in_register(*, on: date) -> MemberQuerySet:
    """Return the members on a day whose membership does not stand in the register."""
    line = Publication.objects.filter(
        member=OuterRef("pk"), sort=Sort.MEMBERSHIP, withdrawn_at=None
    )
    stands = Span.objects.in_force(on).of(Kind.STANDING).filter(member=OuterRef("pk"))
    return Member.objects.filter(
        Exists(stands.exclude(state=Standing.LEFT)), ~Exists(line), admitted_on__lte=on
    )


def differences(*, on: date) -> list[Difference]:
    """Return where measures in force and the register part, by the member's code."""
    lines = Publication.objects.filter(sort=Sort.STANDING, withdrawn_at=None)
    shown = {line.member_id: line for line in lines.select_related("member__organisation")}
    spans = {s.member_id: s for s in _measures(on).select_related("member__organisation")}
    found = []
    for pk in shown.keys() | spans.keys():
        line, span = shown.get(pk), spans.get(pk)
        if line and span and (line.state, line.since_on) == (span.state, span.from_on):
            continue
        found.append(Difference((line or span).member, span, line))
    return sorted(found, key=lambda difference: difference.member.code)


def run_to_publish(period: Period) -> ScoreRun | None:
    """Return the run last published to members, unless the register shows it already."""
    runs = ScoreRun.objects.filter(period=period, status=ScoreRun.Status.PUBLISHED)
    run = runs.select_related("period").order_by("-published_at", "-pk").first()
    shown = Publication.objects.filter(
        sort=Sort.SCORE, about=period.code, withdrawn_at=None, content__run=run.pk if run else None
    )
    return None if run is None or shown.exists() else run


def score_acts(periods: Sequence[Period]) -> list[ScoreAct]:
    """Return what can be done about the scores of each period, in two queries.

    Only of periods whose edition makes scorecards public, and that were scored and published.
    """
    public = [p for p in periods if p.edition.document.publicity.scorecard == "public"]
    runs = ScoreRun.objects.filter(period__in=public, status=ScoreRun.Status.PUBLISHED)
    newest = {run.period_id: run for run in runs.order_by("published_at", "pk")}
    lines = Publication.objects.filter(sort=Sort.SCORE, withdrawn_at=None)
    of_periods = lines.filter(about__in=[period.code for period in public])
    shown = dict(of_periods.order_by("about").values_list("about", "content__run").distinct())
    return [
        ScoreAct(period, newest[period.pk], shown.get(period.code))
        for period in public
        if period.pk in newest
    ]
