"""Questions about runs and scorecards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

import polars as pl
from django.db.models import Count, QuerySet

from kpis.models import Evidence, Return, Scorecard, ScoreRun, Shard
from kpis.rules import problems as problems_of
from kpis.rules import scoring, stored
from kpis.rules.frames import reading as on_cards
from kpis.rules.grounds import alone
from kpis.rules.receipts import ReceiptLine, assured, grounds, receipt
from kpis.rules.shortfalls import Shortfall, shortfall
from kpis.selectors.copying import read
from ledger.rules import merkle_root
from members.models import Span
from rulebooks.models import Edition
from rulebooks.rules import edition as rules
from rulebooks.rules.bands import Band
from rulebooks.rules.indicators import Confidentiality
from rulebooks.rules.obligations import ReturnObligation
from rulebooks.rules.timeline.changes import Kind
from targets.models import Period

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run comes to once every card is there."""

    members: int
    fingerprint: str
    root: str
    cohort: dict[str, dict[str, int | str | None]]


def members_to_score(period: Period, *, on: date) -> list[int]:
    """Return, in order, the members who owe a return for ``period`` by ``on``, or filed one."""
    duties = period.edition.document.obligations
    keys = [f"{d.code}:{period.code}" for d in duties if isinstance(d, ReturnObligation)]
    owing = Span.objects.of(Kind.OBLIGATION).filter(key__in=keys, from_on__lte=on)
    filed = Return.objects.filed().filter(period=period)
    return sorted(
        {*owing.values_list("member", flat=True), *filed.values_list("member", flat=True)}
    )


def open_shards(run_id: int) -> list[int]:
    """Return the numbers of the shards that a run waits for, first to last.

    A run that is not going on waits for none.
    """
    going_on = ScoreRun.objects.running().filter(pk=run_id).exists()
    return unfinished_shards(run_id) if going_on else []


def unfinished_shards(run_id: int) -> list[int]:
    """Return the numbers of the shards of a run that are not done, first to last."""
    shards = Shard.objects.filter(run=run_id, done_at=None).order_by("number")
    return list(shards.values_list("number", flat=True))


CARDS = """
select m.code, c.fingerprint, c.digest, c.total, {card} from kpis_scorecard c
join members_member m on m.id = c.member_id where c.run_id = %(run)s order by m.code
"""
CORRECTED = """
select m.code, null, null, c.total, {card} from (
    select distinct on (c.member_id) c.member_id, c.total, c.card
    from kpis_scorecard c join kpis_scorerun r on r.id = c.run_id
    where r.period_id = %(period)s and (r.status = 'published' or r.id = %(run)s)
    order by c.member_id, r.id desc
) c join members_member m on m.id = c.member_id order by m.code
"""
OF_CARDS = dict.fromkeys(("code", "fingerprint", "digest", "total", "card"), pl.String)


def outcome_of_run(run: ScoreRun) -> Outcome:
    """Return what the stored cards of ``run`` come to, in the order of member codes.

    A run that corrects some cards is compared with all others as published.
    """
    edition = run.edition.document
    own = _cards(CARDS, run)
    compared = own
    if edition.cohort and run.corrects_id is not None:
        compared = _cards(CORRECTED, run)
    return Outcome(
        members=own.height,
        fingerprint=on_cards.fingerprint_of_run(
            run.edition.sha256, own["code"], own["fingerprint"]
        ),
        root=merkle_root(map(bytes.fromhex, own["digest"])),
        cohort=_cohort(edition, compared),
    )


def _cards(query: str, run: ScoreRun) -> pl.DataFrame:
    """Return what stands in the rows of cards, in the order of codes.

    The cards themselves are read only where a word is not about the total, which stands beside.
    """
    edition = run.edition.document
    needed = any(word.of != edition.scoring.total for word in edition.cohort)
    asked = query.format(card="c.card" if needed else "null")
    return read(asked, {"run": run.pk, "period": run.period_id}, OF_CARDS)


def _cohort(edition: rules.Edition, cards: pl.DataFrame) -> dict[str, dict[str, int | str | None]]:
    """Return what each word of the edition gives each member."""
    codes, places = cards["code"].to_list(), {}
    for word in edition.cohort:
        of_total = word.of == edition.scoring.total
        held = cards["total"] if of_total else on_cards.lines(cards["card"], word.of)
        places[word.code] = dict(zip(codes, on_cards.places(word, held).to_list(), strict=True))
    return places


def rescored(run: ScoreRun) -> Iterator[tuple[Scorecard, stored.Stored]]:
    """Yield each card of ``run`` beside what its stored inputs give today."""
    cards = run.cards.select_related("member").order_by("pk").iterator(CHUNK)
    while batch := list(islice(cards, CHUNK)):
        rows = [(card.card, card.inputs) for card in batch]
        again = stored.again(run.edition.document, run.edition.sha256, rows)
        yield from zip(batch, again, strict=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """A card as one reader may see it: the receipt, every ground, and what could not be scored.

    ``alone`` is what the number alone would have given, empty where that is what counts;
    ``assured`` says how much of it was checked, ``shortfall`` what kept it from the next band.
    """

    receipt: list[ReceiptLine]
    grounds: list[ReceiptLine]
    problems: dict[str, str]
    problems_hidden: int
    hidden: int
    alone: str
    assured: list[ReceiptLine]
    shortfall: Shortfall | None


def reading(
    edition: rules.Edition,
    card: str,
    inputs: str,
    *,
    allowed: Collection[Confidentiality],
    of_return: int | None = None,
) -> Reading:
    """Return a stored card for a reader who may see answers of the ``allowed`` classes.

    With ``of_return``, the return that was scored, each line names the evidence behind its answer.
    """
    problems = stored.read_problems(inputs)
    seen = problems_of.seen(problems, edition.tree.kpis, allowed)
    answers = stored.scorable(edition.tree.kpis, stored.read(inputs)).inputs
    shown = scoring.Card.read(card)
    trace = problems_of.told(scoring.trace(edition, shown, answers), problems)
    lines = scoring.redact(trace, allowed)
    return Reading(
        receipt=receipt(edition, lines, _evidence(edition, of_return, allowed)),
        grounds=grounds(edition, lines),
        problems=seen,
        problems_hidden=len(problems) - len(seen),
        hidden=sum(line.kind == "withheld" and line.code != line.node for line in lines),
        alone=alone(edition, shown),
        assured=assured(lines),
        shortfall=shortfall(edition, shown, answers, allowed=allowed),
    )


def _evidence(
    edition: rules.Edition, of_return: int | None, allowed: Collection[Confidentiality]
) -> dict[str, tuple[str, ...]]:
    """Return the hashes of the files of a return by KPI; what may not be seen is not selected."""
    if of_return is None:
        return {}
    seen = [kpi.code for kpi in edition.kpis if kpi.confidentiality in allowed]
    rows = Evidence.objects.filter(of_return=of_return, kpi__in=seen).order_by("kpi", "pk")
    found: dict[str, tuple[str, ...]] = {}
    for kpi, sha256 in rows.values_list("kpi", "sha256"):
        found[kpi] = (*found.get(kpi, ()), sha256)
    return found


def by_band(run: ScoreRun) -> list[BandCount]:
    """Return how many cards of a run are in each band of the edition, and in none, in its order."""
    counts = dict(run.cards.values_list("band").annotate(Count("pk")).order_by("band"))
    bands = run.edition.document.bands
    rows = [(b.code, b.label, b.status) for b in (bands.bands if bands else ())]
    if counts.get(""):
        rows.append(("", "Not in a band", "none"))
    total = sum(counts.values())
    return [
        BandCount(code, label, status, count := counts.get(code, 0), percent(count, total))
        for code, label, status in rows
    ]


@dataclass(frozen=True, slots=True)
class BandCount:
    """A band and how many cards are in it, also in percent of all, cut to a whole number."""

    code: str
    label: str
    status: str
    count: int
    percent: int


def percent(count: int, total: int) -> int:
    """Return ``count`` in percent of ``total``, cut to a whole number; 0 of none is 0."""
    return count * 100 // total if total else 0


def bands_of(cards: QuerySet[Scorecard]) -> list[tuple[str, str, int]]:
    """Return code, label and count of each band among ``cards``, most cards first."""
    rows = cards.order_by().values_list("band", "edition").annotate(count=Count("pk"))
    editions = Edition.objects.in_bulk({edition for _, edition, _ in rows})
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for code, edition, count in rows:
        bands = editions[edition].document.bands
        labels |= {band.code: band.label for band in (bands.bands if bands else ())}
        counts[code] += count
    ordered = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return [(code, labels.get(code, code), count) for code, count in ordered if code]


def no_total(edition: rules.Edition, card: scoring.Card) -> str:
    """Return in words why a card has no total: what is stated in its place."""
    line = card.line(edition.scoring.total) if edition.scoring.total else None
    return line.outcome.replace("_", " ") if line and line.outcome else "no number"


@dataclass(frozen=True, slots=True)
class BandBeside:
    """A band of the edition, and whether a card is in it."""

    band: Band
    here: bool


def bands_beside(edition: rules.Edition, card: scoring.Card) -> list[BandBeside]:
    """Return the bands of ``edition``, the highest first, beside where ``card`` is."""
    bands = edition.bands.lowest_first()[::-1] if edition.bands else ()
    return [BandBeside(band, here=band.code == card.band) for band in bands]


def standing_beside(cards: QuerySet[Scorecard], card: Scorecard) -> Scorecard | None:
    """Return the card, among those visible, that came in the place of a published ``card``."""
    same = cards.published().filter(member=card.member, period=card.period, run__gt=card.run)
    return same.select_related("run").order_by("-run").first()


def published_before(run: ScoreRun) -> ScoreRun | None:
    """Return the run of the same period that was published last before ``run``."""
    return _published(run).filter(pk__lt=run.pk).order_by("-pk").first()


def published_after(run: ScoreRun) -> ScoreRun | None:
    """Return the run of the same period that was published first after ``run``."""
    return _published(run).filter(pk__gt=run.pk).order_by("pk").first()


def _published(run: ScoreRun) -> QuerySet[ScoreRun]:
    return ScoreRun.objects.filter(period=run.period, status=ScoreRun.Status.PUBLISHED)
