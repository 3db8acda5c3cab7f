"""When an organisation was a member, and in which class and chamber.

A *spell* lasts from an admission to the first day without membership; a former member that is
admitted again begins another. Within it a class change takes effect on its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rulebooks.rules.facts import (
    ClassChanged,
    Fact,
    MemberAdmitted,
    MemberLeft,
    MemberMerged,
    What,
    WithdrawalNotified,
    WithdrawalRevoked,
)
from rulebooks.rules.terms import add_days

Facts = Mapping[type[What], Sequence[Fact]]


@dataclass(frozen=True, slots=True)
class Place:
    """The class and chamber of a member from a day on, and the fact that put it there."""

    on: date
    member_class: str
    chamber: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Spell:
    """A time of membership: ``ends`` is the first day without, None when nothing ends it."""

    begins: date
    admitted: Fact
    ends: date | None = None
    ended_by: Fact | None = None

    def holds(self, day: date) -> bool:
        """Return whether the day lies in it."""
        return self.begins <= day and (self.ends is None or day < self.ends)


def spells(facts: Facts) -> tuple[Spell, ...]:
    """Return the times of membership that known facts tell of, the earliest first.

    An admission of who is a member, and an end of who is none, change nothing.
    """
    acts = [(fact.about_on, fact.id, fact) for fact in facts.get(MemberAdmitted, ())]
    acts += [(day, fact.id, fact) for day, fact in _ends(facts)]
    found: list[Spell] = []
    for day, _, fact in sorted(acts, key=lambda act: act[:2]):
        is_member = bool(found) and found[-1].ends is None
        if isinstance(fact.what, MemberAdmitted):
            found += [] if is_member else [Spell(day, fact)]
        elif is_member:
            found[-1] = Spell(found[-1].begins, found[-1].admitted, day, fact)
    return tuple(found)


def places(facts: Facts) -> tuple[Place, ...]:
    """Return the places of a member over time, the earliest first; the last of a day counts.

    A class change from before the first admission says nothing.
    """
    said = list(facts.get(MemberAdmitted, ()))
    joined = min((fact.about_on for fact in said), default=date.max)
    said += [fact for fact in facts.get(ClassChanged, ()) if fact.about_on >= joined]
    by_day: dict[date, Place] = {}
    for fact in sorted(said, key=lambda fact: (fact.about_on, fact.id)):
        what = fact.what
        by_day[fact.about_on] = Place(fact.about_on, what.member_class, what.chamber, fact)
    return tuple(by_day.values())


def _ends(facts: Facts) -> Iterator[tuple[date, Fact]]:
    """Yield each first day without membership that a fact tells of."""
    for kind in (MemberLeft, MemberMerged):
        yield from ((fact.about_on, fact) for fact in facts.get(kind, ()))
    revoked = facts.get(WithdrawalRevoked, ())
    for notice in facts.get(WithdrawalNotified, ()):
        if not any(_takes_back(fact, notice) for fact in revoked):
            yield add_days(notice.what.last_on, 1), notice


def _takes_back(revoked: Fact, notice: Fact) -> bool:
    given = (notice.about_on, notice.id)
    return given < (revoked.about_on, revoked.id) and revoked.about_on <= notice.what.last_on
