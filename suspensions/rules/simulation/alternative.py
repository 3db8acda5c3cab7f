"""The draft in the place of what was in force: editions, calendar, and what carries over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from rulebooks.rules.continuity import Place, continuity
from rulebooks.rules.continuity.lineage import LISTS
from rulebooks.rules.continuity.words import What
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import CaseOpened, Fact, MemberAdmitted
from rulebooks.rules.periods import FixedWindow
from rulebooks.rules.timeline.cycles import NOTHING, Told, cycles, has_own
from rulebooks.rules.timeline.history import History

DRAFT = ".draft"  # no adopted edition's code may be taken for the draft's, even if it is the same


@dataclass(frozen=True, slots=True)
class Days:
    """A span of days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Alternative:
    """The editions as they were, and as they would have been with the draft in their place.

    The draft takes effect on the first of the days, though not before there were any rules;
    editions that took effect from that day on are left out. Periods whose window opens during the
    days are governed by it; of one that it does not name, it takes over the days.
    """

    editions: tuple[Edition, ...]
    draft: Edition
    days: Days
    told: Told = NOTHING

    @cached_property
    def takes_effect_on(self) -> date:
        """Return the day from which the draft is taken to be in force."""
        return max([self.days.first, *(e.in_force_from for e in self.editions[:1])])

    @cached_property
    def before(self) -> tuple[Edition, ...]:
        """Return the editions that had taken effect before the draft would have."""
        return tuple(e for e in self.editions if e.in_force_from < self.takes_effect_on)

    @cached_property
    def in_its_place(self) -> Edition:
        """Return the draft as if it had taken effect on the first day."""
        again = any(edition.code == self.draft.code for edition in self.editions)
        same = {"replaces": self.draft.code, "continuity": ()} if again else {}
        return self.draft.model_copy(
            update=same
            | {
                "code": self.draft.code[: 40 - len(DRAFT)] + DRAFT,
                "in_force_from": self.takes_effect_on,
                "legal_text": None,  # that members had been notified of it in time is assumed
                "periods": (*self.draft.periods, *self._taken_over()),
            }
        )

    def _taken_over(self) -> Iterator[FixedWindow]:
        """Yield the dated windows that opened on one of the days and that the draft leaves out."""
        named = {cycle.period.code for cycle in cycles((self.draft,), self.told)}
        in_order = tuple(sorted(self.editions, key=lambda e: (e.in_force_from, e.code)))
        for cycle in cycles(in_order, self.told):
            if cycle.period.opens_on in self.days and cycle.period.code not in named:
                rules = (rule for rule in cycle.edition.periods if rule.code == cycle.period.of)
                yield from (rule for rule in rules if isinstance(rule, FixedWindow))

    @cached_property
    def for_newcomers(self) -> tuple[Edition, ...]:
        """Return the editions for a member admitted once the draft would have been in force."""
        return (*self.before, self.in_its_place)

    @cached_property
    def for_others(self) -> tuple[Edition, ...]:
        """Return the editions for a member that was there before.

        It goes on owing what it owed: of texts that stay word for word, the draft asks no new
        signature.
        """
        draft, known = self.in_its_place, self.before[-1:]
        asked = {(text.code, text.text_sha256) for e in known for text in e.requirements}
        fresh = tuple(r for r in draft.requirements if (r.code, r.text_sha256) not in asked)
        changed = {"requirements": fresh}
        if any(edition.signing.deed == draft.signing.deed for edition in known):
            changed["signing"] = draft.signing.model_copy(update={"deed": None})
        return (*self.before, draft.model_copy(update=changed))

    def governed(self, member: Sequence[Fact], initiative: Sequence[Fact]) -> frozenset[str]:
        """Return the periods of a member that the draft governs."""
        if not has_own(self.for_newcomers):
            return self._governed_of_all
        held = History.of(self.editions_of(member), initiative, member).cycles
        return frozenset(c.period.code for c in held if c.edition.code == self.in_its_place.code)

    @cached_property
    def _governed_of_all(self) -> frozenset[str]:
        held = cycles(self.for_newcomers, self.told)
        return frozenset(c.period.code for c in held if c.edition.code == self.in_its_place.code)

    def editions_of(self, facts: Iterable[Fact]) -> tuple[Edition, ...]:
        """Return the editions that a member would have been under."""
        admitted = [f.about_on for f in facts if isinstance(f.what, MemberAdmitted)]
        late = not admitted or min(admitted) >= self.takes_effect_on
        return self.for_newcomers if late else self.for_others

    def cases(self, facts: Iterable[Fact]) -> list[Fact]:
        """Return facts with the cases opened during the days put under the draft.

        A case whose step the draft does not have stays under the edition that it began under, as
        long as that one is there.
        """
        return [self._case(fact) if isinstance(fact.what, CaseOpened) else fact for fact in facts]

    def _case(self, fact: Fact) -> Fact:
        if fact.about_on < self.takes_effect_on or fact.what.step not in self._steps:
            return fact
        return replace(fact, what=replace(fact.what, edition=self.in_its_place.code))

    @cached_property
    def _steps(self) -> frozenset[str]:
        return frozenset(step.code for ladder in self.draft.ladders for step in ladder.steps)

    def successors(self, edition: str, what: What) -> dict[str, str]:
        """Return what each thing of an edition is called in the draft, for those that go on."""
        followed = continuity((*self.editions, self.in_its_place))
        parts = (
            part for e in self.editions if e.code == edition for part in getattr(e, LISTS[what])
        )
        places = (Place(edition, what, part.code) for part in parts)
        codes = ((p.code, followed.code_in(self.in_its_place.code, p)) for p in places)
        return {old: new for old, new in codes if new is not None}

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Return the code that each obligation of the draft had in the edition before it."""
        codes = [edition.code for edition in self.editions]
        before = self.in_its_place.replaces
        if not codes:
            return {}
        edition = before if before in codes else codes[-1]
        return {new: old for old, new in self.successors(edition, "obligation").items()}
