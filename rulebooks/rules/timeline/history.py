"""What is known of one member, sorted for the derivations that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import TypeVar

from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import (
    CaseOpened,
    CommitmentMade,
    CommitmentMet,
    CommitmentRemoved,
    DecisionTaken,
    DisclosurePublished,
    Fact,
    MemberAdmitted,
    MemberDescribed,
    ReturnFiled,
    What,
)
from rulebooks.rules.membership import MemberClass
from rulebooks.rules.periods import Own, Promise
from rulebooks.rules.timeline import belonging
from rulebooks.rules.timeline import cycles as calendar
from rulebooks.rules.timeline.belonging import Place, Spell
from rulebooks.rules.timeline.cycles import Cycle, Told
from rulebooks.rules.timeline.notice import Notices
from rulebooks.rules.timeline.relief import Relief

W = TypeVar("W", bound=What)


@dataclass(frozen=True)
class History:
    """The facts about one member that are known and hold good, by kind and key.

    ``cycles`` are the periods that are held, those of the member's own among them; ``served`` the
    recorded days of the notices of editions.
    """

    editions: tuple[Edition, ...]
    cycles: tuple[Cycle, ...]
    cancelled: frozenset[str]
    relief: Relief
    by_kind: dict[type[What], list[Fact]]
    by_key: dict[tuple[type[What], str], list[Fact]]
    served: Notices = frozenset()

    @classmethod
    def of(
        cls,
        editions: Sequence[Edition],
        initiative: Iterable[Fact],
        member: Iterable[Fact],
    ) -> History:
        """Return the history that known facts tell under ``editions``."""
        by_kind: dict[type[What], list[Fact]] = defaultdict(list)
        by_key: dict[tuple[type[What], str], list[Fact]] = defaultdict(list)
        for fact in member:
            kind = type(fact.what)
            by_kind[kind].append(fact)
            by_key[kind, fact.key].append(fact)
        in_order = tuple(sorted(editions, key=lambda e: (e.in_force_from, e.code)))
        about_all = tuple(initiative)
        told = Told.of(about_all)
        held = calendar.cycles(in_order, told)
        if calendar.has_own(in_order) and (own := _own(by_kind)) is not None:
            pairs = [(cycle.edition, cycle.period) for cycle in held]
            held = calendar.in_order(pairs + calendar.own_cycles(in_order, told, own))
        relief = Relief.of(about_all, by_kind)
        return cls(in_order, held, told.cancelled, relief, by_kind, by_key, told.served)

    def facts(self, kind: type[W], key: str | None = None) -> list[Fact]:
        """Return the facts of a kind, about one key if given, earliest day first."""
        return self.by_kind.get(kind, []) if key is None else self.by_key.get((kind, key), [])

    def first(self, kind: type[W], key: str | None = None) -> Fact | None:
        """Return the earliest fact of a kind, None if there is none."""
        found = self.facts(kind, key)
        return found[0] if found else None

    def last(self, kind: type[W], key: str | None = None) -> Fact | None:
        """Return the latest fact of a kind, None if there is none."""
        found = self.facts(kind, key)
        return found[-1] if found else None

    @cached_property
    def admitted(self) -> Fact | None:
        return self.first(MemberAdmitted)

    @cached_property
    def spells(self) -> tuple[Spell, ...]:
        return belonging.spells(self.by_kind)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return belonging.places(self.by_kind)

    def spell_of(self, day: date) -> Spell | None:
        """Return the time of membership that a day lies in, else the next one to begin."""
        return next((s for s in self.spells if s.ends is None or day < s.ends), None)

    def spell_on(self, day: date) -> Spell | None:
        """Return the time of membership that a day lies in, None when it lies in none."""
        return next((spell for spell in self.spells if spell.holds(day)), None)

    def place_on(self, day: date) -> Place | None:
        """Return the class and chamber of a day; before the first admission, those of the first."""
        so_far = [place for place in self.places if place.on <= day] or self.places[:1]
        return so_far[-1] if so_far else None

    def gone_on(self, day: date) -> bool:
        """Return whether the member had left by a day and was not admitted anew."""
        return self.spell_on(day) is None and any(s.begins <= day for s in self.spells)

    def joined_on(self, day: date) -> date:
        """Return the day of the admission that counts on a day: the last one by then.

        Before the first, and while the member is gone, it is the next one, if there is any. An
        admission of who is a member already does not begin anything anew.
        """
        days = self._begun
        past = [one for one in days if one <= day]
        if past and not self.gone_on(day):
            return past[-1]
        return next((one for one in days if one > day), days[-1])

    @cached_property
    def _begun(self) -> list[date]:
        """The days of the admissions that began a membership, or took up one after exclusion."""
        begun = {spell.admitted.id for spell in self.spells}
        days = []
        for fact in self.facts(MemberAdmitted):
            if fact.id in begun or any(
                days[-1:] < [on] <= [fact.about_on] for on in self._excluded
            ):
                days.append(fact.about_on)
        return days

    @cached_property
    def _excluded(self) -> tuple[date, ...]:
        """The days from which a step excludes: as decided, or any day where one comes by itself."""
        steps = [step for e in self.editions for ladder in e.ladders for step in ladder.steps]
        if any(step.by_itself and step.standing == "excluded" for step in steps):
            return tuple(fact.about_on for fact in self.facts(MemberAdmitted))
        excluding = {step.code for step in steps if step.standing == "excluded"}
        aimed = {f.key for f in self.facts(CaseOpened) if f.what.step in excluding}
        decided = [f for f in self.facts(DecisionTaken) if f.key in aimed]
        return tuple(f.what.effective_on for f in decided if f.what.outcome == "impose")

    def edition_on(self, day: date) -> Edition | None:
        """Return the edition in force on a day: the last to take effect by then, else the first."""
        in_force = [e for e in self.editions if e.in_force_from <= day]
        return in_force[-1] if in_force else next(iter(self.editions), None)

    def edition(self, code: str) -> Edition | None:
        """Return the edition called ``code``, None when it is not among those adopted."""
        return next((e for e in self.editions if e.code == code), None)

    def member_class(self, edition: Edition, *, on: date) -> MemberClass | None:
        """Return the class of a day as ``edition`` defines it, None where it does not."""
        place = self.place_on(on)
        if place is None:
            return None
        key = edition.code, place.member_class
        if key not in self._classes:
            found = next((c for c in edition.classes if c.code == place.member_class), None)
            self._classes[key] = found
        return self._classes[key]

    @cached_property
    def _classes(self) -> dict[tuple[str, str], MemberClass | None]:
        return {}

    def described(self, what: str, *, on: date) -> str | None:
        """Return what is known of the member on a day: its ``size`` or ``country``."""
        return _described(self.facts(MemberDescribed), what, on=on)


def _described(facts: list[Fact], what: str, *, on: date) -> str | None:
    said = [getattr(fact.what, what) for fact in facts if fact.about_on <= on]
    return next((word for word in reversed(said) if word is not None), None)


def _own(by_kind: dict[type[What], list[Fact]]) -> Own | None:
    """Return what periods of a member's own are counted from, None before it was admitted."""
    admitted = next(iter(by_kind.get(MemberAdmitted, ())), None)
    if admitted is None:
        return None
    ended: dict[str, date] = {}
    for fact in chain(by_kind.get(CommitmentRemoved, ()), by_kind.get(CommitmentMet, ())):
        ended[fact.key] = min(fact.about_on, ended.get(fact.key, fact.about_on))
    filed: dict[str, date] = {}
    facts = [f for kind in (ReturnFiled, DisclosurePublished) for f in by_kind.get(kind, ())]
    for fact in sorted(facts, key=lambda fact: (fact.about_on, fact.id)):
        filed.setdefault(fact.key, fact.about_on)
    return Own(
        since=admitted.about_on,
        year_ends=_described(by_kind.get(MemberDescribed, []), "year_ends", on=date.max),
        promises=tuple(
            Promise(made.key, made.about_on, ended.get(made.key))
            for made in by_kind.get(CommitmentMade, ())
        ),
        filed=tuple(filed.items()),
    )
