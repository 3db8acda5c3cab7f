"""How a member stands, which rights it holds, and what of that may be published.

Standing is the gravest measure in force, and a right is held unless some measure in force has
taken it. What may be published waits for the decision, or until it is final, as each step says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact, MeasureLifted, MemberAdmitted, MemberLeft
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
    return changes


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
        days |= {fact.about_on for fact in self.history.facts(MemberLeft)}
        for measure in self.measures:
            days |= set(measure.days())
        for fact in self._probations():
            days |= {fact.about_on, add_days(fact.what.probation_until, 1)}
        return sorted(day for day in days if day >= self.admitted.about_on)

    def standing(self, day: date) -> Change:
        """Return how the member stands on a day."""
        if self.history.gone_on(day):
            return self._state(day, Kind.STANDING, "", "left", "member.left")
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
        if self.history.gone_on(day):
            return self._state(day, Kind.PUBLISHED, STANDING, "left", "member.left")
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
        edition = self.history.edition_on(day)
        member_class = self.history.member_class(edition) if edition else None
        for right in member_class.rights if member_class else ():
            takers = [m for m in self.measures if m.takes(right, day)]
            if takers:
                yield self._gravest(day, Kind.RIGHT, right, takers, state="lost")
            else:
                gone = self.history.gone_on(day)
                state, ground = ("lost", "member.left") if gone else ("held", "class")
                clause, facts = member_class.clause, (self.admitted.id,)
                yield self._state(day, Kind.RIGHT, right, state, ground, clause, facts)

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
            clause = "" if state == "left" else self._class_clause(edition)
        code = edition.code if edition else ""
        return Change(on=on, kind=kind, key=key, state=state, ground=ground,
                      clause=clause, edition=code, facts=facts)  # fmt: skip

    def _class_clause(self, edition: Edition | None) -> str:
        member_class = self.history.member_class(edition) if edition else None
        return member_class.clause if member_class else ""
