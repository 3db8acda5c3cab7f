"""One member scored anew: a value was checked, corrected or came late.

It costs the same among ten members as among a hundred thousand: no statement reads more than what
is the member's. What the run comes to as a whole (its root, its ranks) is reckoned again by the
reaction to the recorded event, or when it is published.
"""

from __future__ import annotations

from dataclasses import astuple
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from kpis import events, selectors
from kpis.models import ScoreRun, Shard
from kpis.rules import stored
from ledger import services as ledger
from ledger.rules import merkle_root
from members import access
from members.models import Member
from rulebooks.models import Edition
from targets.models import Period

LIVE = (ScoreRun.Status.RUNNING, ScoreRun.Status.PROVISIONAL, ScoreRun.Status.PUBLISHED)
LOCK = "select * from targets_period where id = %s for no key update"
# Without its cohort, which is what it holds of all members.
NEWEST = """
select id, period_id, edition_id, status, started_at, started_by_id, finished_at, shown_on,
    contest_until, published_at, published_by_id, corrects_id, fingerprint, root, settled, told
from kpis_scorerun where period_id = %s and status = any(%s)
order by id desc limit 1 for no key update
"""
INSERT = """
insert into kpis_scorecard (member_id, of_return_id, run_id, period_id, edition_id, card, inputs,
    digest, fingerprint, total, band, verdict)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
# One way to the database and back: the old card is kept aside, and the run is no longer settled.
PUT_ASIDE = """
with old as (
    delete from kpis_scorecard where id = %(old)s
    returning member_id, run_id, card, inputs, digest, fingerprint
)
insert into kpis_replacedcard
    (member_id, run_id, card, inputs, digest, fingerprint, replaced_at, contest_until)
select old.*, %(at)s, %(until)s from old;
update kpis_scorerun set settled = false where id = %(run)s and settled
"""


class NothingToRescore(ValueError):
    """The member's score is what it would be now, or the period has not been scored."""


@transaction.atomic
def rescore(*, period: Period, member: Member, by: User, on: date) -> ScoreRun:
    """Score one member anew in the newest run of ``period``, and return the run.

    A provisional run gets the new card in the place of the old one, which is kept as a replaced
    card; once a run was shown, its member has the whole time to contest again. After a publication
    the new card is a run of its own, provisional, that corrects the published one. No other
    member's card moves.

    :raises PermissionDenied: ``by`` may not score.
    :raises NothingToRescore: the period was never scored, the member's inputs are the same, or its
        part of a running run has yet to be scored.
    """
    access.require(by, Permission.SCORE_RUN)
    run = _newest(period)
    if run is None:
        raise NothingToRescore(f"period {period.code} has not been scored")
    if run.status == ScoreRun.Status.RUNNING and not _is_scored(run, member):
        raise NothingToRescore(f"run {run.pk} has yet to score {member.code}")
    stands = selectors.card_that_counts(run, member)
    of_return, now = selectors.scored_now(member, run.period, run.edition)
    if stands and (now.fingerprint, now.digest) == (stands.fingerprint, stands.digest):
        raise NothingToRescore(f"{member.code} would score the same for {period.code}")
    if run.status == ScoreRun.Status.PUBLISHED:
        run = _begin_correction(run, member, now, by=by, on=on)
    else:
        _make_room(run, stands, on=on)
    _store(run, member, now, of_return)
    event = events.CardRescored(
        member=member.code,
        period=period.code,
        run=run.pk,
        before=stands and stands.digest,
        after=now.digest,
    )
    ledger.record(event, subject=run, actor=by, on=on)
    return run


def _newest(period: Period) -> ScoreRun | None:
    """Lock the period, and return its newest run that counts, without what it holds of all members.

    The period first, by itself: whoever waits for it then sees a run that was begun meanwhile.
    """
    [locked] = Period.objects.raw(LOCK, [period.pk])
    run = next(iter(ScoreRun.objects.raw(NEWEST, [period.pk, [*map(str, LIVE)]])), None)
    if run is not None:
        run.period, run.edition = locked, _edition(period, run.edition_id)
        locked.edition = run.edition  # it is scored by that, whatever edition governs it since
    return run


def _edition(period: Period, edition_id: int) -> Edition:
    """Return an edition, without its text where it is not at hand."""
    if period.edition_id == edition_id and Period.edition.is_cached(period):
        return period.edition
    return Edition.objects.defer("text").get(pk=edition_id)


def _is_scored(run: ScoreRun, member: Member) -> bool:
    """Wait until the member's shard is in nobody's hands, and return whether it is done."""
    shard = Shard.objects.select_for_update().filter(run=run, member_ids__contains=[member.pk])
    found = shard.defer("member_ids").first()
    return found is None or found.done_at is not None


def _make_room(run: ScoreRun, old: selectors.Stands | None, *, on: date) -> None:
    """Keep aside the card of a run that is not published, if there is one."""
    of_run = old is not None and old.run == run.pk
    window = run.edition.document.scoring.contest if of_run and run.shown_on else None
    until = window.until(on, holidays=run.edition.document.closed_days) if window else None
    given = {"old": old.pk if of_run else None, "run": run.pk, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(PUT_ASIDE, {**given, "at": timezone.now()})
    run.settled = False


def _store(run: ScoreRun, member: Member, made: stored.Stored, of_return: int | None) -> None:
    """Store the card of the member, in the transaction of ``rescore``: one statement."""
    of_run = (run.pk, run.period_id, run.edition_id)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, (member.pk, of_return, *of_run, *astuple(made)))


def _begin_correction(
    published: ScoreRun, member: Member, made: stored.Stored, *, by: User, on: date
) -> ScoreRun:
    """Begin a run of one member, which corrects the published one; ranks follow when it settles."""
    edition, now = published.edition, timezone.now()
    run = ScoreRun.objects.create(
        period=published.period,
        edition=edition,
        status=ScoreRun.Status.PROVISIONAL,
        started_at=now,
        started_by=by,
        finished_at=now,
        corrects=published,
        fingerprint=stored.fingerprint_of_run(edition.sha256, [(member.code, made.fingerprint)]),
        root=merkle_root([bytes.fromhex(made.digest)]),
        settled=False,
    )
    Shard.objects.create(run=run, number=1, member_ids=[member.pk], done_at=now)
    event = events.RunFinished(
        period=run.period.code,
        edition=edition.code,
        members=1,
        fingerprint=run.fingerprint,
        root=run.root,
    )
    ledger.record(event, subject=run, actor=by, on=on)
    return run


@transaction.atomic
def settle(*, run_id: int, by: User, on: date) -> ScoreRun:
    """Reckon again what a run comes to as a whole, after cards of it were replaced.

    Called when nothing has changed since, it changes nothing.

    :raises PermissionDenied: ``by`` may not score.
    """
    access.require(by, Permission.SCORE_RUN)
    runs = ScoreRun.objects.visible_to(by).select_for_update(no_key=True, of=("self",))
    run = runs.select_related("period", "edition").get(pk=run_id)
    if run.settled or run.status != ScoreRun.Status.PROVISIONAL:
        return run
    outcome = selectors.outcome_of_run(run)
    run.fingerprint, run.root, run.cohort = outcome.fingerprint, outcome.root, outcome.cohort
    run.settled = True
    run.save(update_fields=["fingerprint", "root", "cohort", "settled"])
    event = events.RunSettled(
        period=run.period.code,
        members=outcome.members,
        fingerprint=outcome.fingerprint,
        root=outcome.root,
    )
    ledger.record(event, subject=run, actor=by, on=on)
    return run
