"""Totals of targets, as they are held together before they are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpis.models import ScoreRun
from kpis.rules.telling import Adds, Bar, Told, may_be_told_again, withheld_beside
from kpis.selectors.totals import Source, source_of
from rulebooks.rules.disclosure import USUAL, Rule
from rulebooks.rules.edition import Edition
from rulebooks.rules.following import Atom
from rulebooks.rules.targets import OfParts, ShareReaching

Counts = Mapping[int, tuple[Atom, str]]  # member → where it is counted, and in what group


def rule_of(edition: Edition) -> Rule:
    """Return how much of a number one corporate group may make, as the edition has it."""
    return edition.aggregates.rule if edition.aggregates else USUAL


def withheld_of(run: ScoreRun, edition: Edition, counted: Counts) -> tuple[str, ...]:
    """Return the targets whose totals, once ``run`` is told, would tell too much beside others."""
    return withheld_beside(_told(run, edition, counted), rule=rule_of(edition))


def may_tell_totals_again(
    run: ScoreRun, before: ScoreRun, edition: Edition, counted: Counts
) -> bool:
    """Return whether totals that count ``run`` may be told beside those told after ``before``."""
    old, new = (list(_told(one, edition, counted, all_of=True)) for one in (before, run))
    return may_be_told_again(old, new, rule=rule_of(edition))


def _told(
    run: ScoreRun, edition: Edition, counted: Counts, *, all_of: bool = False
) -> Iterator[Told]:
    """Yield the totals of an edition's targets that may be told by themselves.

    With ``all_of``, also those that their size withholds: they may have been told before.
    """
    for target in edition.targets:
        source = source_of(edition, target, run.period, until=run.pk)
        if isinstance(source, str) or source.closed(sees_all=False):
            continue
        if all_of or not source.totals().withheld(source.aggregate, rule_of(edition)):
            yield _total(target.code, source, counted)


def _total(code: str, source: Source, counted: Counts) -> Told:
    match source.aggregate:
        case ShareReaching(reach=at):
            way, bar = "share", Bar(at, source.higher)
        case OfParts():
            way, bar = "parts", None
        case _:
            way, bar = "numbers", None
    adds = {member: Adds(*counted[member], numbers) for member, numbers in source.of_each()}
    return Told(code, source.question, way, adds, bar)
