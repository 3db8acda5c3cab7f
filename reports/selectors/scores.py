"""What a member answered, what auditors made of it, and the score that was published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from kpis.models import Evidence, Return, Scorecard, Value, Verification
from kpis.rules import scoring, stored
from kpis.rules.confidentiality import SEEN_BY
from kpis.rules.grounds import alone
from kpis.rules.marks import WITH_VALUE
from kpis.rules.reading import words as in_words
from kpis.rules.shortfalls import shortfall
from kpis.selectors import cohort_beside
from members.models import Member
from reports.rules import words
from reports.rules.answers import (
    Band,
    File,
    Filing,
    Ground,
    Line,
    Mark,
    Past,
    Rank,
    Receipt,
    Reply,
    Score,
    nameless,
    withheld,
)
from reports.rules.parts import Named, Reader
from rulebooks import selectors as rulebooks
from rulebooks.rules.answers import MISSING, Answer, State
from rulebooks.rules.continuity import numbers_compare
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi
from targets.models import Period

STATES = {
    State.MISSING: "not answered",
    State.UNKNOWN: "not known",
    State.NOT_APPLICABLE: "does not apply",
    State.NOT_ENOUGH_DATA: "not enough data",
}


def counting_return(member: Member, period: Period, *, at: datetime) -> Return | None:
    """Return the newest version that had been filed by ``at``, None when there is none."""
    filed = Return.objects.filed().filter(member=member, period=period, filed_at__lte=at)
    return filed.select_related("filed_by").order_by("-version").first()


def filing(row: Return) -> Filing:
    return Filing(
        version=row.version,
        submitted_at=row.submitted_at,
        filed_at=row.filed_at,
        filed_by=row.filed_by.name,
        reason=row.reason,
    )


def replies(
    of: Return | None, edition: Edition, reader: Reader, *, at: datetime
) -> Iterator[Reply]:
    """Yield the answer to each KPI with the auditor's latest word, or that it is withheld.

    Answers that the reader may not see are not selected.
    """
    seen = [kpi.code for kpi in edition.kpis if kpi.confidentiality in reader.allowed]
    rows = Value.objects.filter(of_return=of, kpi__in=seen) if of else Value.objects.none()
    values = {row.kpi: row for row in rows}
    marks = _marks(list(values.values()), at=at)
    for kpi in edition.kpis:
        row = values.get(kpi.code)
        reply = Reply(
            kpi=Named(kpi.code, kpi.title, kpi.clause),
            unit=kpi.unit,
            requirement=kpi.requirement,
            confidentiality=kpi.confidentiality,
            state=row.state if row else State.MISSING.value,
            said=said(kpi, row.answer if row else MISSING),
            note=row.note if row else "",
            mark=_mark(kpi, marks[row.pk]) if row and row.pk in marks else None,
        )
        yield (
            reply
            if kpi.code in seen
            else withheld(reply, f"seen by {SEEN_BY[kpi.confidentiality]}")
        )


def _marks(values: Sequence[Value], *, at: datetime) -> dict[int, Verification]:
    if not values:
        return {}
    known = Verification.objects.filter(value__in=values, marked_at__lte=at)
    return {row.value_id: row for row in known.latest().select_related("marked_by")}


def _mark(kpi: Kpi, row: Verification) -> Mark:
    label, kind = words.state(row.outcome)
    return Mark(
        outcome=row.outcome,
        words=label,
        kind=kind,
        said=said(kpi, row.answer) if row.outcome in WITH_VALUE else "",
        reason=row.reason,
        at=row.marked_at,
        by=row.marked_by.name,
    )


def said(kpi: Kpi, answer: Answer) -> str:
    """Return an answer in words and figures, with its unit."""
    if answer.state is not State.ANSWERED:
        return STATES[answer.state]
    in_unit = answer.number is not None and not answer.labels  # an amount names its currency
    return f"{in_words(answer)} {kpi.unit}" if in_unit else in_words(answer)


def evidence(
    of: Return | None, edition: Edition, reader: Reader, *, at: datetime
) -> Iterator[File]:
    """Yield the files of a return; without a name where the reader may not see the KPI."""
    if of is None:
        return
    kpis = {kpi.code: kpi for kpi in edition.kpis}
    rows = Evidence.objects.filter(of_return=of, received_at__lte=at).order_by("kpi", "pk")
    order = {code: place for place, code in enumerate(kpis)}
    for row in sorted(rows, key=lambda row: (order.get(row.kpi, len(order)), row.pk)):
        kpi = kpis.get(row.kpi)
        file = File(
            kpi=Named(row.kpi, kpi.title if kpi else row.kpi, kpi.clause if kpi else ""),
            sha256=row.sha256,
            size=row.size,
            media_type=row.media_type,
            covers_from=row.covers_from,
            covers_until=row.covers_until,
            received_at=row.received_at,
            name=row.name,
        )
        yield file if kpi and kpi.confidentiality in reader.allowed else nameless(file)


def published_card(member: Member, period: Period, *, at: datetime) -> Scorecard | None:
    """Return the card of the run that was published last by ``at``, None when there is none."""
    cards = Scorecard.objects.published().filter(
        member=member, period=period, run__published_at__lte=at
    )
    found = cards.select_related("run", "edition", "of_return")
    return found.order_by("-run__published_at", "-run").first()


def score(row: Scorecard, reader: Reader, *, at: datetime) -> Score:
    """Return a stored card as the reader may see it, with the receipt of each node."""
    edition, card = row.edition.document, scoring.Card.read(row.card)
    inputs = stored.scorable(edition.tree.kpis, stored.read(row.inputs)).inputs
    shown = scoring.redact(scoring.trace(edition, card, inputs), reader.allowed)
    band = _band(edition, card.band)
    scored = edition.scoring
    return Score(
        total=card.total,
        node=_node(edition, scored.total) if scored.total else None,
        band=band,
        bands=tuple(_bands(edition)),
        verdict=card.verdict or "",
        verdict_clause=edition.node(scored.verdict).clause if scored.verdict else "",
        grounds=tuple(_grounds(edition, card, shown, band)),
        ranks=tuple(_ranks(edition, row, at)),
        receipts=tuple(_receipts(edition, card, shown)),
        shortfall=shortfall(edition, card, inputs, allowed=reader.allowed),
        published_at=row.run.published_at,
        run=row.run_id,
        version=row.of_return.version if row.of_return else None,
        fingerprint=row.fingerprint,
        digest=row.digest,
        root=row.run.root,
    )


def _node(edition: Edition, code: str) -> Named:
    node = edition.node(code)
    return Named(node.code, node.title, node.clause)


def _bands(edition: Edition) -> Iterator[Band]:
    for band in edition.bands.bands if edition.bands else ():
        low, high = band.low and band.low.at, band.high and band.high.at
        status, clause = band.status, band.clause
        yield Band(band.code, band.label, status, clause, low, high, band.in_words())


def _band(edition: Edition, code: str | None) -> Band | None:
    return next((band for band in _bands(edition) if band.code == code), None)


def _grounds(
    edition: Edition, card: scoring.Card, shown: Sequence[scoring.TraceLine], band: Band | None
) -> Iterator[Ground]:
    """Yield every ground that fired: for the band, the verdict, each knock-out and each cap."""
    if band and not (card.knock_outs or card.grounds):
        yield Ground(f"{_node(edition, edition.bands.of).name}: {_limits(band)}", band.clause)
    if card.verdict and edition.scoring.verdict:
        node = _node(edition, edition.scoring.verdict)
        yield Ground(f"{node.name}: {card.verdict}", node.clause)
    for line in shown:
        if line.node is None and line.kind != "band":
            yield Ground(f"{line.title}: {line.says}", line.clause or "")
    if by_number := alone(edition, card):
        yield Ground(f"The number alone would have given: {by_number}", "")


def _limits(band: Band) -> str:
    every = band.from_ is None and band.below is None
    return f"{'every number' if every else band.numbers} is {band.label}"


def _ranks(edition: Edition, row: Scorecard, at: datetime) -> Iterator[Rank]:
    cohort = cohort_beside(row, at=at)
    for word in edition.cohort:
        places = cohort.get(word.code, {})
        if row.member.code in places:
            ranked = sum(place is not None for place in places.values())
            yield Rank(word.code, places[row.member.code], ranked, word.clause)


def _receipts(
    edition: Edition, card: scoring.Card, shown: Sequence[scoring.TraceLine]
) -> Iterator[Receipt]:
    for node in edition.scoring.nodes:
        lines = [_line(line) for line in shown if line.node == node.code and line.kind != "node"]
        yield Receipt(
            Named(node.code, node.title, node.clause),
            words.OPERATORS.get(node.op, node.op.replace("_", " ")),
            card.line(node.code).published,
            tuple(lines),
        )


def _line(line: scoring.TraceLine) -> Line:
    says = line.says
    if line.kind == "rounding":
        mode, _, step = line.says.partition(" to ")
        says = f"{words.MODES.get(mode, mode)}, to steps of {step}"
    return Line(
        kind="input" if line.kind in ("attribute", "site") else line.kind,
        code=line.code,
        title=line.title,
        clause=line.clause or "",
        says=says,
        number=None if line.number is None else words.fraction(line.number),
        weight=None if line.weight is None else words.fraction(line.weight),
    )


def past(member: Member, edition: Edition, *, until: Period, at: datetime) -> Iterator[Past]:
    """Yield the published totals up to a period, oldest first: those that can be compared."""
    cards = Scorecard.objects.published().filter(
        member=member, run__published_at__lte=at, period__about_until__lte=until.about_until
    )
    rows = cards.select_related("period", "edition").order_by(
        "period", "-run__published_at", "-run"
    )
    newest = sorted(rows.distinct("period"), key=lambda row: row.period.about_until)
    editions, total = rulebooks.adopted_documents(), edition.scoring.total
    for row in newest:
        before = row.edition.document
        if before.scoring.total == total and (
            total is None or numbers_compare(editions, total, before=before, after=edition)
        ):
            yield Past(row.period.code, scoring.Card.read(row.card).total)
