"""What of a member's scores stands, and what it would be now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from kpis.models import Scorecard, ScoreRun
from kpis.rules import frames, stored
from kpis.selectors.alone import laid_alone
from kpis.selectors.beside import scored_inputs
from kpis.selectors.copying import rows
from members.models import Member
from rulebooks.models import Edition
from rulebooks.rules import edition as rules
from targets.models import Period

COUNTING = """
select c.id, c.run_id, c.digest, c.fingerprint
from kpis_scorecard c join kpis_scorerun r on r.id = c.run_id
where c.member_id = %(member)s and c.period_id = %(period)s
    and (c.run_id = %(run)s or r.status = %(published)s)
order by c.run_id desc limit 1
"""


class Stands(NamedTuple):
    """A card without its content."""

    pk: int
    run: int
    digest: str
    fingerprint: str


def card_that_counts(run: ScoreRun, member: Member) -> Stands | None:
    """Return the member's card of ``run``, or its newest published one where the run has none.

    ``run`` is the newest one of its period that counts.
    """
    given = {"member": member.pk, "period": run.period_id, "run": run.pk}
    published = ScoreRun.Status.PUBLISHED.value
    for pk, of_run, *prints in rows(COUNTING, given | {"published": published}):
        return Stands(int(pk), int(of_run), *prints)
    return None


def cohort_beside(card: Scorecard, *, at: datetime | None = None) -> Mapping[str, Mapping]:
    """Return the cohort numbers that hold for a card, by word and member.

    Of a published card that stands they are those of the last run published (by ``at``): what
    corrects another member may move its rank. Of a correction that is not settled they are those
    of what it corrects.
    """
    if card.run.status != ScoreRun.Status.PUBLISHED:
        stands = card.run if card.run.settled else card.run.corrects or card.run
        return stands.cohort  # a correction that is not settled has none of its own yet
    runs = ScoreRun.objects.filter(period=card.period_id, status=ScoreRun.Status.PUBLISHED)
    known = runs.filter(published_at__lte=at) if at else runs
    later = known.filter(pk__gt=card.run_id, edition=card.edition_id)
    if later.filter(cards__member=card.member_id).exists():
        return card.run.cohort  # it was corrected itself, and stays as it was
    last = later.order_by("-pk").first()
    return last.cohort if last else card.run.cohort


def score_now(member: Member, period: Period) -> stored.Stored:
    """Return what ``member`` would score on what is filed and verified now. Nothing is stored."""
    return scored_now(member, period, period.edition)[1]


def scored_now(
    member: Member, period: Period, edition: Edition
) -> tuple[int | None, stored.Stored]:
    """Return the return of ``member`` that counts now, and what it scores under ``edition``.

    It goes the way of a run of all members.
    """
    if frames.suits(edition.document):
        laid, of_return = laid_alone(member, period=period)
        made = frames.score(edition.document, edition.sha256, laid)
        if not made.by_hand:
            return of_return, made.alone()
    found = scored_inputs([member.pk], period=period, members={member.pk: member})
    effective, given = found[member.pk]
    return effective.of_return, stored.score(edition.document, edition.sha256, [given])[0]


def places_in_cohort(edition: rules.Edition, card: Scorecard) -> list[tuple[str, int | None, int]]:
    """Return code, value and number of members compared for each cohort word of the card's run."""
    cohort = cohort_beside(card)
    return [
        (word.code, held.get(card.content.member), sum(v is not None for v in held.values()))
        for word in edition.cohort
        for held in [cohort.get(word.code, {})]
    ]
