"""What needs the staff today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from dashboard.selectors.initiative import (
    BandCount,
    counts_by_band,
    current_period,
    last_published,
)
from governance import selectors as governance
from governance.models import Decision
from kpis.models import Contest, Return, Scorecard, ScoreRun
from members import selectors as members
from members.models import Application, ClassRequest, Letter, Span
from rulebooks import selectors as rulebooks
from rulebooks.rules import reading
from rulebooks.rules.timeline.changes import Kind
from suspensions import selectors as suspensions
from suspensions.models import Breach, Case
from suspensions.rules.procedure import OPEN
from targets import selectors as targets
from targets.models import MemberTarget, Period

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Reporting:
    """How the filing of a period goes: the counts, and the first of those who are late."""

    period: Period
    filing: targets.Filing
    late: list[Span]
    waiting_for_sign_off: int


@dataclass(frozen=True, slots=True)
class Results:
    """What was published last: a run, and how its cards spread over the bands."""

    run: ScoreRun
    bands: list[BandCount]
    members: int


def reporting(user: User, *, on: date) -> Reporting | None:
    """Return how the current period goes among the members that ``user`` may read."""
    period = current_period(on)
    if period is None:
        return None
    late = targets.filing_rows(period, user=user, on=on, states=("overdue", "missed"))
    submitted = Return.objects.visible_to(user).filter(
        period=period, status=Return.Status.SUBMITTED
    )
    filing = targets.filing(period, user=user, on=on)
    return Reporting(period, filing, list(late[:SHOWN]), submitted.count())


def results(user: User, *, on: date) -> Results | None:
    """Return what was published last, as it stands today, for the members ``user`` may read."""
    run = last_published(on)
    if run is None:
        return None
    cards = Scorecard.objects.visible_to(user).standing().filter(period=run.period)
    bands = counts_by_band(cards, run.edition.document)
    return Results(run, bands, sum(band.members for band in bands))


def open_cases(user: User, *, on: date) -> QuerySet[Case]:
    """Return the cases that go on, with stage and clock, the first clock to end first."""
    cases = Case.objects.visible_to(user).with_stage(on).filter(stage__in=OPEN)
    found = cases.select_related("member__organisation", "edition").defer("edition__text")
    return found.order_by("clock_ends", "opened_at", "pk")


def step_names() -> dict[tuple[str, str], str]:
    """Return the names of all steps of all ladders: (edition, step) → name."""
    return {
        (document.code, step.code): step.name
        for document in rulebooks.adopted_documents()
        for ladder in document.ladders
        for step in ladder.steps
    }


def provisional_breaches(user: User) -> QuerySet[Breach]:
    """Return the breaches that wait for the member's word or an officer's, the oldest first."""
    found = Breach.objects.visible_to(user).filter(status=Breach.Status.PROVISIONAL)
    return found.select_related("member__organisation", "edition").order_by("raised_on", "pk")


def steps_due(user: User, *, on: date) -> int:
    """Return how many steps the rules propose that no case has taken up."""
    return suspensions.steps_due(user, on=on).count()


def breaches_without_case(user: User) -> QuerySet[Breach]:
    """Return the confirmed breaches on which no case stands yet."""
    return Breach.objects.visible_to(user).filter(status=Breach.Status.CONFIRMED, case=None)


@dataclass(frozen=True, slots=True)
class Correction:
    """The time in which a member may correct the facts of a breach."""

    last_day: date
    runs: bool


def corrections(breaches: Iterable[Breach], *, on: date) -> dict[tuple[int, str], Correction]:
    """Return the time to correct facts of each breach: (member, key) → time."""
    concerned = {breach.member_id for breach in breaches}
    spans = Span.objects.of(Kind.CLOCK).filter(member__in=concerned, state="running")
    rows = spans.filter(key__startswith="correction:", until_on__isnull=False)
    return {
        (row.member_id, row.key.partition(":")[2]): Correction(row.last_day, row.last_day >= on)
        for row in rows
    }


def breach_title(breach: Breach) -> str:
    """Return what a breach is called, and what it is about."""
    return reading.hit(breach.key, breach.edition.document)


def last_decisions(user: User) -> QuerySet[Decision]:
    """Return the last decisions that bodies took, as far as ``user`` may read them."""
    found = Decision.objects.visible_to(user).select_related("body", "member__organisation")
    return found.order_by("-taken_on", "-pk")[:SHOWN]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody of the staff, as numbers."""

    letters: int
    applications: int
    to_carry_out: int
    own_targets: int
    class_requests: list[ClassRequest]
    runs_running: int
    runs: list[ScoreRun]
    contests: int
    unreachable: int
    alone: int
    standing: dict[str, int]


def waiting(user: User, *, on: date) -> Waiting:
    """Return what waits for the secretariat, and how the members stand."""
    runs = ScoreRun.objects.visible_to(user).select_related("period")
    provisional = runs.filter(status=ScoreRun.Status.PROVISIONAL, finished_at__isnull=False)
    return Waiting(
        letters=Letter.objects.visible_to(user).filter(status=Letter.Status.HELD).count(),
        applications=_undecided(user),
        to_carry_out=governance.to_carry_out(user).count(),
        own_targets=MemberTarget.objects.visible_to(user).waiting().count(),
        class_requests=_class_requests(user),
        runs_running=runs.running().count(),
        runs=list(_to_publish(provisional)),
        contests=Contest.objects.visible_to(user).open().count(),
        unreachable=members.unreachable(user, on=on).count(),
        alone=_alone(user, on),
        standing=members.counts_by_standing(user, on=on),
    )


def _undecided(user: User) -> int:
    """How many applications and appeals no decision is recorded on."""
    rows = Application.objects.visible_to(user).undecided().distinct()
    recorded = governance.to_carry_out(user).values("application")
    return rows.exclude(pk__in=recorded).count()


def _class_requests(user: User) -> list[ClassRequest]:
    """The requests for another class that nobody has answered, the oldest first."""
    rows = ClassRequest.objects.visible_to(user).open().select_related("member__organisation")
    return list(rows.order_by("asked_at", "pk"))


def _alone(user: User, on: date) -> int:
    """How many members nobody acts for, where that is another thing than a contact's being lost."""
    edition = rulebooks.current_document(on)
    if edition is None or edition.belonging.main_contact is None:
        return 0
    return members.without_anybody_acting(user, on=on).count()


def _to_publish(runs: QuerySet[ScoreRun]) -> list[ScoreRun]:
    """The newest provisional run of each period that no later run has overtaken."""
    newest = {}
    for run in runs.order_by("pk"):
        newest[run.period_id] = run
    overtaken = ScoreRun.objects.filter(
        period__in=newest, status=ScoreRun.Status.PUBLISHED
    ).values_list("period", "pk")
    for period, pk in overtaken:
        if period in newest and newest[period].pk < pk:
            del newest[period]
    return sorted(newest.values(), key=lambda run: run.pk)
