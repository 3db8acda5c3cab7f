"""Charts of the home pages. The title of each says what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from dashboard.rules import at_least
from dashboard.selectors import BandCount, Reporting
from kpis.models import Scorecard, ScoreRun
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


def bands(counts: Sequence[BandCount], run: ScoreRun, *, least: int = 1) -> Chart | None:
    """How published scores spread over the bands. Groups smaller than ``least`` are not told."""
    total = sum(band.members for band in counts)
    if not total:
        return None
    good = sum(band.members for band in counts if band.status == "good")
    names = " or ".join(f"“{band.label}”" for band in counts if band.status == "good")
    told = least == 1 or least <= good <= total - least
    title = (
        f"{good} of {total} members are {names} for {run.period.name}"
        if names and told
        else f"{total} members were scored for {run.period.name}"
    )
    return bars(
        [
            Bar(
                band.label,
                max(band.members, least - 1) if 0 < band.members < least else band.members,
                band.status,
                "" if band.members == 0 or band.members >= least else at_least(1, least),
            )
            for band in counts
        ],
        title=title,
        description="Members by band of the published score.",
    )


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
