"""Charts of the home pages. The title of each says what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dashboard.rules import at_least
from dashboard.selectors import BandCount, Reporting
from kpis.models import Scorecard, ScoreRun
from reports.rules.charts import Bar, Chart, Point, Target, bars
from reports.rules.charts import trend as draw_trend
from rulebooks.rules.bands import Band
from rulebooks.rules.breaches import BelowBar
from rulebooks.rules.reading import plain

FILING = (
    ("met", "Filed in time", "good"),
    ("met_late", "Filed late", "soon"),
    ("open", "Not yet filed", "none"),
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
    """A member's published scores over periods, None before there are two."""
    scored = [card for card in reversed(cards) if card.total is not None]
    if len(scored) < 2:
        return None
    first, last = scored[0], scored[-1]
    if last.total == first.total:
        title = f"{plain(last.total)} points, as in {first.period.name}"
    else:
        way = "Up" if last.total > first.total else "Down"
        title = f"{way} from {plain(first.total)} to {plain(last.total)} since {first.period.name}"
    points = [Point(card.period.code, _short(card.total)) for card in reversed(cards)]
    bar = _bar(last)
    target = Target(bar, f"bar: {plain(bar)}") if bar is not None else None
    description = "Published scores by period."
    return draw_trend(points, title=title, description=description, target=target)


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
