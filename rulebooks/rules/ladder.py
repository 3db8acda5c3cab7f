"""Ladders: the ordered consequences of a confirmed breach."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.breaches import OldMisses, Reset
from rulebooks.rules.due_process import LEAST_ANSWER_DAYS, CourtRemedy, Departure, Element
from rulebooks.rules.entry import OnEntry
from rulebooks.rules.schema import Clause, Code, Days, Part, Selection, Title, selects
from rulebooks.rules.terms import WEEKENDS, Anchor, Term, after

Standing = Literal["good", "warned", "suspended", "excluded"]
Count = Annotated[int, Field(ge=1, le=20, strict=True)]
Codes = Annotated[tuple[Code, ...], Field(min_length=1)]

# What makes the clocks of a ladder stand still.
Pause = Literal["appeal", "court_order", "agreement", "cancelled_cycle"]
# What ends a step by itself: nothing but a decision; that the member complied for the next period;
# that the failure which triggered it, or every failure of the case, was made good.
Cure = Literal["decision", "compliance", "triggering_failure", "every_failure"]


class LostRight(Part):
    """A right taken by a step: at once, or after a term whose last day is still the member's."""

    example: ClassVar[str] = "{right: certificate, after: {days: 30}}"

    right: Code
    after: Term | None = None

    def lost_on(self, begin: date, *, holidays: Container[date] = WEEKENDS) -> date:
        """Return the first day without the right, for a step that holds from ``begin``."""
        if self.after is None:
            return begin
        return after(begin, self.after, holidays=holidays) + timedelta(days=1)


class When(Part):
    """What brings a member to a step: so many misses running, or time in which nothing was cured.

    ``consecutive`` counts periods in which a rule of the ladder fired, cancelled ones left out.
    ``after`` is a term on whose last day the step is due, ``more_than`` one after which it is;
    they run from the step before, or for the first step from the breach. With ``anchor: due`` they
    run from the day on which what was missed had been due. ``cycles`` are periods, cancelled ones
    left out: the step is due when the last of them has closed.
    """

    example: ClassVar[str] = "{after: {months: 3}, anchor: actual}"

    consecutive: Count | None = None
    after: Term | None = None
    more_than: Term | None = None
    cycles: Count | None = None
    anchor: Anchor = "actual"

    @model_validator(mode="after")
    def one_way(self) -> When:
        """Refuse no trigger, several, and an anchor of nothing."""
        ways = ("consecutive", "after", "more_than", "cycles")
        given = [way for way in ways if getattr(self, way) is not None]
        if len(given) != 1:
            raise ValueError(f"say exactly one of {', '.join(ways)}")
        if self.anchor == "due" and self.term is None:
            raise ValueError(f"anchor: due belongs to after or more_than, not to {given[0]}")
        return self

    @property
    def term(self) -> Term | None:
        """Return the term that must pass, None where something is counted."""
        return self.after or self.more_than

    def due_on(self, anchor: date, *, holidays: Container[date] = WEEKENDS) -> date:
        """Return the day on which the step is due, for a term counted from ``anchor``."""
        end = after(anchor, self.term, holidays=holidays)
        return end + timedelta(days=1) if self.more_than else end


class Reinstatement(Part):
    """The way back from a step: what it needs, how long to wait, and a time of probation after it.

    With ``new_admission`` the organisation applies anew; with ``history_weighed`` whoever decides
    weighs what happened before: past breaches, cases and decisions are laid before staff and the
    body that is asked, and before nobody else. Until all is there a measure is not lifted.
    """

    example: ClassVar[str] = (
        "{needs: [cure_evidence, new_commitment], wait: {months: 12}, probation: {months: 6}, "
        'clause: "8.6"}'
    )

    needs: tuple[Literal["cure_evidence", "new_commitment", "new_admission"], ...] = ()
    wait: Term | None = None
    history_weighed: bool = False
    probation: Term | None = None
    clause: Clause


class Step(Part):
    """One consequence, and the way to it.

    ``when`` is what brings a member here; without it, that it falls short, or again. A step is a
    ``proposal``, put to the body ``decided_by`` on the day on which it is due, or ``automatic``:
    it then follows from its service, or, where the edition departs from serving anything, from
    the day alone. It holds from the decision, or from the day ``announced`` for sanctions of the
    period, if that is later.

    The notice ``serves`` reasons and evidence; then the member has ``answer_days`` days to
    answer, and is heard: ``oral`` before the body, or in ``written`` form by its answer. The
    decision is ``reasoned``. An appeal to ``appeal_to`` may be filed within ``appeal_days`` days
    of it, or a ``court_remedy`` sought; with ``appeal_suspends`` the measure rests from the day
    an appeal is filed until it is decided. It is ``published`` at once, once decided, or once
    final, that is when no appeal is open or can be filed any more.

    It ends as ``cure`` says. ``next`` is the step after it.
    """

    example: ClassVar[str] = (
        "{code: suspension, name: Suspension, standing: suspended, when: {after: {months: 3}}, "
        "serves: [reasons, evidence], answer_days: 30, hearing: written, decided_by: board, "
        "reasoned: true, rights_lost: [{right: vote}], appeal_to: appeals-panel, appeal_days: 30, "
        'appeal_suspends: true, published: once_final, next: exclusion, clause: "8.2"}'
    )

    code: Code
    name: Title
    standing: Standing
    when: When | None = None
    acts: Literal["proposal", "automatic"] = "proposal"
    holds_from: Literal["decision", "announced"] = "decision"
    serves: tuple[Literal["reasons", "evidence"], ...] = ()
    answer_days: Days
    hearing: Literal["oral", "written"] | None = None
    decided_by: Code
    reasoned: bool = False
    rights_lost: tuple[LostRight, ...] = ()
    on_entry: OnEntry = OnEntry()
    appeal_to: Code | None = None
    appeal_days: Days
    appeal_suspends: bool
    court_remedy: CourtRemedy | None = None
    published: Literal["at_once", "once_decided", "once_final"] = "at_once"
    cure: Cure = "decision"
    reinstatement: Reinstatement | None = None
    departs: Departure | None = None
    next: Code | None
    clause: Clause

    @property
    def by_itself(self) -> bool:
        """Return whether the step holds from its day alone: automatic, and nothing is served."""
        return self.acts == "automatic" and not self.serves

    @property
    def waits(self) -> bool:
        """Return whether time, or periods, must pass before the step is due."""
        return self.when is not None and self.when.consecutive is None

    @property
    def takes_rights(self) -> bool:
        """Return whether the step takes anything away, so that due process is owed."""
        taken = bool(self.rights_lost) or self.on_entry.listing == "hidden"
        return taken or self.standing in ("suspended", "excluded")

    def lacks(self) -> tuple[Element, ...]:
        """Return what the step lacks of due process, in the order of the procedure."""
        has: dict[Element, bool] = {
            "reasons": "reasons" in self.serves,
            "evidence": "evidence" in self.serves,
            "answer": self.answer_days >= LEAST_ANSWER_DAYS,
            "hearing": self.hearing is not None,
            "body": self.acts == "proposal",
            "reasoned_decision": self.reasoned,
            "appeal": self._can_be_appealed() or self.court_remedy is not None,
            "publication": self.published == "once_final",
        }
        return tuple(element for element, there in has.items() if not there)

    def _can_be_appealed(self) -> bool:
        return self.appeal_to not in (None, self.decided_by) and self.appeal_days > 0

    @property
    def departures(self) -> tuple[str, ...]:
        """Return what every notice under the step says that it leaves out."""
        return self.departs.in_words() if self.departs else ()


class Ladder(Part):
    """The steps, where a first case enters, and which breach rules lead here.

    A breach rule leads to one ladder: of several, each names its own rules. A step's code names
    one step of the whole edition. A serious case may enter at one of the steps ``serious_cases``
    names, with reasons. Clocks stand still on the grounds that ``pauses`` names. Where steps count
    misses, ``reset`` says what ends the count, and ``old_misses`` whether those without
    consequences, imported or not yet enforced, count towards a step that a later one leads to.
    """

    example: ClassVar[str] = (
        "{code: fees, name: Unpaid fees, start: reminder, steps: [{code: reminder, name: "
        "Reminder, standing: warned, answer_days: 30, decided_by: board, appeal_days: 0, "
        'appeal_suspends: false, next: null, clause: "8.1"}], breaches: [fee-unpaid], clause: "8"}'
    )

    code: Code
    name: Title
    start: Code
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    breaches: Selection = "all"
    serious_cases: tuple[Code, ...] = ()
    pauses: tuple[Pause, ...] = ()
    reset: Reset = "compliance"
    old_misses: OldMisses = "do_not_count"
    clause: Clause

    def step(self, code: str) -> Step:
        """Return the step called ``code``.

        :raises KeyError: there is no such step.
        """
        return {step.code: step for step in self.steps}[code]

    def leads_here(self, rule: str) -> bool:
        """Return whether a breach of ``rule`` leads to this ladder."""
        return selects(self.breaches, rule)

    @property
    def counts(self) -> bool:
        """Return whether steps count misses, rather than follow one another."""
        return any(step.when and step.when.consecutive for step in self.steps)

    @property
    def waits(self) -> bool:
        """Return whether time must pass before the first step is put to people."""
        first = self.step(self.start)
        return first.waits and not first.by_itself

    def counted_step(self, misses: int) -> Step | None:
        """Return the step for so many misses running: the one with the highest count reached."""
        reached = [s for s in self.steps if s.when and (s.when.consecutive or misses + 1) <= misses]
        return max(reached, key=lambda step: step.when.consecutive, default=None)
