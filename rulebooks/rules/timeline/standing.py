"""How a member stands, which rights it holds, and what of that may be published.

Standing is the gravest measure in force, and a right is held unless some measure in force has
taken it. What may be published waits for the decision, or until it is final, as each step says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rulebooks.rules.facts import (
    ClassChanged,
    Fact,
    MeasureLifted,
    MemberAdmitted,
    MemberLeft,
    MemberMerged,
)
from rulebooks.rules.membership import MemberClass
from rulebooks.rules.terms import add_days
from rulebooks.rules.timeline.changes import Change, Kind
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.measures import Measure

GRAVITY = {"good": 0, "warned": 1, "suspended": 2, "excluded": 3}
STANDING, LISTING = "standing", "listing"  # what may be published, by key


def standing_changes(history: History, measures: Sequence[Measure]) -> list[Change]:
    """Return how the member stood and which rights it held, from admission on."""
    if history.admitted is None:
        return []
    stands = Stands(history, history.admitted, measures)
    changes: list[Change] = []
    hides = any(m.step.on_entry.listing == "hidden" for m in measures)
    for day in stands.days():
        changes += [stands.standing(day), stands.published(day), *stands.rights(day)]
        changes += [stands.listing(day)] if hides else []
    return [*changes, *stands.places()]


@dataclass(frozen=True, slots=True)
class Stands:
    """One member with all that holds or held against it."""

    history: History
    admitted: Fact
    measures: Sequence[Measure]

    def days(self) -> list[date]:
        """Return every day on which anything here could change, none before admission."""
        days = {self.admitted.about_on, *(e.in_force_from for e in self.history.editions)}
        days |= {fact.about_on for fact in self.history.facts(MemberAdmitted)}
        days |= {place.on for place in self.history.places}
        days |= {spell.ends for spell in self.history.spells if spell.ends}
        for measure in self.measures:
            days |= set(measure.days())
        for fact in self._probations():
            days |= {fact.about_on, add_days(fact.what.probation_until, 1)}
        return sorted(day for day in days if day >= self.admitted.about_on)

    def standing(self, day: date) -> Change:
        """Return how the member stands on a day."""
        if gone := self._gone(day):
            return self._left(day, Kind.STANDING, "", gone)
        in_force = [m for m in self.measures if m.in_force(day)]
        if in_force:
            return self._gravest(day, Kind.STANDING, "", in_force)
        if probation := self._probation(day):
            return self._state(
                day, Kind.STANDING, "", "probation", probation.what.kind, facts=(probation.id,)
            )
        return self._good(day)

    def published(self, day: date) -> Change:
        """Return how the member stands as far as that may be published."""
        if gone := self._gone(day):
            return self._left(day, Kind.PUBLISHED, STANDING, gone)
        public = [m for m in self.measures if m.is_public(day)]
        if public:
            return self._gravest(day, Kind.PUBLISHED, STANDING, public)
        return self._state(day, Kind.PUBLISHED, STANDING, "good", "nothing.public")

    def listing(self, day: date) -> Change:
        """Return whether the member is listed."""
        hidden = [
            m for m in self.measures if m.step.on_entry.listing == "hidden" and m.in_force(day)
        ]
        if hidden:
            return self._gravest(day, Kind.PUBLISHED, LISTING, hidden, state="hidden")
        return self._state(day, Kind.PUBLISHED, LISTING, "shown", "class")

    def rights(self, day: date) -> Iterator[Change]:
        """Yield held or lost for each right of the member's class on a day."""
        member_class = self._class(day)
        for right in member_class.rights if member_class else ():
            takers = [m for m in self.measures if m.takes(right, day)]
            if takers:
                yield self._gravest(day, Kind.RIGHT, right, takers, state="lost")
            else:
                gone = self._gone(day)
                state, ground = ("lost", _ground(gone)) if gone else ("held", "class")
                facts = (gone.id if gone else self.history.place_on(day).fact.id,)
                yield self._state(day, Kind.RIGHT, right, state, ground, member_class.clause, facts)
        yield from self._given_up(day)

    def _given_up(self, day: date) -> Iterator[Change]:
        """Yield the loss of each right that the member's class before a change gave it."""
        place = self.history.place_on(day)
        if place.on != day or not isinstance(place.fact.what, ClassChanged):
            return
        member_class = self._class(day)
        before = self._class(add_days(day, -1))
        kept = member_class.rights if member_class else ()
        for right in before.rights if before else ():
            if right not in kept:
                facts = (place.fact.id,)
                yield self._state(day, Kind.RIGHT, right, "lost", ClassChanged.kind, facts=facts)

    def _class(self, day: date) -> MemberClass | None:
        edition = self.history.edition_on(day)
        return self.history.member_class(edition, on=day) if edition else None

    def places(self) -> Iterator[Change]:
        """Yield class and chamber from each day on which a fact says them."""
        for place in self.history.places:
            facts, ground = (place.fact.id,), place.fact.what.kind
            edition = self.history.edition_on(place.on)
            code = edition.code if edition else ""
            clause = self._class_clause(place.on)
            for kind, said in ((Kind.CLASS, place.member_class), (Kind.CHAMBER, place.chamber)):
                yield Change(on=place.on, kind=kind, key="", state=said, ground=ground,
                             clause=clause, edition=code, facts=facts)  # fmt: skip

    def _gone(self, day: date) -> Fact | None:
        """Return the fact by which the member is none on a day, None while it is one."""
        begun = [spell for spell in self.history.spells if spell.begins <= day]
        return begun[-1].ended_by if begun and not begun[-1].holds(day) else None

    def _left(self, day: date, kind: Kind, key: str, by: Fact) -> Change:
        return self._state(day, kind, key, "left", _ground(by))

    def _probations(self) -> list[Fact]:
        return [f for f in self.history.facts(MeasureLifted) if f.what.probation_until]

    def _probation(self, day: date) -> Fact | None:
        running = (f for f in self._probations() if f.about_on <= day <= f.what.probation_until)
        return max(running, key=lambda fact: fact.what.probation_until, default=None)

    def _good(self, day: date) -> Change:
        """Return that nothing holds against the member, and what last did."""
        ended = [force.over for m in self.measures for force in m.ends(day)]
        if not ended:
            ground, facts = self.admitted.what.kind, (self.admitted.id,)
        else:
            last = max(ended, key=lambda over: over.on)
            ground, facts = last.ground, last.facts
        return self._state(day, Kind.STANDING, "", "good", ground, facts=facts)

    def _gravest(
        self, day: date, kind: Kind, key: str, holding: list[Measure], state: str = ""
    ) -> Change:
        gravest = max(holding, key=lambda m: GRAVITY[m.step.standing])
        return Change(
            on=day,
            kind=kind,
            key=key,
            state=state or gravest.step.standing,
            ground=gravest.ground,
            clause=gravest.step.clause,
            edition=gravest.edition.code,
            because=gravest.because,
            facts=tuple(dict.fromkeys(fact for m in holding for fact in m.facts)),
        )

    def _state(
        self,
        on: date,
        kind: Kind,
        key: str,
        state: str,
        ground: str,
        clause: str | None = None,
        facts: tuple[int, ...] = (),
    ) -> Change:
        edition = self.history.edition_on(on)
        if clause is None:
            clause = "" if state == "left" else self._class_clause(on)
        code = edition.code if edition else ""
        return Change(on=on, kind=kind, key=key, state=state, ground=ground,
                      clause=clause, edition=code, facts=facts)  # fmt: skip

    def _class_clause(self, day: date) -> str:
        member_class = self._class(day)
        return member_class.clause if member_class else ""


def _ground(left: Fact) -> str:
    """Return what ended a membership: that it left, by notice or not, or was merged."""
    return left.what.kind if isinstance(left.what, MemberMerged) else MemberLeft.kind
