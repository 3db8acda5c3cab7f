"""One scoring run that is struck, and what it came to."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections, transaction
from django.db.models import Max, Min
from django.utils import timezone

from accounts.selectors import system_user
from kpis import services
from kpis import tasks as kpis
from kpis.models import Scorecard, ScoreRun, Shard
from ledger.models import Entry
from ledger.selectors import damaged_entries
from members import tasks as members
from members.models import Letter, LetterTemplate, Member
from members.rules import Mode
from msi_platform.bench.world import ON
from targets.models import Period

LETTERS = 20  # that leave during each run
SWEEP = 2.0  # seconds between two looks
LONGEST = 600.0  # seconds that a run may take
CONTENT = """
select md5(string_agg(md5(c.card || c.inputs), '' order by m.code))
from kpis_scorecard c join members_member m on m.id = c.member_id where c.run_id = %s
"""


@dataclass(frozen=True, slots=True)
class Came:
    """What a run came to: its content by hash, what is missing, and what was done twice.

    ``hit`` says whether it was struck after its first and before its last shard was done.
    """

    content: tuple[str, str, str]
    hit: bool
    lost: int
    doubled: int
    mails_again: int


def run_once(
    period: Period, *, shard: int, strike: Callable[[], None] | None, at: int, note: int
) -> Came:
    """Score ``period`` once with the workers that are there, and strike while shard ``at`` is held.

    ``note`` numbers the run; letters of it leave meanwhile.
    """
    run = services.start_run(period=period, by=system_user(), on=ON, shard=shard)
    _queue_letters(note)
    struck_at: datetime | None = None
    swept, deadline = 0.0, time.monotonic() + LONGEST
    while not _is_over(run, note):
        if strike is not None and struck_at is None and _is_reached(run, at):
            struck_at = timezone.now()
            strike()
        if time.monotonic() - swept > SWEEP:
            _sweep()
            swept = time.monotonic()
        if time.monotonic() > deadline:
            raise RuntimeError(f"run {run.pk} does not end")
        time.sleep(0.005)
    return _came(run, note, struck_at)


def _sweep() -> None:
    """Say "look" again, as the scheduler does; nobody may be there to hear it."""
    for look in (kpis.look_at_runs, members.send_letters):
        try:
            look.apply_async(expires=5, retry=False)
        except Exception:  # whatever a broker that is away raises, the next sweep says it again
            return


def _is_over(run: ScoreRun, note: int) -> bool:
    try:
        running = ScoreRun.objects.running().filter(pk=run.pk).exists()
        waiting = Letter.objects.filter(key__startswith=f"fault:{note}:").exclude(status="sent")
        return not running and not waiting.exists()
    except (OperationalError, InterfaceError):
        connections.close_all()
        return False


def _is_reached(run: ScoreRun, at: int) -> bool:
    """Return whether a worker holds the shard, or has done it."""
    with transaction.atomic():
        one = Shard.objects.filter(run=run, number=at, done_at=None)
        return not one.select_for_update(skip_locked=True).exists()


def _queue_letters(note: int) -> None:
    """Put letters into the outbox that leave by themselves."""
    template, _ = LetterTemplate.objects.get_or_create(code="fault", mode=Mode.AUTOMATIC)
    now, to = timezone.now(), system_user()
    Letter.objects.bulk_create(
        Letter(
            key=f"fault:{note}:{number}",
            member=member,
            to=to,
            template=template,
            subject=f"Letter {number} of run {note}",
            body="Sent while a run was struck.\n",
            status=Letter.Status.RELEASED,
            queued_at=now,
        )
        for number, member in enumerate(Member.objects.order_by("pk")[:LETTERS])
    )


def _came(run: ScoreRun, note: int, struck_at: datetime | None) -> Came:
    run.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute(CONTENT, [run.pk])
        [content] = cursor.fetchone()
    done = run.shards.aggregate(first=Min("done_at"), last=Max("done_at"))
    hit = struck_at is not None and done["first"] < struck_at < done["last"]
    wanted = Counter(pk for ids in run.shards.values_list("member_ids", flat=True) for pk in ids)
    found = Counter(Scorecard.objects.filter(run=run).values_list("member", flat=True))
    finished = Entry.objects.filter(event="kpis.run.finished", subject=f"kpis.ScoreRun:{run.pk}")
    mails = _mails(note)
    lost = (wanted - found).total() + (LETTERS - len(mails)) + len(list(damaged_entries()))
    lost += run.shards.filter(done_at=None).count()
    doubled = (found - wanted).total() + abs(finished.count() - 1)
    doubled += Letter.objects.filter(key__startswith=f"fault:{note}:").count() - LETTERS
    return Came((run.root, run.fingerprint, content), hit, lost, doubled, mails.total() - LETTERS)


def _mails(note: int) -> Counter[str]:
    """Return how often each letter of a run was handed to the mail server, by Message-ID."""
    found: Counter[str] = Counter()
    for file in settings.EMAIL_FILE_PATH.glob("*"):
        for raw in file.read_bytes().split(b"-" * 79 + b"\n"):
            message = message_from_bytes(raw)
            if f"of run {note}" == str(message["Subject"])[-len(f"of run {note}") :]:
                found[str(message["Message-ID"])] += 1
    return found
