"""First steps that wait and are put to a body: from which day they are proposed, and until when.

Such a step is due when its time has passed and nothing was made good. It is proposed from that
day until a case takes the failure up, or until it is made good after all. While a case of the
ladder goes on, or what it imposed holds, nothing is proposed: the ladder goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rulebooks.rules.edition import Edition
from rulebooks.rules.ladder import Ladder
from rulebooks.rules.timeline.cases import Case, cases
from rulebooks.rules.timeline.climbing import Climb, Rung, first_rung
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.hits import Cured, Hit


def first_proposals(
    history: History, edition: Edition, ladder: Ladder, found: Sequence[Hit]
) -> Iterator[Rung]:
    """Yield when the first step of a ladder is proposed; no two stretches overlap."""
    own = [case for case in cases(history) if case.ladder.code == ladder.code]
    busy = [(_opened(case), _over(case, found)) for case in own]
    climbs = (Climb(history, edition, ladder, ladder.code, (hit,), found) for hit in found)
    waited = [(climb, first_rung(climb, climb.failures[0])) for climb in climbs]
    due = [(climb, rung) for climb, rung in waited if rung is not None]
    for climb, rung in sorted(due, key=lambda one: (one[1].begin, one[0].failures[0].key)):
        for stretch in _free(replace(rung, over=_ended(climb.failures[0], own)), busy):
            busy.append((Cured(stretch.begin, stretch.ground, stretch.facts), stretch.over))
            yield stretch


def _ended(hit: Hit, own: Sequence[Case]) -> Cured | None:
    """Return what ends a proposal: a case that takes the failure up, or its cure."""
    taken = [_opened(case) for case in own if hit.key in (case.opened.what.breaches or ())]
    ends = [*taken, *((hit.cured,) if hit.cured else ())]
    return min(ends, key=lambda end: end.on, default=None)


def _opened(case: Case) -> Cured:
    return Cured(case.opened.about_on, case.opened.what.kind, (case.opened.id,))


def _over(case: Case, found: Sequence[Hit]) -> Cured | None:
    """Return when a case and what it imposed were over, None while they are not."""
    ends = [Cured(fact.about_on, fact.what.kind, (fact.id,)) for fact in case.ended_by()]
    cured = case.cured(found)
    ends += [cured] if cured else []
    return min(ends, key=lambda end: end.on, default=None)


def _free(rung: Rung, busy: Sequence[tuple[Cured, Cured | None]]) -> Iterator[Rung]:
    """Yield the stretches of a proposal that lie outside of what is going on already."""
    for begun, over in sorted(busy, key=lambda one: one[0].on):
        if over is not None and over.on <= rung.begin:
            continue
        if rung.over is not None and rung.over.on <= begun.on:
            break
        if begun.on > rung.begin:
            yield replace(rung, over=begun)
        if over is None:
            return
        rung = replace(rung, begin=max(over.on, begun.on))
    if rung.over is None or rung.begin < rung.over.on:
        yield rung
