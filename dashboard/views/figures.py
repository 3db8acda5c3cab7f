"""Charts of the home pages. The title of each says what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from dashboard.selectors import BandCount, Reporting
from kpis import selectors as kpis
from kpis.models import Aggregate, Scorecard, ScoreRun
from reports.rules.charts import Bar, Chart, Point, Target, bars
from reports.rules.charts import trend as draw_trend
from rulebooks import selectors as rulebooks
from rulebooks.rules.bands import Band
from rulebooks.rules.breaches import BelowBar
from rulebooks.rules.continuity import numbers_compare
from rulebooks.rules.reading import plain

FILING = (
    ("met", "Filed in time", "good"),
    ("met_late", "Filed late", "soon"),
    ("open", "Not yet filed", "none"),
    ("extended", "On an extension", "soon"),
    ("incomplete", "Incomplete", "soon"),
    ("moratorium", "At rest", "none"),
    ("exempt", "Exempt", "none"),
    ("overdue", "Overdue", "breach"),
    ("missed", "Missed", "breach"),
)


def filing(reporting: Reporting) -> Chart | None:
    """Who has filed for a period."""
    of = reporting.filing
    if not of.owed:
        return None
    shown = [
        Bar(words, of.by_state[state], kind)
        for state, words, kind in FILING
        if of.by_state.get(state)
    ]
    title = f"{of.filed} of {of.owed} have filed for {reporting.period.name}"
    return bars(shown, title=title, description="Members that owe a return, by where it stands.")


def bands(counts: Sequence[BandCount], run: ScoreRun) -> Chart | None:
    """How published scores spread over the bands."""
    total = sum(band.members for band in counts)
    if not total:
        return None
    good = sum(band.members for band in counts if band.status == "good")
    names = " or ".join(f"“{band.label}”" for band in counts if band.status == "good")
    title = (
        f"{good} of {total} members are {names} for {run.period.name}"
        if names
        else f"{total} members were scored for {run.period.name}"
    )
    return bars(
        [Bar(band.label, band.members, band.status) for band in counts],
        title=title,
        description="Members by band of the published score.",
    )


def spread(table: Aggregate | None) -> Chart | None:
    """How all members spread over the bands, as it was drawn up; None where that is withheld."""
    counts = table.table["total"]["counts"] if table else None
    if counts is None:
        return None
    told = list(zip(kpis.columns_of(table), counts, strict=True))
    most, members = max(told, key=lambda one: one[1]), sum(counts)
    return bars(
        [
            Bar(column.label, count, column.status, f"{count} ({kpis.percent(count, members)} %)")
            for column, count in told[::-1]
        ],
        title=f"{most[0].label}: {most[1]} of {members} members for {table.period.name}",
        description="Members by band of the published score, and their share of all.",
    )


def share_over_periods(tables: Sequence[Aggregate]) -> Chart | None:
    """The share of the best band that is told by itself, the oldest period first.

    The line breaks where another edition begins, or the band was withheld or told with others.
    """
    alone = [c for c in kpis.columns_of(tables[-1]) if len(c.codes) == 1 and c.codes[0]]
    if not alone:
        return None
    band, before, points = alone[-1], None, []
    for table in tables:
        points.append(Point(table.period.code, _share(table, band), before != table.run.edition_id))
        before = table.run.edition_id
    known = [point for point in points if point.figure is not None]
    if not known:
        return None
    title = f"{band.label}: {known[-1].figure} % of members for {known[-1].label}"
    if len(known) > 1:
        title += f", {known[-2].figure} % for {known[-2].label}"
    description = "Share of all members in the band, in percent, by period."
    return draw_trend(points, title=title, description=description, unit="%")


def _share(table: Aggregate, band: kpis.Column) -> int | None:
    """Return the share of a band in percent, None where it is not told by itself."""
    counts = table.table["total"]["counts"] or ()
    shares = zip(kpis.columns_of(table), counts, strict=False)
    told = {column.codes: kpis.percent(count, sum(counts)) for column, count in shares}
    return told.get(band.codes)


def trend(cards: Sequence[Scorecard]) -> Chart | None:
    """A member's published scores over periods, None before there are two.

    The line breaks where the rulebook changed what the score measures.
    """
    oldest_first = [card for card in reversed(cards)]
    if sum(card.total is not None for card in oldest_first) < 2:
        return None
    points = list(_points(oldest_first))
    since = max((n for n, point in enumerate(points) if point.begins), default=0)
    scored = [card for card in oldest_first[since:] if card.total is not None]
    title = _course(scored[0], scored[-1]) if scored else "No score since the rulebook changed"
    bar = _bar(scored[-1]) if scored else None
    target = Target(bar, f"bar: {plain(bar)}") if bar is not None else None
    description = "Published scores by period."
    if since:
        description += f" Scores before {points[since].label} cannot be compared with later ones."
    return draw_trend(points, title=title, description=description, target=target)


def _course(first: Scorecard, last: Scorecard) -> str:
    if last == first:
        return f"{plain(last.total)} points for {last.period.name}"
    if last.total == first.total:
        return f"{plain(last.total)} points, as in {first.period.name}"
    way = "Up" if last.total > first.total else "Down"
    return f"{way} from {plain(first.total)} to {plain(last.total)} since {first.period.name}"


def _points(cards: Sequence[Scorecard]) -> Iterator[Point]:
    """Yield the scores, oldest first, each with whether it begins a series of its own."""
    editions, before = rulebooks.adopted_documents(), None
    for card in cards:
        now = card.edition.document
        total = now.scoring.total
        goes_on = before is None or (
            total is not None and numbers_compare(editions, total, before=before, after=now)
        )
        yield Point(card.period.code, _short(card.total), begins=not goes_on)
        before = now


def _short(total: Decimal | None) -> Decimal | None:
    return None if total is None else Decimal(plain(total))


def _bar(card: Scorecard) -> Decimal | None:
    """The bar below which the edition sees a breach, if it sets one on the total."""
    document = card.edition.document
    detectors = [rule.detector for rule in document.breaches]
    total = document.scoring.total
    found = [d.bar for d in detectors if isinstance(d, BelowBar) and d.node == total]
    return next(iter(found), None)


def band_of(card: Scorecard) -> Band | None:
    bands = card.edition.document.bands
    return next((b for b in bands.bands if b.code == card.band), None) if bands else None
