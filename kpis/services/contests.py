"""Provisional scores shown to their members, contested, and answered, before they are published."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from kpis import events, selectors
from kpis.models import Contest, ScoreRun
from ledger import services as ledger
from members import access
from members.models import Member

LONGEST = 10_000  # characters of reasons


class CannotShow(ValueError):
    """The run cannot be shown to members; the message says why."""


class CannotContest(ValueError):
    """There is nothing to contest, or not now; the message says why."""


@transaction.atomic
def show_run(*, run_id: int, by: User, on: date) -> ScoreRun:
    """Show a provisional run to its members, who may contest it in the edition's time.

    The time runs from ``on``; the members are told by the reaction to the recorded event.

    :raises PermissionDenied: ``by`` may not publish scores.
    :raises CannotShow: the run is going on, was shown or published, or its edition knows no
        contest of scores.
    """
    access.require(by, Permission.SCORE_PUBLISH)
    run = _locked(run_id, by)
    edition = run.edition.document
    window = edition.scoring.contest
    if run.status == ScoreRun.Status.RUNNING:
        raise CannotShow(f"run {run.pk} is going on; it can be shown when all are scored")
    if run.status != ScoreRun.Status.PROVISIONAL:
        raise CannotShow(f"run {run.pk} is {run.get_status_display().lower()}")
    if window is None:
        raise CannotShow(f"edition {edition.code} gives no time to contest scores")
    if run.shown_on is not None:
        raise CannotShow(f"run {run.pk} was shown on {run.shown_on}")
    run.shown_on = on
    run.contest_until = window.until(on, holidays=edition.closed_days)
    run.save(update_fields=["shown_on", "contest_until"])
    event = events.RunShown(
        period=run.period.code, edition=edition.code, contest_until=run.contest_until
    )
    ledger.record(event, subject=run, actor=by, on=on)
    return run


@transaction.atomic
def contest_score(
    *, run_id: int, member: Member, of: str, reasons: str, by: User, on: date
) -> Contest:
    """Contest a part of the member's provisional card, or with ``of`` empty all of it.

    :raises PermissionDenied: ``by`` does not act for the member.
    :raises ScoreRun.DoesNotExist: the run has no card of the member that ``by`` can see.
    :raises CannotContest: the time is over or has not begun, there is no such part, no reason is
        given, or the same part is contested already.
    """
    access.require(by, Permission.SCORE_CONTEST, member=member)
    run = _shared(run_id, member, by)
    card = run.cards.visible_to(by).get(member=member)
    _require_open(run, selectors.contest_until(run, member), on)
    said = reasons.strip()
    if not said:
        raise CannotContest("say what is wrong, and by which evidence it shows")
    if len(said) > LONGEST:
        raise CannotContest(f"the reasons have {len(said)} characters; {LONGEST} are allowed")
    _require_part(run, of)
    contest = Contest(
        run=run,
        member=member,
        digest=card.digest,
        of=of,
        reasons=said,
        filed_on=on,
        filed_at=timezone.now(),
        filed_by=by,
    )
    try:
        with transaction.atomic():
            contest.save(force_insert=True)
    except IntegrityError:
        raise CannotContest(f"{contest.asks} is contested already and not yet answered") from None
    event = events.ScoreContested(**_codes(contest), digest=card.digest, of=of or None)
    ledger.record(event, subject=contest, actor=by, on=on)
    return contest


@transaction.atomic
def answer_contest(
    *, contest_id: int, outcome: Contest.Outcome, answer: str, by: User, on: date
) -> Contest:
    """Answer a contest: uphold it, so that the score is put right, or reject it; with reasons.

    :raises PermissionDenied: ``by`` may not answer contests.
    :raises CannotContest: it was answered or withdrawn, no reason is given, or the outcome is no
        answer.
    """
    access.require(by, Permission.CONTEST_ANSWER)
    contest = _open(contest_id, by)
    if outcome not in (Contest.Outcome.UPHELD, Contest.Outcome.REJECTED):
        raise CannotContest("a contest is upheld or rejected")
    if not answer.strip():
        raise CannotContest("say why; the member reads it")
    if len(answer.strip()) > LONGEST:
        raise CannotContest(f"the answer has more than the {LONGEST} characters allowed")
    _end(contest, outcome, answer.strip(), by)
    event = events.ContestAnswered(**_codes(contest), outcome=contest.outcome)
    ledger.record(event, subject=contest, actor=by, on=on)
    return contest


@transaction.atomic
def withdraw_contest(*, contest_id: int, by: User, on: date) -> Contest:
    """Take a contest back before it is answered.

    :raises PermissionDenied: ``by`` does not act for the member.
    :raises CannotContest: it was answered or withdrawn.
    """
    member = Contest.objects.visible_to(by).select_related("member").get(pk=contest_id).member
    access.require(by, Permission.SCORE_CONTEST, member=member)
    contest = _open(contest_id, by)
    _end(contest, Contest.Outcome.WITHDRAWN, "", by)
    event = events.ContestWithdrawn(**_codes(contest))
    ledger.record(event, subject=contest, actor=by, on=on)
    return contest


def _locked(run_id: int, by: User) -> ScoreRun:
    runs = ScoreRun.objects.visible_to(by).select_for_update(no_key=True, of=("self",))
    return runs.select_related("period", "edition").get(pk=run_id)


def _shared(run_id: int, member: Member, by: User) -> ScoreRun:
    """Lock the run against being published meanwhile; members contest beside one another."""
    cards = member.scorecards.visible_to(by).filter(run=run_id)
    runs = ScoreRun.objects.filter(pk__in=cards.values("run"))
    return (
        runs.select_for_update(no_key=True, of=("self",)).select_related("period", "edition").get()
    )


def _require_open(run: ScoreRun, until: date | None, on: date) -> None:
    if run.status == ScoreRun.Status.PUBLISHED:
        raise CannotContest("the score was published; what is wrong in it is now for a correction")
    if run.shown_on is None or until is None:
        raise CannotContest("the score has not been shown to members yet")
    if on > until:
        raise CannotContest(f"the time to contest it ended on {until}")


def _require_part(run: ScoreRun, of: str) -> None:
    tree = run.edition.document.tree
    if of and of not in tree.kpis and of not in tree.nodes:
        raise CannotContest(f"{of[:40]!r} is no part of the score; leave it empty for all of it")


def _open(contest_id: int, by: User) -> Contest:
    rows = Contest.objects.visible_to(by).select_for_update(of=("self",))
    contest = rows.select_related("member", "run__period", "run__edition").get(pk=contest_id)
    if contest.outcome:
        raise CannotContest(f"it is {contest.get_outcome_display().partition(':')[0].lower()}")
    return contest


def _end(contest: Contest, outcome: Contest.Outcome, answer: str, by: User) -> None:
    contest.outcome, contest.answer = outcome, answer
    contest.answered_at, contest.answered_by = timezone.now(), by
    contest.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])


def _codes(contest: Contest) -> dict[str, object]:
    return {
        "member": contest.member.code,
        "period": contest.run.period.code,
        "run": contest.run_id,
    }
