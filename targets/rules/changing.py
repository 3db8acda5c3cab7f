"""What moved the due days of one member's obligations, one fact after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rulebooks.rules import facts as f
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact
from rulebooks.rules.timeline.changes import Change
from rulebooks.rules.timeline.commitments import commitment_changes
from rulebooks.rules.timeline.duties import obligation_changes
from rulebooks.rules.timeline.history import History

WORDS: Mapping[type[f.What], str] = {
    f.ExtensionGranted: "Extension",
    f.ExemptionGranted: "Exemption",
    f.PeriodAnnounced: "Days announced",
    f.CycleCancelled: "Period cancelled",
    f.MoratoriumDeclared: "Moratorium",
    f.MoratoriumEnded: "End of a moratorium",
    f.OutageRecorded: "Outage",
    f.CommitmentExtended: "Commitment moved",
    f.FactRetracted: "Correction",
}
FREED = ("exempt", "removed")
SETTLED = ("met", "met_late")


@dataclass(frozen=True, slots=True)
class DueChange:
    """One fact moved the due day of one obligation, or freed the member of it.

    A day is None while none is set: the obligation rests, is not owed, or was not there.
    """

    key: str
    word: str
    before: date | None
    after: date | None
    is_owed: bool
    fact: Fact


@dataclass(frozen=True, slots=True)
class _Stands:
    """When an obligation is due, whether it is owed at all, and when it was met."""

    due: date | None
    is_owed: bool
    met_on: date | None


def due_changes(
    editions: Sequence[Edition], initiative: Iterable[Fact], member: Iterable[Fact]
) -> tuple[DueChange, ...]:
    """Return what moved the due days of one member, in the order in which it was recorded.

    Each fact that may move a day is added to all that is known otherwise, so that a change shows
    by itself what it did. What was settled before, or was told before the member was admitted, it
    did not move.
    """
    about_all, own = list(initiative), list(member)
    steps = sorted(_moving([*about_all, *own]), key=lambda fact: (fact.recorded_at, fact.id))
    waiting = {fact.id for fact in steps}
    found: list[DueChange] = []
    before = _stands(editions, about_all, own, waiting) if steps else {}
    for fact in steps:
        waiting.discard(fact.id)
        after = _stands(editions, about_all, own, waiting)
        if fact.about_on >= _admitted(own):
            found += _compared(before, after, fact)
        before = after
    return tuple(found)


def _moving(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield the facts that may move a day, and the corrections of such."""
    moves = {fact.id for fact in facts if type(fact.what) in WORDS and fact.corrects is None}
    for fact in facts:
        if fact.id in moves or fact.corrects in moves:
            yield fact


def _admitted(facts: Sequence[Fact]) -> date:
    days = [fact.about_on for fact in facts if isinstance(fact.what, f.MemberAdmitted)]
    return min(days, default=date.min)


def _stands(
    editions: Sequence[Edition], initiative: list[Fact], member: list[Fact], waiting: set[int]
) -> dict[str, _Stands]:
    """Return how each obligation stands by all facts but those that wait, by its key."""
    at = max((fact.recorded_at for fact in (*initiative, *member)), default=None)
    known = [
        f.known([fact for fact in facts if fact.id not in waiting], at=at)
        for facts in (initiative, member)
    ]
    history = History.of(editions, *known)
    changes = commitment_changes(history)
    if history.admitted is not None:
        changes += obligation_changes(history)
    by_key = sorted(changes, key=lambda change: (change.key, change.on))
    return {key: _of(list(course)) for key, course in groupby(by_key, key=lambda c: c.key)}


def _of(course: Sequence[Change]) -> _Stands:
    met = next((change.on for change in course if change.state in SETTLED), None)
    return _Stands(course[-1].falls_due, course[-1].state not in FREED, met)


def _compared(
    before: Mapping[str, _Stands], after: Mapping[str, _Stands], fact: Fact
) -> Iterator[DueChange]:
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if was is None or (was.met_on is not None and was.met_on < fact.about_on):
            continue
        owed = now is not None and now.is_owed
        if now is not None and (was.due, was.is_owed) == (now.due, now.is_owed):
            continue
        word = WORDS[type(fact.what)]
        yield DueChange(key, word, was.due, now.due if owed and now else None, owed, fact)
