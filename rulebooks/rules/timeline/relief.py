"""What gives a member more time, or frees it: moratoriums, outages, exemptions, extensions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rulebooks.rules.facts import (
    EVERYTHING,
    ExemptionGranted,
    ExtensionGranted,
    Fact,
    MoratoriumDeclared,
    MoratoriumEnded,
    OutageRecorded,
    What,
)
from rulebooks.rules.terms import add_days


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which nobody's time runs: to the day before ``ends``, None while no end is set."""

    begins: date
    ends: date | None
    fact: Fact

    def bears_on(self, day: date, *, since: date) -> bool:
        """Return whether a clock that began ``since`` and ends on ``day`` stands still in it."""
        return day >= self.begins and (self.ends is None or since < self.ends)

    def moved(self, day: date, *, since: date) -> date | None:
        """Return the day on which such a clock ends after all, None while that is open."""
        if not self.bears_on(day, since=since):
            return day
        return self.ends and day + (self.ends - max(since, self.begins))


@dataclass(frozen=True, slots=True)
class Relief:
    """All relief that bears on one member, by what it is about."""

    pauses: Mapping[str, Sequence[Pause]]
    outages: Sequence[Fact]
    exemptions: Sequence[Fact]
    extensions: Mapping[str, Fact]

    @classmethod
    def of(cls, initiative: Sequence[Fact], member: Mapping[type[What], Sequence[Fact]]) -> Relief:
        """Return the relief that known facts tell of."""
        return cls(
            pauses=_pauses(initiative),
            outages=[fact for fact in initiative if isinstance(fact.what, OutageRecorded)],
            exemptions=member.get(ExemptionGranted, ()),
            extensions={fact.key: fact for fact in member.get(ExtensionGranted, ())},
        )

    def spares(self, obligation: str, *keys: str, due: date, late: date) -> bool:
        """Return whether nothing here bears on an obligation due on these days."""
        return not (
            self.exemptions
            or (self.extensions and self.extension(*keys))
            or any(pause.begins <= late for pause in self.pauses_of(obligation))
            or any(o.about_on <= late and due <= o.what.until_on for o in self.outages)
        )

    def pauses_of(self, obligation: str) -> list[Pause]:
        """Return the moratoriums on an obligation, or on all, in order."""
        if not self.pauses:
            return []
        found = [*self.pauses.get(obligation, ()), *self.pauses.get(EVERYTHING, ())]
        return sorted(found, key=lambda pause: (pause.begins, pause.fact.id))

    def exemption(self, *, due: date, named: Callable[[Fact], bool]) -> Fact | None:
        """Return the exemption that takes in a due day, the first if several do.

        ``named`` says whether an exemption is one from the obligation that is due.
        """
        for fact in self.exemptions:
            if fact.about_on <= due <= fact.what.until_on and named(fact):
                return fact
        return None

    def extension(self, *keys: str) -> Fact | None:
        """Return the extension granted last for the first of these keys that has one."""
        if not self.extensions:
            return None
        return next((self.extensions[key] for key in keys if key in self.extensions), None)


def _pauses(facts: Iterable[Fact]) -> dict[str, list[Pause]]:
    pauses: dict[str, list[Pause]] = {}
    ended = [fact for fact in facts if isinstance(fact.what, MoratoriumEnded)]
    for fact in facts:
        if isinstance(fact.what, MoratoriumDeclared):
            until = fact.what.until_on
            ends = [e.about_on for e in ended if e.key == fact.key and e.about_on > fact.about_on]
            ends += [add_days(until, 1)] if until else []
            end = min(ends, default=None)
            if end is None or end > fact.about_on:  # one that is over before it begins is none
                pauses.setdefault(fact.key, []).append(Pause(fact.about_on, end, fact))
    return pauses
