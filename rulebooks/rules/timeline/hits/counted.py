"""Hits that count other hits: so many running, or so many within a span of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rulebooks.rules.breaches import BreachRule, Reset
from rulebooks.rules.continuity import counts_on
from rulebooks.rules.edition import Edition
from rulebooks.rules.terms import after
from rulebooks.rules.timeline.history import Cycle, History
from rulebooks.rules.timeline.hits.hit import Hit


def of_rules(
    history: History, edition: Edition, rules: Iterable[str], hits: Iterable[Hit]
) -> list[Hit]:
    """Return the hits that count as one of ``rules``, in whatever edition they came about."""
    wanted = [edition.breach(code) for code in rules]
    return [
        hit
        for hit in hits
        if any(
            counts_on(history.editions, rule, of=edition, earlier=hit.rule, under=hit.edition)
            for rule in wanted
        )
    ]


def calendars(history: History, found: Iterable[Hit]) -> Iterator[tuple[Cycle, ...]]:
    """Yield the periods that hits can follow one another in, for each calendar that has some.

    Where an edition has several calendars (years and cycles of years, say), each counts by itself.
    """
    about = {hit.about for hit in found}
    by_calendar: dict[str, list[Cycle]] = {}
    for cycle in history.cycles:
        several = cycle.period.of != cycle.period.code and len(cycle.edition.periods) > 1
        by_calendar.setdefault(cycle.period.of if several else "", []).append(cycle)
    for cycles in by_calendar.values():
        if any(cycle.period.code in about for cycle in cycles):
            yield tuple(cycles)


def runs(
    calendar: Iterable[Cycle], found: Iterable[Hit], reset: Reset, *, fires_at: int
) -> Iterator[tuple[Cycle, tuple[Hit, ...]]]:
    """Yield each period with the hits running up to it, none where the run has ended.

    Cancelled periods are no periods, so they neither count nor end a run. A run of ``fires_at``
    hits or more may go on through a period in order, until its last hit is cured.
    """
    by_period = {hit.about: hit for hit in found}
    run: tuple[Hit, ...] = ()
    for cycle in calendar:
        hit = by_period.get(cycle.period.code)
        sticks = reset == "cure" and len(run) >= fires_at
        if run and (_cured_by(run[-1], hit) if sticks else hit is None):
            run = ()
        if hit is not None:
            run = (*run, hit)
        yield cycle, (run if hit is not None or run else ())


def _cured_by(last: Hit, following: Hit | None) -> bool:
    """Return whether a run's last failure was made good before the next one, if there is one."""
    return last.cured is not None and (following is None or last.cured.on <= following.on)


def consecutive(
    history: History, edition: Edition, rule: BreachRule, hits: Sequence[Hit]
) -> Iterator[Hit]:
    """Yield a hit for each run of ``times`` periods, in the period that completes it."""
    detector = rule.detector
    found = of_rules(history, edition, detector.counted, hits)
    for calendar in calendars(history, found):
        for cycle, run in runs(calendar, found, detector.reset, fires_at=detector.times):
            if run and run[-1].about == cycle.period.code and cycle.edition.code == edition.code:
                if len(run) == detector.times:
                    yield together(rule, edition, run)
                elif _is_first_that_counts(rule, run):
                    yield together(rule, edition, run[-detector.times :])


def _is_first_that_counts(rule: BreachRule, run: Sequence[Hit]) -> bool:
    """Return whether only now the last hits of a run have consequences, and never before."""
    times = rule.detector.times
    counting = [not _is_quiet(rule, run[end - times : end]) for end in range(times, len(run) + 1)]
    return bool(counting) and counting[-1] and not any(counting[:-1])


def _is_quiet(rule: BreachRule, run: Sequence[Hit]) -> bool:
    """Return whether hits together have no consequences: one of them has none, or only the last.

    Which of the two, the rule says; a hit without consequences never sets one off by itself.
    """
    if rule.detector.old_misses == "count":
        return run[-1].quiet
    return any(hit.quiet for hit in run)


def within_window(
    history: History, edition: Edition, rule: BreachRule, hits: Sequence[Hit]
) -> Iterator[Hit]:
    """Yield a hit each time so many hits lie within the window; none of them counts twice.

    Where hits without consequences do not count, those that have some are counted by themselves.
    """
    found = of_rules(history, edition, rule.detector.counted, hits)
    together_all = list(_windows(history, edition, rule, found))
    if rule.detector.old_misses == "count":
        yield from together_all
        return
    counting = _windows(history, edition, rule, [hit for hit in found if not hit.quiet])
    yield from (hit for hit in together_all if hit.quiet)
    yield from counting


def _windows(
    history: History, edition: Edition, rule: BreachRule, found: Sequence[Hit]
) -> Iterator[Hit]:
    places = {cycle.period.code: cycle.place for cycle in history.cycles}
    open_hits: list[Hit] = []
    for hit in sorted(found, key=lambda hit: (hit.on, hit.key)):
        open_hits = [h for h in open_hits if _near(h, hit, rule, places)] + [hit]
        if len(open_hits) >= rule.detector.times:
            if hit.edition.code == edition.code:
                yield together(rule, edition, open_hits)
            open_hits = []


def _near(earlier: Hit, later: Hit, rule: BreachRule, places: dict[str, int]) -> bool:
    """Return whether two hits lie in one window."""
    detector = rule.detector
    if detector.within is not None:
        last = after(earlier.on, detector.within, holidays=later.edition.closed_days)
        return later.on <= last
    at = [places.get(hit.about) for hit in (earlier, later)]
    return None not in at and at[1] - at[0] < detector.periods


def together(rule: BreachRule, edition: Edition, run: Sequence[Hit]) -> Hit:
    """Return several hits as the one that they come to; it is cured when its last one is."""
    return Hit(
        rule=rule,
        edition=edition,
        about=run[-1].about,
        on=max(hit.on for hit in run),
        due_on=run[-1].due_on,
        quiet=_is_quiet(rule, run),
        because=", ".join(hit.about for hit in run),
        facts=tuple(dict.fromkeys(fact for hit in run for fact in hit.facts)),
        cured=run[-1].cured,
    )
