"""What follows, for members, from scores being shown and contests answered."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

from accounts.selectors import system_user
from kpis import selectors
from kpis.models import Contest, Return, ScoreRun
from kpis.services import aggregates as services
from kpis.services import rescoring
from kpis.services.aggregates import NotDrawn
from kpis.services.rescoring import NothingToRescore
from ledger.models import Entry
from members.models import Member
from members.services import letters

BATCH = 500


def tell_of_provisional_scores(entry: Entry) -> None:
    """Tell each member of a run that its provisional score can be read and contested."""
    run = ScoreRun.objects.select_related("period", "edition").get(pk=_number(entry))
    cards = run.cards.select_related("member__organisation").defer("card", "inputs")
    rows = cards.order_by("member").iterator(BATCH)
    while batch := list(islice(rows, BATCH)):
        occasions = [
            letters.Occasion(
                card.member,
                f"{run.pk}:{card.member.code}",
                {"run": run, "until": run.contest_until},
            )
            for card in batch
        ]
        letters.queue_many("score-provisional", occasions=occasions, on=entry.effective_on)


def tell_of_contest_answered(entry: Entry) -> None:
    """Tell a member what became of its contest."""
    rows = Contest.objects.select_related("member__organisation", "run__period", "run__edition")
    contest = rows.get(pk=_number(entry))
    letters.queue(
        "contest-answered",
        member=contest.member,
        key=f"{contest.pk}",
        on=entry.effective_on,
        context={"contest": contest},
    )


def draw_aggregates(entry: Entry) -> None:
    """Draw up how all members came out together; the table before stays where it has to."""
    with suppress(NotDrawn):
        services.draw_aggregates(run_id=_number(entry), by=system_user(), on=entry.effective_on)


def rescore_returned(entry: Entry) -> None:
    """Score the member of a return anew, which was filed or on whose values a word was said."""
    filed = Return.objects.select_related("member", "period").get(pk=_number(entry))
    with suppress(NothingToRescore):
        rescoring.rescore(
            period=filed.period, member=filed.member, by=system_user(), on=entry.effective_on
        )


def settle_rescored(entry: Entry) -> None:
    """Reckon again what a run comes to as a whole, and tell its member where it was shown."""
    run = rescoring.settle(run_id=_number(entry), by=system_user(), on=entry.effective_on)
    if run.shown_on is None:
        return
    member = Member.objects.select_related("organisation").get(code=entry.data["member"])
    letters.queue(
        "score-provisional",
        member=member,
        key=f"{run.pk}:{member.code}:{entry.pk}",
        on=entry.effective_on,
        context={"run": run, "until": selectors.contest_until(run, member)},
    )


def _number(entry: Entry) -> int:
    return int(entry.subject.rpartition(":")[2])
